import { QuietproofError } from '../errors/quietproof-error.ts';

/** A proof that its own prover found wrong: it never leaves the thread it was made in. */
export function rejectedProof(cause?: unknown): QuietproofError {
  return new QuietproofError('QP6003', {
    fix: 'The proving key or the witness plan may be damaged: run `quietproof compile` and `quietproof setup` again',
    cause,
  });
}
