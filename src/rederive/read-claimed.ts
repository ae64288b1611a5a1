import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyInterface,
  type AnyModelRecord,
  fileJson,
  parseAnyBundle,
  parseAnyModelRecord,
  parseJson,
  parseQuality,
  prepareModel,
  type Quality,
  Refusal,
  readAnyInterface,
  type Verdict,
  verifyBundle,
} from '@quietproof/verify';
import { type ArtifactFileName, readArtifactFile, unlessRefused } from '../artifact/artifact-file.ts';
import type { ArtifactManifest } from '../artifact/artifact-manifest.ts';
import { ARTIFACT, KEY_FILES } from '../artifact/file-names.ts';
import { parseArtifactManifest } from '../artifact/read-manifest.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { settleFolder } from '../store/staged-files.ts';
import type { Link } from './rederivation.ts';

/** The claims about a model in an artifact, a model.json, or a bundle with its model.json inside or next to it. */
export interface Claimed {
  readonly manifest: AnyModelRecord['manifest'];
  readonly modelInterface: AnyInterface;
  /** The text of interface.json or, for a record, the canonical form of its interface. */
  readonly interfaceText: string;
  /** Only for an artifact: with scales and shifts. */
  readonly artifact?: ArtifactManifest;
  /** Only if there is a key. */
  readonly record?: AnyModelRecord;
  /** The producer's claim about accuracy; version 1 has none. */
  readonly quality?: Quality;
  /** Only for a bundle. */
  readonly verdict?: Verdict;
}

/** @throws QuietproofError QP4503 if `target` makes no claims; Refusal QP7001 to QP7010 */
export async function readClaimed(target: string): Promise<Claimed> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw new QuietproofError('QP4503', { where: path.basename(target), cause });
    },
  );
  return isFolder ? readFolder(target) : readModelOrBundle(target);
}

/**
 * Checks that the claims are consistent. Otherwise a record could contain a verification key and the id of another one,
 * or a bundle could be next to the model.json of another model.
 */
export function selfLinks({ record, verdict }: Claimed): Link[] {
  const links: Link[] = [];
  if (record !== undefined) links.push(recordIds(record));
  if (verdict !== undefined) {
    const failed = verdict.checks.find(({ status }) => status === 'fail');
    const what = failed === undefined ? 'its proof verifies' : `${failed.code} ${failed.detail}`;
    links.push({ link: 'bundle', status: verdict.valid ? 'same' : 'differs', what });
  }
  return links;
}

/** Checks that the record, with which proofs are checked, is of this artifact and not of another. */
export function recordLinks({ manifest, modelInterface, record, quality }: Claimed): Link[] {
  if (record === undefined) return [];
  const differs = (what: string): Link[] => [{ link: 'model record', status: 'differs', what }];
  if (undated(record.manifest) !== undated(manifest)) {
    return differs('the manifest in model.json differs from manifest.json');
  }
  if (fileJson(record.interface) !== fileJson(modelInterface)) {
    return differs('the interface in model.json differs from interface.json');
  }
  if (record.version === 'quietproof/model/v2' && fileJson(record.quality) !== fileJson(quality ?? {})) {
    return differs('model.json has another quality than quality.json');
  }
  return [];
}

function recordIds(record: AnyModelRecord): Link {
  try {
    const { ids } = prepareModel(fileJson(record));
    return { link: 'model record', status: 'same', what: ids.modelId };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { link: 'model record', status: 'differs', what: `${error.code} ${error.what}` };
  }
}

/** Without the date, which is added only with the key. */
function undated(manifest: AnyModelRecord['manifest']): string {
  const { date, ...claims } = manifest.claims ?? {};
  return fileJson({ ...manifest, claims });
}

async function readFolder(folder: string): Promise<Claimed> {
  await settleFolder(folder);
  const read = (name: ArtifactFileName) => readArtifactFile(folder, name);
  const [manifestText, interfaceText, recordText, qualityText] = await Promise.all([
    read(ARTIFACT.manifest),
    read(ARTIFACT.interface),
    read(KEY_FILES.model),
    read(ARTIFACT.quality),
  ]);
  const record = recordText === undefined ? undefined : parseAnyModelRecord(recordText);
  if (manifestText === undefined || interfaceText === undefined) {
    if (record === undefined) throw new QuietproofError('QP4503', { where: path.basename(folder) });
    return claimOf(record);
  }
  const artifact = parseArtifactManifest(manifestText);
  const text = interfaceText.toString('utf8');
  // Strict, but in any form: whether it is written canonically is a link of its own.
  const modelInterface = unlessRefused(ARTIFACT.interface, () =>
    readAnyInterface(parseJson(interfaceText), ''),
  );
  return {
    manifest: artifact.manifest,
    modelInterface,
    interfaceText: text,
    artifact,
    ...(qualityText !== undefined && { quality: parseQuality(qualityText) }),
    ...(record !== undefined && { record }),
  };
}

function claimOf(record: AnyModelRecord): Claimed {
  return {
    manifest: record.manifest,
    modelInterface: record.interface,
    interfaceText: fileJson(record.interface),
    record,
    ...(record.version === 'quietproof/model/v2' && { quality: record.quality }),
  };
}

/** A model.json, or a bundle with its model.json inside or next to it. */
async function readModelOrBundle(file: string): Promise<Claimed> {
  const bytes = await readFile(file);
  const isModel = path.basename(file) === KEY_FILES.model;
  const bundled = isModel ? parseAnyModelRecord(bytes) : parseAnyBundle(bytes).model;
  const companion =
    bundled === undefined ? await readFile(path.join(path.dirname(file), KEY_FILES.model)) : undefined;
  const record = bundled ?? parseAnyModelRecord(companion!);
  const claimed = claimOf(record);
  if (isModel) return claimed;
  return { ...claimed, verdict: verifyBundle(bytes, companion === undefined ? {} : { companion }) };
}
