import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { KEY_FILES } from '../../artifact/file-names.ts';
import { listBundles, PRIVATE_FOLDER } from '../../bundle/batch-names.ts';
import { commandLine } from '../../text/command-line.ts';
import { defaultArtifact } from '../default-artifact.ts';
import { YOUR_DATA } from '../next-step.ts';
import { type FoundPath, findPath } from './found-path.ts';

/** What to do about something else at a path than a command reads, from what is there and around it. */
export type PathFix = (found: FoundPath, place: string) => Promise<string>;

export const aModelFile: PathFix = async (found) =>
  found === 'artifact'
    ? 'Pass the model file that it was compiled from'
    : 'Pass a .onnx file, or the model.json of a TensorFlow.js model';

export const anArtifact: PathFix = async (found, place) => {
  const folder = path.dirname(place);
  if (found !== 'model' && (await findPath(folder)) === 'artifact') return `Pass its folder: ${folder}`;
  if (found === 'model') {
    const made = await defaultArtifact(place);
    if ((await findPath(made)) === 'artifact') return `Pass its artifact: ${made}`;
    return `Compile it first: ${commandLine(['compile', place, '--calibration', YOUR_DATA])}`;
  }
  const inside = found === 'folder' ? await firstIn(place, 'artifact') : undefined;
  if (inside !== undefined) return `Pass an artifact in it, such as ${inside}`;
  const other = await firstIn('artifacts', 'artifact');
  return `Pass the folder that quietproof compile wrote${other === undefined ? '' : `, such as ${other}`}`;
};

/** A proof names its own model, so taking the expected model from it would accept every proof. */
export const pinnedModel: PathFix = async (found, place) =>
  found === 'bundle' || found === 'receipt'
    ? 'A proof cannot say which model you expect: pass the model id that its producer published'
    : anArtifact(found, place);

export const aBundle: PathFix = async (found, place) => {
  if (found === 'receipt') return 'Pass the *.proof.json that the receipt was made from';
  const bundles = found === 'proofs' ? await listBundles(place) : [];
  return bundles[0] === undefined ? provedRows(found, place) : `Pass a bundle in it, such as ${bundles[0]}`;
};

export const provedRows: PathFix = async (found, place) => {
  if (found === 'artifact') {
    return `Prove rows first: ${commandLine(['prove', place, '--inputs', YOUR_DATA, '--out', 'proofs'])}`;
  }
  if (found === 'opening') {
    const bundle = bundleOfOpening(place);
    const passed = (await findPath(bundle)) === 'bundle' ? bundle : 'its *.proof.json';
    return `Pass ${passed}, and this file with --opening`;
  }
  return 'Pass a *.proof.json file, or the folder that quietproof prove wrote';
};

export const aDataFile: PathFix = async (found, place) => {
  const isFolder = found === 'folder' || found === 'model' || found === 'artifact' || found === 'proofs';
  const inside = isFolder ? await firstIn(place, 'data') : undefined;
  const such = inside === undefined ? '' : `, such as ${inside}`;
  return `Pass a .json, .npy or .csv file with one row for each input of the model${such}`;
};

export const itsOpening: PathFix = async (found, place) => {
  const name = path.basename(place).replace(/\.proof\.json$/, '.opening.json');
  const opening = path.join(path.dirname(place), PRIVATE_FOLDER, name);
  if (found === 'bundle' && (await findPath(opening)) === 'opening') return `Pass ${opening}`;
  return `Pass <out>/${PRIVATE_FOLDER}/<row>.opening.json, which its prover has`;
};

export const aKeyFile: PathFix = async (found, place) => {
  const key = path.join(place, KEY_FILES.zkey);
  const isThere = found === 'artifact' && (await findPath(key)) === 'zkey';
  return isThere ? `Pass ${key}` : 'Pass a .zkey file';
};

/** `proofs/private/000003.opening.json` → `proofs/000003.proof.json`. */
function bundleOfOpening(opening: string): string {
  const name = path.basename(opening).replace(/\.opening\.json$/, '.proof.json');
  return path.join(path.dirname(path.dirname(opening)), name);
}

/** Folders with more entries are not searched. */
const MAX_ENTRIES = 200;

/** The first entry of a folder, by name, that is of a kind. */
async function firstIn(folder: string, kind: FoundPath): Promise<string | undefined> {
  const names = (await readdir(folder).catch(() => [])).sort().slice(0, MAX_ENTRIES);
  for (const name of names) {
    const entry = path.join(folder, name);
    if ((await findPath(entry)) === kind) return entry;
  }
  return undefined;
}
