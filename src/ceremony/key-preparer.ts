import type { R1cs } from '../formats/r1cs.ts';

/** A circuit and the phase-1 file that its first key follows from. The file's header has been checked. */
export interface Preparation {
  readonly r1cs: R1cs;
  /** The file that `r1cs` was read from. */
  readonly r1csBytes: Uint8Array;
  /** Path of the prepared phase-1 file. */
  readonly ptau: string;
  /** Binary logarithm of the circuit's domain, at most the file's power. */
  readonly power: number;
  readonly signal?: AbortSignal | undefined;
}

/** Computes what a phase 2 starts from. All implementations give the same bytes and the same verdicts. */
export interface KeyPreparer {
  /**
   * Checks that the points which the circuit uses belong together: powers of a single τ, the Lagrange bases derived from
   * them, and both times α and β. Does not check the contributions.
   *
   * @throws QuietproofError QP5005; QP5001
   */
  check(preparation: Preparation): Promise<void>;
  /** The first key, as `snarkjs zkey new` makes it. @throws QuietproofError QP5001 */
  newKey(preparation: Preparation): Promise<Uint8Array>;
}
