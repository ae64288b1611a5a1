import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyModelRecord,
  fileJson,
  modelIds,
  modelIdsV2,
  parseAnyInterface,
  parseAnyModelRecord,
  parseQuality,
  readingOf,
  TAGS,
} from '@quietproof/verify';
import type { RowSpec } from '../data/data-set.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { knownDigest } from '../store/known-digest.ts';
import { settleFolder } from '../store/staged-files.ts';
import { readArtifactFile, unlessRefused } from './artifact-file.ts';
import type { ArtifactManifest, QuantizationRecord } from './artifact-manifest.ts';
import { ARTIFACT, KEY_FILES } from './file-names.ts';
import { parseArtifactManifest } from './read-manifest.ts';
import { parseVerificationKey } from './read-verification-key.ts';
import { rowSpecOf } from './row-spec.ts';
import { parseSetupFile, recordedSetup, type SetupFile } from './setup-file.ts';

/** An artifact that is ready to prove: compiled, set up and unchanged since. */
export interface ProvableArtifact {
  /** Of the artifact's own version. */
  readonly model: AnyModelRecord;
  /** Which features have only the values that they are encoded with; missing in artifacts of 0.1. */
  readonly grid?: QuantizationRecord['grid'];
  /** Size of the proving key, circuit.zkey. */
  readonly zkeyBytes: number;
}

export interface OpenOptions {
  /** Hash every file, whatever the user's cache says of it. */
  readonly paranoid?: boolean;
}

/**
 * Opens an artifact and compares its files with the digests in its manifest. The manifest has no digest of the proving
 * key, and needs none: every proof is verified before it is written, so a damaged key cannot go unnoticed.
 *
 * That is also why a digest may come from the user's cache. Somebody who changes a file of the artifact, and could make
 * the system show it as unchanged, gains what a damaged file gives: a proof that does not verify under the artifact's
 * verification key, and is not written. What a proof is compared with (model.json, interface, verification key) is read
 * and compared in full each time.
 *
 * @throws QP6101 it needs a contribution; QP6102 it has no key; QP6103 a file was changed; QP6104 it is not an artifact;
 *   QP4601 to QP4603, QP5035 a file is damaged
 */
export async function openProvableArtifact(
  artifactDir: string,
  { paranoid = false }: OpenOptions = {},
): Promise<ProvableArtifact> {
  await settleFolder(artifactDir);
  const [manifest, setup, record, zkey] = await Promise.all([
    readArtifactFile(artifactDir, ARTIFACT.manifest),
    readArtifactFile(artifactDir, KEY_FILES.setup),
    readArtifactFile(artifactDir, KEY_FILES.model),
    stat(path.join(artifactDir, KEY_FILES.zkey)).catch(() => undefined),
  ]);
  if (manifest === undefined) throw notAnArtifact(artifactDir);
  const setupFile = await requireReady(artifactDir, setup);
  if (record === undefined) throw changed(artifactDir, KEY_FILES.model, 'it is missing');
  if (zkey === undefined) throw changed(artifactDir, KEY_FILES.zkey, 'it is missing');
  const model = unlessRefused(KEY_FILES.model, () => parseAnyModelRecord(record));
  if (!same(recordedSetup(setupFile.record, model.version), model.setup)) {
    throw changed(artifactDir, KEY_FILES.setup, `${KEY_FILES.model} has another setup`);
  }
  const own = parseArtifactManifest(manifest);
  requireSameVersion(artifactDir, own, model);
  await requireUnchanged(artifactDir, own, model, paranoid);
  requireOwnIds(artifactDir, model);
  const { grid } = own.quantization;
  return { model, zkeyBytes: zkey.size, ...(grid !== undefined && { grid }) };
}

/**
 * The form of a data row for an artifact: how many numbers, the shape in which they may be nested, and their names.
 *
 * @throws QP6104 if the folder is not an artifact; QP4601 to QP4603 if its interface is damaged
 */
export async function artifactInput(artifactDir: string): Promise<RowSpec> {
  await settleFolder(artifactDir);
  const bytes = await readArtifactFile(artifactDir, ARTIFACT.interface);
  if (bytes === undefined) throw notAnArtifact(artifactDir);
  const { input } = unlessRefused(ARTIFACT.interface, () => readingOf(parseAnyInterface(bytes)));
  return rowSpecOf(input);
}

/** QP6104 */
export function notAnArtifact(artifactDir: string): QuietproofError {
  const fix = 'Pass the folder that `quietproof compile` wrote, e.g. artifacts/digits-mlp';
  return new QuietproofError('QP6104', { where: artifactDir, fix });
}

