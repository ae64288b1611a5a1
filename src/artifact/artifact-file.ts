import path from 'node:path';
import { MAX_SIZE, Refusal } from '@quietproof/verify';
import { readRegularFile } from '../data/regular-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { ARTIFACT, KEY_FILES } from './file-names.ts';

export type ArtifactFileName =
  | (typeof ARTIFACT)[keyof typeof ARTIFACT]
  | (typeof KEY_FILES)[keyof typeof KEY_FILES];

/** Above all real files, and low enough to be read into memory. A string has at most 512 MiB, a buffer of Node 2 GiB. */
const TEXT = 2 ** 29 - 2 ** 10;
const BINARY = 2 ** 31 - 2;
const RECORD = 2 ** 26;

/** Largest size of each file, in bytes. */
export const FILE_LIMITS: { readonly [N in ArtifactFileName]: number } = {
  [ARTIFACT.manifest]: RECORD,
  [ARTIFACT.integerGraph]: TEXT,
  [ARTIFACT.bounds]: RECORD,
  [ARTIFACT.accuracy]: RECORD,
  [ARTIFACT.interface]: MAX_SIZE,
  [ARTIFACT.quality]: MAX_SIZE,
  [ARTIFACT.circom]: TEXT,
  [ARTIFACT.r1cs]: BINARY,
  [ARTIFACT.sym]: TEXT,
  [ARTIFACT.wasm]: BINARY,
  [ARTIFACT.witnessPlan]: 2 ** 30,
  [ARTIFACT.soundness]: RECORD,
  [KEY_FILES.zkey]: BINARY,
  [KEY_FILES.fold]: BINARY,
  [KEY_FILES.proverCache]: BINARY,
  [KEY_FILES.verificationKey]: MAX_SIZE * 4,
  [KEY_FILES.setup]: MAX_SIZE,
  [KEY_FILES.model]: MAX_SIZE,
};

/**
 * Reads one file of an artifact folder.
 *
 * @returns undefined if there is no such file or folder
 * @throws QuietproofError QP4602, QP4603; the system's errors
 */
export async function readArtifactFile(folder: string, name: ArtifactFileName): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(path.join(folder, name), FILE_LIMITS[name]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const MAKE_AGAIN = 'Run `quietproof compile` and `quietproof setup` again';

/** The error for a file that does not have the form of its format. */
export function damaged(name: ArtifactFileName, what: string, cause?: unknown): QuietproofError {
  return new QuietproofError('QP4601', {
    what: `${name} is damaged: ${what}`,
    where: name,
    fix: MAKE_AGAIN,
    cause,
  });
}

/** The error for files that are well-formed, but not of one artifact. */
export function notTogether(what: string): QuietproofError {
  return new QuietproofError('QP4606', {
    what: `Files of the artifact do not belong together: ${what}`,
    fix: MAKE_AGAIN,
  });
}

/** Reads with the verifier's parser and readers, whose refusals name the place. @throws QuietproofError QP4601 */
export function unlessRefused<T>(name: ArtifactFileName, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw damaged(name, error.where === undefined ? error.what : `${error.what} (${error.where})`, error);
  }
}
