import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  canonicalVerificationKey,
  fileJson,
  type ModelRecord,
  parseModelRecord,
  Refusal,
  TAGS,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readShared } from './shared-file.ts';

/** An artifact that can prove: compiled, set up, and as it was written. */
export interface ProvableArtifact {
  readonly model: ModelRecord;
  /** The proving key, in memory that threads share. */
  readonly zkey: SharedArrayBuffer;
}

/**
 * Opens an artifact and compares its files with the digests in its manifest. The proving key and the witness plan
 * have none there: every proof is checked before it is written, so a damaged one cannot go unnoticed.
 *
 * @throws QP6101 it awaits a contribution; QP6102 it has no key; QP6103 a file was changed; QP6104 it is no artifact
 */
export async function openProvableArtifact(artifactDir: string): Promise<ProvableArtifact> {
  const read = (name: string) => readIfThere(path.join(artifactDir, name));
  const [manifest, setup, record] = await Promise.all(
    ['manifest.json', 'setup.json', 'model.json'].map(read),
  );
  if (manifest === undefined) {
    const fix = 'Pass the folder that `quietproof compile` wrote, e.g. artifacts/digits-mlp';
    throw new QuietproofError('QP6104', { where: artifactDir, fix });
  }
  requireReady(artifactDir, setup);
  if (record === undefined) throw changed(artifactDir, 'model.json', 'it is missing');
  const model = parseRecord(artifactDir, record);
  if (manifest !== fileJson(model.manifest)) throw changed(artifactDir, 'manifest.json');
  await requireUnchanged(artifactDir, model);
  return { model, zkey: await readShared(path.join(artifactDir, 'circuit.zkey')) };
}

function requireReady(artifactDir: string, setup: string | undefined): void {
  const where = artifactDir;
  if (setup === undefined) {
    const fix = `Run \`quietproof setup ${artifactDir} --dev\` (or --ptau for production)`;
    throw new QuietproofError('QP6102', { where, fix });
  }
  const { state } = JSON.parse(setup) as { readonly state?: unknown };
  if (state === 'ready') return;
  const fix = `Run \`quietproof contribute ${artifactDir}\`, or have somebody else contribute to its key`;
  throw new QuietproofError('QP6101', { where, fix });
}

function parseRecord(artifactDir: string, text: string): ModelRecord {
  try {
    return parseModelRecord(text);
  } catch (error) {
    if (error instanceof Refusal) throw changed(artifactDir, 'model.json', error.message);
    throw error;
  }
}

async function requireUnchanged(artifactDir: string, model: ModelRecord): Promise<void> {
  const { chain, bounds } = model.manifest;
  const expected: readonly (readonly [name: string, digest: string, tag?: string])[] = [
    ['integer-graph.json', chain.integerGraph],
    ['circuit.circom', chain.circom],
    ['circuit.r1cs', chain.circuit, TAGS.circuit],
    ['bounds.json', bounds],
  ];
  for (const [name, digest, tag] of expected) {
    if ((await digestOf(path.join(artifactDir, name), tag)) !== digest) throw changed(artifactDir, name);
  }
  const key = JSON.parse(await readFile(path.join(artifactDir, 'verification-key.json'), 'utf8'));
  if (fileJson(canonicalVerificationKey(key)) !== fileJson(model.verificationKey)) {
    throw changed(artifactDir, 'verification-key.json');
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

async function readIfThere(file: string): Promise<string | undefined> {
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