async function requireReady(artifactDir: string, setup: Buffer | undefined): Promise<SetupFile> {
  const file = setup === undefined ? undefined : parseSetupFile(setup);
  if (file?.state === 'ready') return file;
  // Only here: `prove` starts from few files.
  const { notReady } = await import('./not-ready.ts');
  throw notReady(artifactDir, file?.record);
}

/** Compares the record that verifiers read with the artifact, and the artifact's files with its list of digests. */
async function requireUnchanged(
  artifactDir: string,
  artifact: ArtifactManifest,
  model: AnyModelRecord,
  paranoid: boolean,
): Promise<void> {
  requireSameManifest(artifactDir, artifact, model);
  for (const [name, digest] of Object.entries(artifact.files)) {
    if ((await digestOf(path.join(artifactDir, name), paranoid)) !== digest) throw changed(artifactDir, name);
  }
  if (
    (await digestOf(path.join(artifactDir, ARTIFACT.r1cs), paranoid, TAGS.circuit)) !== model.ids.circuitId
  ) {
    throw changed(artifactDir, ARTIFACT.r1cs);
  }
  const parts = [
    { name: ARTIFACT.interface, parse: parseAnyInterface, recorded: model.interface },
    ...(model.version === 'quietproof/model/v1'
      ? []
      : [{ name: ARTIFACT.quality, parse: parseQuality, recorded: model.quality }]),
    { name: KEY_FILES.verificationKey, parse: parseVerificationKey, recorded: model.verificationKey },
  ];
  for (const { name, parse, recorded } of parts) {
    const bytes = await readArtifactFile(artifactDir, name);
    if (bytes === undefined) throw changed(artifactDir, name, 'it is missing');
    const found = unlessRefused(name, () => parse(bytes));
    if (!same(found, recorded)) throw changed(artifactDir, name, `${KEY_FILES.model} has another one`);
  }
}

/** Compiling again into an artifact of 0.1 keeps its key, whose record then describes the model as it was. */
function requireSameVersion(where: string, { manifest }: ArtifactManifest, model: AnyModelRecord): void {
  if (manifest.version === model.manifest.version) return;
  throw new QuietproofError('QP6103', {
    what: `${KEY_FILES.model} is of another version than ${ARTIFACT.manifest}: the model was compiled again after its key was made`,
    where,
    fix: 'Run `quietproof setup` again with --force: the old key is kept, and the model gets a new id',
  });
}

/** Verifiers refuse a record whose ids are not those of its parts, and so every proof that names them. */
function requireOwnIds(artifactDir: string, model: AnyModelRecord): void {
  const ids = model.version === 'quietproof/model/v1' ? modelIds(model) : modelIdsV2(model);
  if (!same(ids, model.ids)) {
    throw changed(artifactDir, KEY_FILES.model, 'its ids are not those of its parts');
  }
}

/** `setup` adds its date to the claims of the record. The manifest has no date: compiling again gives the same bytes. */
function requireSameManifest(artifactDir: string, artifact: ArtifactManifest, model: AnyModelRecord): void {
  const date = model.manifest.claims?.date;
  const dated = {
    ...artifact.manifest,
    claims: { ...artifact.manifest.claims, ...(date !== undefined && { date }) },
  };
  const recorded = { ...model.manifest, claims: { ...model.manifest.claims } };
  if (!same(dated, recorded)) {
    throw changed(artifactDir, ARTIFACT.manifest, `${KEY_FILES.model} has another one`);
  }
}

function same(a: unknown, b: unknown): boolean {
  return fileJson(a) === fileJson(b);
}

/** @returns undefined if there is no such file */
async function digestOf(file: string, paranoid: boolean, tag = ''): Promise<string | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new QuietproofError('QP4603', { where: file }); // opening a pipe would wait
  const handle = await open(file);
  try {
    const hashed = async () => {
      const hash = createHash('sha256').update(tag);
      for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk);
      return hash.digest('hex');
    };
    return await (paranoid ? hashed() : knownDigest(handle, tag, hashed));
  } finally {
    await handle.close();
  }
}

function changed(
  artifactDir: string,
  name: string,
  why = 'its digest is not the one in the manifest',
): QuietproofError {
  return new QuietproofError('QP6103', {
    what: `${name} was changed since it was made: ${why}`,
    where: artifactDir,
    fix: 'Run `quietproof compile` and `quietproof setup` again',
  });
}
