import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type AnyModelRecord, circuitId, fileJson, type VerificationKeyJson } from '@quietproof/verify';
import { FILE_LIMITS, readArtifactFile } from '../artifact/artifact-file.ts';
import { ARTIFACT, KEY_FILES } from '../artifact/file-names.ts';
import type { SetupFile } from '../artifact/setup-file.ts';
import { readRegularFile } from '../data/regular-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';
import { type R1cs, readR1cs } from '../formats/r1cs.ts';
import { removeTemporaries, writeDurably } from '../store/durable-file.ts';
import { withLock } from '../store/folder-lock.ts';
import { StagedFiles, settleFolder } from '../store/staged-files.ts';
import { keepKey } from './keep-key.ts';

/** A key as the contents of its files. */
export interface KeyFiles {
  /** A .zkey file. */
  readonly zkey: Uint8Array;
  /**
   * Points that save the native prover two of its six transforms, with the digest of the key. Computing them takes
   * an instant from the key's secrets, and up to minutes from the key (`fold-key.ts`).
   */
  readonly fold?: Uint8Array;
}

/** Files derived from one key, stale once it changes, unless the new key brings its own. */
const DERIVED = [KEY_FILES.model, KEY_FILES.fold, KEY_FILES.proverCache];

/** An artifact's circuit. */
export interface ArtifactCircuit {
  readonly r1cs: R1cs;
  readonly bytes: Uint8Array;
  /** The circuit id: a tagged sha256 of the file. */
  readonly circuitId: string;
}

/** @throws QuietproofError QP5033 (not an artifact), QP4602, QP4603, QP5011 */
export async function readCircuit(folder: string): Promise<ArtifactCircuit> {
  const bytes = await readArtifactFile(folder, ARTIFACT.r1cs);
  if (bytes === undefined) {
    const fix = 'Compile a model first: quietproof compile <model>';
    throw new QuietproofError('QP5033', { what: `The folder has no ${ARTIFACT.r1cs}`, where: folder, fix });
  }
  return { r1cs: readR1cs(bytes, path.join(folder, ARTIFACT.r1cs)), bytes, circuitId: circuitId(bytes) };
}

/** Reads a .r1cs file. @throws QuietproofError QP1002, QP4602, QP4603, QP5011 */
export async function readCircuitFile(file: string): Promise<ArtifactCircuit> {
  const bytes = await readGivenFile(file, ARTIFACT.r1cs, 'circuit');
  return { r1cs: readR1cs(bytes, file), bytes, circuitId: circuitId(bytes) };
}

/** Reads a .zkey file. @throws QuietproofError QP1002, QP4602, QP4603 */
export async function readKeyFile(file: string): Promise<Uint8Array> {
  return readGivenFile(file, KEY_FILES.zkey, 'key');
}

async function readGivenFile(
  file: string,
  kind: typeof ARTIFACT.r1cs | typeof KEY_FILES.zkey,
  what: string,
): Promise<Uint8Array> {
  return readRegularFile(file, FILE_LIMITS[kind]).catch((cause: unknown) => {
    if (cause instanceof QuietproofError) throw cause;
    throw (
      environmentError(cause, file) ??
      new QuietproofError('QP1002', {
        what: `The ${what} cannot be read`,
        where: file,
        fix: 'Check the path',
        cause,
      })
    );
  });
}

/**
 * Runs a change of an artifact's key, with the artifact's lock and after what an interrupted change has left is finished.
 *
 * @throws QuietproofError QP6206 if another process is changing the artifact; QP8001–QP8008
 */
export async function changeArtifact<T>(folder: string, change: () => Promise<T>): Promise<T> {
  // What is no folder is refused by the change itself, in its own words.
  if (!(await isFolder(folder))) return change();
  await settleFolder(folder);
  return withLock(folder, { purpose: 'change' }, change);
}

/**
 * Writes a new key's files into a stage of its artifact, for `work` to try them and to commit them with `commitSetup`. If it
 * does not, the artifact stays as it was.
 *
 * @throws QuietproofError QP8001–QP8008
 */
export async function withStagedKey<T>(
  folder: string,
  key: KeyFiles,
  work: (stage: StagedFiles) => Promise<T>,
): Promise<T> {
  await removeTemporaries(folder);
  const stage = await StagedFiles.open(folder);
  try {
    await writeDurably(path.join(stage.folder, KEY_FILES.zkey), key.zkey);
    if (key.fold !== undefined) await writeDurably(path.join(stage.folder, KEY_FILES.fold), key.fold);
    return await work(stage);
  } finally {
    await stage.discard();
  }
}

/** What follows from a new key, all of it in its files. */
export interface Setup {
  readonly verificationKey: VerificationKeyJson;
  readonly setup: SetupFile;
  /** The record that verifiers pin, if the key is ready. */
  readonly model?: AnyModelRecord | undefined;
}

/**
 * Gives an artifact its staged key with everything that follows from it in one step, and keeps the previous one under its id.
 *
 * @returns where the previous key is kept, relative to the artifact; undefined if there was none
 * @throws QuietproofError QP8001–QP8008
 */
export async function commitSetup(
  folder: string,
  stage: StagedFiles,
  { verificationKey, setup, model }: Setup,
): Promise<string | undefined> {
  const kept = await keepKey(folder);
  const write = (name: string, content: string) => writeDurably(path.join(stage.folder, name), content);
  await write(KEY_FILES.verificationKey, json(verificationKey));
  await write(KEY_FILES.setup, json(setup));
  if (model !== undefined) await write(KEY_FILES.model, fileJson(model));
  await stage.commit({ marker: KEY_FILES.setup, remove: DERIVED });
  return kept;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export async function isFolder(target: string): Promise<boolean> {
  return (await stat(target).catch(() => undefined))?.isDirectory() ?? false;
}
