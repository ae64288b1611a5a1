import { QuietproofError } from '../errors/quietproof-error.ts';

/** The error for cancelled work. */
export function interrupted(cause?: unknown): QuietproofError {
  return new QuietproofError('QP6004', { fix: 'Run the same command again: finished rows are kept', cause });
}
