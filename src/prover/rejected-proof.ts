import { QuietproofError } from '../errors/quietproof-error.ts';

/** The error for a proof that failed verification in its prover's thread. The proof is dropped. */
export function rejectedProof(cause?: unknown): QuietproofError {
  return new QuietproofError('QP6003', {
    fix: 'The proving key or the witness plan may be damaged: run `quietproof compile` and `quietproof setup` again',
    cause,
  });
}
