import { readFile } from 'node:fs/promises';
import { Refusal } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

export async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws QP6202 where the file is refused */
export function readOrRefuse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw otherProof(file, `something else: ${error.message}`, error);
    throw error;
  }
}

export function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
}

export function otherProof(file: string, what: string, cause?: unknown): QuietproofError {
  return new QuietproofError('QP6202', {
    what: `The output folder contains a proof of ${what}`,
    where: file,
    fix: 'Use another --out, or move the file elsewhere; finished proofs are never replaced',
    cause,
  });
}
