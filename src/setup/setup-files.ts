import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { circuitId, type DevelopmentSetup, type SetupV2, type VerificationKeyJson } from '@quietproof/verify';
import { z } from 'zod';
import { ARTIFACT, KEY_FILES } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';
import { type R1cs, readR1cs } from '../formats/r1cs.ts';
import { type KeyState, stateOf } from '../key/check-key.ts';
import { removeTemporaries, writeDurably } from '../store/durable-file.ts';
import { keepKey } from './keep-key.ts';

/** A key as the contents of its files. */
export interface KeyFiles {
  /** A .zkey file. */
  readonly zkey: Uint8Array;
  /**
   * Points that save the native prover two of its six transforms, with the digest of the key. Computing them takes
   * an instant from the key's secrets, and minutes from the key.
   */
  readonly fold?: Uint8Array;
}

/** Files derived from one key, stale once it changes. The native prover writes the last one when it needs it. */
const DERIVED = [KEY_FILES.model, KEY_FILES.fold, KEY_FILES.proverCache];

/** Content of setup.json. */
export interface SetupFile {
  readonly state: KeyState;
  /** The form of version 2, whatever the artifact's version. */
  readonly record: SetupV2;
}

const contribution = z.strictObject({
  name: z.string(),
  hash: z.string().regex(/^[0-9a-f]{128}$/),
  kind: z.enum(['contribution', 'beacon']),
});

const ceremony = z.strictObject({
  kind: z.literal('ceremony'),
  ptau: z.strictObject({ blake2b: z.string().regex(/^[0-9a-f]{128}$/), name: z.string() }).exactOptional(),
  contributions: z.array(contribution),
});

/** 0.1 wrote an empty list of contributions here too. */
const development = z
  .strictObject({ kind: z.literal('development'), contributions: z.tuple([]).exactOptional() })
  .transform((): DevelopmentSetup => ({ kind: 'development' }));

const setupFile = z.strictObject({
  state: z.enum(['ready', 'awaiting contribution']),
  record: z.union([ceremony, development]),
});

/** An artifact's circuit. */
export interface ArtifactCircuit {
  readonly r1cs: R1cs;
  readonly bytes: Uint8Array;
  /** The circuit id: a tagged sha256 of the file. */
  readonly circuitId: string;
}

/** @throws QuietproofError QP5033 (not an artifact), QP5011 */
export async function readCircuit(folder: string): Promise<ArtifactCircuit> {
  const file = path.join(folder, ARTIFACT.r1cs);
  const bytes = await readFile(file).catch((cause: unknown) => {
    const fix = 'Compile a model first: quietproof compile <model>';
    throw (
      environmentError(cause, file) ??
      new QuietproofError('QP5033', {
        what: `The folder has no ${ARTIFACT.r1cs}`,
        where: folder,
        fix,
        cause,
      })
    );
  });
  return { r1cs: readR1cs(bytes, file), bytes, circuitId: circuitId(bytes) };
}

/** The artifact's setup.json; undefined if setup has not been run. @throws QuietproofError QP5035 */
export async function readSetupFile(folder: string): Promise<SetupFile | undefined> {
  const file = path.join(folder, KEY_FILES.setup);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const refuse = (what: string, cause: unknown) =>
    new QuietproofError('QP5035', { what, where: file, fix: 'Run setup again', cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse('The setup record is not JSON', cause);
  }
  const parsed = setupFile.safeParse(json);
  if (!parsed.success)
    throw refuse(`The setup record is malformed: ${z.prettifyError(parsed.error)}`, parsed.error);
  if (parsed.data.state !== stateOf(parsed.data.record)) {
    throw refuse(
      'The setup record is inconsistent: its state does not follow from its contributions',
      undefined,
    );
  }
  return parsed.data;
}

/** Reads a .zkey file. @throws QuietproofError QP1002 */
export async function readKeyFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw (
      environmentError(cause, file) ??
      new QuietproofError('QP1002', {
        what: 'The key cannot be read',
        where: file,
        fix: 'Check the path',
        cause,
      })
    );
  });
}

/**
 * Writes an artifact's key, and keeps the previous one under its id. setup.json is deleted first and written last, so an
 * interruption never leaves an artifact with a state that its key does not have.
 *
 * @returns where the previous key is kept, relative to the artifact; undefined if there was none
 * @throws QuietproofError QP8001, QP8002
 */
export async function writeSetup(
  folder: string,
  key: KeyFiles,
  verificationKey: VerificationKeyJson,
  setup: SetupFile,
): Promise<string | undefined> {
  const kept = await keepKey(folder);
  for (const name of [KEY_FILES.setup, ...DERIVED]) await rm(path.join(folder, name), { force: true });
  await removeTemporaries(folder);
  await writeDurably(path.join(folder, KEY_FILES.zkey), key.zkey);
  if (key.fold !== undefined) await writeDurably(path.join(folder, KEY_FILES.fold), key.fold);
  await writeDurably(path.join(folder, KEY_FILES.verificationKey), json(verificationKey));
  await writeDurably(path.join(folder, KEY_FILES.setup), json(setup));
  return kept;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export async function isFolder(target: string): Promise<boolean> {
  return (await stat(target).catch(() => undefined))?.isDirectory() ?? false;
}
