import path from 'node:path';
import {
  type AnyBundle,
  type AnyModelRecord,
  bundleInReceipt,
  fileJson,
  isReceipt,
  parseAnyBundle,
  parseAnyModelRecord,
  Refusal,
} from '@quietproof/verify';
import { BUNDLE_SUFFIX, type FoundFile, findBundles } from '@quietproof/verify/command/find-bundles';
import { readFound, readNamed } from '@quietproof/verify/command/read-source';
import { type ReplaceOptions, refuseOverwritingInput, refuseReplacing } from '../data/refuse-replacing.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { makeFolder, writeDurably } from '../store/durable-file.ts';
import { bundleText, packBundle } from './assemble-bundle.ts';
import { MODEL_FILE, PACKED_SUFFIX } from './batch-names.ts';

export interface PackOptions extends ReplaceOptions {
  /** A file for one bundle that was named; a folder for several. Default for one: beside it, `<name>.packed.json`. */
  readonly out?: string;
  /** The model.json, if it is not beside the bundles. */
  readonly companion?: string;
  readonly recursive?: boolean;
}

export interface PackedFile {
  readonly file: string;
  readonly from: string;
  /** The bundle had its record already, and was copied. */
  readonly wasPacked: boolean;
}

/**
 * Makes bundles self-contained: each gets the model record that its statement names. Proofs are not checked.
 *
 * @throws QP7101 if there is no model.json; QP7902 if it is of another model; QP1001, QP1004, QP1005 about the output; a
 * Refusal if a file is not a bundle
 */
export async function packFiles(paths: readonly string[], options: PackOptions = {}): Promise<PackedFile[]> {
  const files = await findBundles(paths, options);
  const targetOf = await targets(files, options);
  const companion = options.companion === undefined ? undefined : await readRecord(options.companion);
  const packed: PackedFile[] = [];
  for (const found of files) {
    const file = targetOf(found.file);
    await refuseOverwritingInput(file, [found.file, path.join(path.dirname(found.file), MODEL_FILE)]);
    await refuseReplacing([file], options);
    const bundle = await readBundle(found);
    await writeDurably(file, bundleText(await packedBundle(bundle, found.file, companion)));
    packed.push({ file, from: found.file, wasPacked: bundle.model !== undefined });
  }
  return packed;
}

/** The text of a bundle with its record, which for a thin bundle is in the model.json beside it. */
export async function packedText(file: string): Promise<string> {
  const bundle = await readBundle({ file, named: true });
  return bundleText(await packedBundle(bundle, file));
}

export interface UnpackedFiles {
  /** The record that the bundles share. */
  readonly model: string;
  readonly bundles: readonly string[];
}

/**
 * Takes bundles apart into thin ones and one model.json, as `prove` writes them. Proofs are not checked.
 *
 * @param out folder; a model.json in it must be the same record
 * @throws QP7015 if a bundle is thin; QP7902 if bundles have different records; QP1004; a Refusal if a file is no bundle
 */
export async function unpackFiles(
  paths: readonly string[],
  out: string,
  options: ReplaceOptions & Pick<PackOptions, 'recursive'> = {},
): Promise<UnpackedFiles> {
  const files = await findBundles(paths, options);
  const model = path.join(out, MODEL_FILE);
  await makeFolder(out);
  const bundles: string[] = [];
  for (const found of files) {
    const { model: record, ...thin } = await readBundle(found);
    if (record === undefined) throw new QuietproofError('QP7015', { where: found.file });
    await keepRecord(model, fileJson(record), found.file);
    const file = path.join(out, `${stem(found.file)}${BUNDLE_SUFFIX}`);
    await refuseOverwritingInput(file, [found.file]);
    await refuseReplacing([file], options);
    await writeDurably(file, bundleText(thin as AnyBundle));
    bundles.push(file);
  }
  return { model, bundles };
}

async function keepRecord(file: string, text: string, from: string): Promise<void> {
  const there = await readFound(file);
  if (there instanceof Refusal) {
    await writeDurably(file, text);
    return;
  }
  if (new TextDecoder().decode(there) === text) return;
  throw new QuietproofError('QP7902', {
    what: `${MODEL_FILE} in the output folder is not the record of this bundle`,
    where: from,
    fix: 'Unpack the bundles of each model into a folder of its own',
  });
}

/** Where each packed bundle goes. */
async function targets(files: readonly FoundFile[], { out }: PackOptions): Promise<(file: string) => string> {
  const [only] = files;
  const single = files.length === 1 && only?.named === true;
  if (single) return (file) => out ?? path.join(path.dirname(file), `${stem(file)}${PACKED_SUFFIX}`);
  if (out === undefined) {
    throw new QuietproofError('QP1001', {
      what: `${files.length} bundles need a folder to be packed into`,
      fix: 'Name it with --out',
    });
  }
  await makeFolder(out);
  return (file) => path.join(out, `${stem(file)}${BUNDLE_SUFFIX}`);
}

/** `000003` for `proofs/000003.proof.json` and `000003.packed.json`. */
function stem(file: string): string {
  return path.basename(file).replace(/(\.proof|\.packed)?\.json$|(\.receipt)?\.html$/, '');
}

async function readBundle({ file, named, refused }: FoundFile): Promise<AnyBundle> {
  const source = refused ?? (named ? await readNamed(file) : await readFound(file));
  if (source instanceof Refusal) throw source;
  return parseAnyBundle(isReceipt(source) ? bundleInReceipt(source) : source);
}

async function packedBundle(bundle: AnyBundle, file: string, companion?: AnyModelRecord): Promise<AnyBundle> {
  if (bundle.model !== undefined) return bundle;
  return packBundle(bundle, companion ?? (await recordBeside(file)));
}

async function recordBeside(file: string): Promise<AnyModelRecord> {
  const beside = path.join(path.dirname(file), MODEL_FILE);
  const source = await readFound(beside);
  if (!(source instanceof Refusal)) return parseAnyModelRecord(source);
  const fix = `Put its ${MODEL_FILE} beside it, as quietproof prove does, or name it with --companion`;
  throw new QuietproofError('QP7101', { where: file, fix, cause: source });
}

async function readRecord(file: string): Promise<AnyModelRecord> {
  return parseAnyModelRecord(await readNamed(file));
}
