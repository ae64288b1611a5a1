import { QuietproofError } from '../../errors/quietproof-error.ts';

/** QP6579: what a database has is not what was moved into it. */
export function different(what: string): QuietproofError {
  return new QuietproofError('QP6579', { what });
}
