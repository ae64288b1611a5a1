import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyModelRecord,
  canonicalVerificationKey,
  fileJson,
  parseAnyInterface,
  parseAnyModelRecord,
  Refusal,
  readingOf,
  TAGS,
  type VerificationKeyJson,
} from '@quietproof/verify';
import type { RowSpec } from '../data/data-set.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ArtifactManifest, QuantizationRecord } from './artifact-manifest.ts';
import { ARTIFACT, KEY_FILES } from './file-names.ts';
import { rowSpecOf } from './row-spec.ts';

/** An artifact that is ready to prove: compiled, set up and unchanged since. */
export interface ProvableArtifact {
  /** Of the artifact's own version. */
  readonly model: AnyModelRecord;
  /** Which features have only the values that they are encoded with; missing in artifacts of 0.1. */
  readonly grid?: QuantizationRecord['grid'];
  /** Size of the proving key, circuit.zkey. */
  readonly zkeyBytes: number;
}

/**
 * Opens an artifact and compares its files with the digests in its manifest. The manifest has no digest of the proving
 * key, and needs none: every proof is verified before it is written, so a damaged key cannot go unnoticed.
 *
 * @throws QP6101 it needs a contribution; QP6102 it has no key; QP6103 a file was changed; QP6104 it is not an artifact
 */
export async function openProvableArtifact(artifactDir: string): Promise<ProvableArtifact> {
  const read = (name: string) => readIfPresent(path.join(artifactDir, name));
  const [manifest, setup, record] = await Promise.all(
    [ARTIFACT.manifest, KEY_FILES.setup, KEY_FILES.model].map(read),
  );
  if (manifest === undefined) throw notAnArtifact(artifactDir);
  requireReady(artifactDir, setup);
  if (record === undefined) throw changed(artifactDir, KEY_FILES.model, 'it is missing');
  const model = unlessRefused(artifactDir, KEY_FILES.model, () => parseAnyModelRecord(record));
  const own = parseJson<ArtifactManifest>(artifactDir, ARTIFACT.manifest, manifest);
  await requireUnchanged(artifactDir, own, model);
  const { grid } = own.quantization;
  const zkeyBytes = (await stat(path.join(artifactDir, KEY_FILES.zkey))).size;
  return { model, zkeyBytes, ...(grid !== undefined && { grid }) };
}

/**
 * The form of a data row for an artifact: how many numbers, the shape in which they may be nested, and their names.
 *
 * @throws QP6104 if the folder is not an artifact
 */
export async function artifactInput(artifactDir: string): Promise<RowSpec> {
  const text = await readIfPresent(path.join(artifactDir, ARTIFACT.interface));
  if (text === undefined) throw notAnArtifact(artifactDir);
  const { input } = unlessRefused(artifactDir, ARTIFACT.interface, () => readingOf(parseAnyInterface(text)));
  return rowSpecOf(input);
}

function notAnArtifact(artifactDir: string): QuietproofError {
  const fix = 'Pass the folder that `quietproof compile` wrote, e.g. artifacts/digits-mlp';
  return new QuietproofError('QP6104', { where: artifactDir, fix });
}

function requireReady(artifactDir: string, setup: string | undefined): void {
  const where = artifactDir;
  if (setup === undefined) {
    const fix = `Run \`quietproof setup ${artifactDir} --dev\` (or --ptau for production)`;
    throw new QuietproofError('QP6102', { where, fix });
  }
  const { state } = parseJson<{ readonly state?: unknown }>(artifactDir, KEY_FILES.setup, setup);
  if (state === 'ready') return;
  const fix = `Run \`quietproof contribute ${artifactDir}\`, or have somebody else contribute to its key`;
  throw new QuietproofError('QP6101', { where, fix });
}

function unlessRefused<T>(artifactDir: string, name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw changed(artifactDir, name, error.message);
    throw error;
  }
}

/** Compares the record that verifiers read with the artifact, and the artifact's files with its list of digests. */
async function requireUnchanged(
  artifactDir: string,
  artifact: ArtifactManifest,
  model: AnyModelRecord,
): Promise<void> {
  const same = (a: unknown, b: unknown) => fileJson(a) === fileJson(b);
  const own = (name: string) => path.join(artifactDir, name);
  // `setup` adds its date to the claims of the record. The manifest has no date: compiling again gives the same bytes.
  const date = model.manifest.claims?.date;
  const dated = {
    ...artifact.manifest,
    claims: { ...artifact.manifest.claims, ...(date !== undefined && { date }) },
  };
  const recorded = { ...model.manifest, claims: { ...model.manifest.claims } };
  if (!same(dated, recorded)) throw changed(artifactDir, ARTIFACT.manifest);
  for (const [name, digest] of Object.entries(artifact.files)) {
    if ((await digestOf(own(name))) !== digest) throw changed(artifactDir, name);
  }
  if ((await digestOf(own(ARTIFACT.r1cs), TAGS.circuit)) !== model.ids.circuitId) {
    throw changed(artifactDir, ARTIFACT.r1cs);
  }
  const parts = { [ARTIFACT.interface]: model.interface, ...qualityOf(model) };
  for (const [name, part] of Object.entries(parts)) {
    const found = parseJson(artifactDir, name, await readIfPresent(own(name)));
    if (!same(found, part)) throw changed(artifactDir, name);
  }
  const key = parseJson<VerificationKeyJson>(
    artifactDir,
    KEY_FILES.verificationKey,
    await readIfPresent(own(KEY_FILES.verificationKey)),
  );
  if (!same(canonicalVerificationKey(key), model.verificationKey))
    throw changed(artifactDir, KEY_FILES.verificationKey);
}

function qualityOf(model: AnyModelRecord): Readonly<Record<string, unknown>> {
  return model.version === 'quietproof/model/v1' ? {} : { [ARTIFACT.quality]: model.quality };
}

function parseJson<T>(artifactDir: string, name: string, text: string | undefined): T {
  if (text === undefined) throw changed(artifactDir, name, 'it is missing');
  try {
    return JSON.parse(text) as T;
  } catch {
    throw changed(artifactDir, name, 'it is not JSON');
  }
}

async function digestOf(file: string, tag = ''): Promise<string | undefined> {
  const hash = createHash('sha256').update(tag);
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
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
