import type { ProofJson, VerificationKeyJson } from './key-types.ts';

/** A proof and the signals it is for. */
export interface StatedProof {
  readonly proof: ProofJson;
  /** As many as the key requires, each below r. */
  readonly signals: readonly bigint[];
}

/**
 * Another implementation that checks proofs faster, e.g. a native one. It can only confirm: whatever it does not confirm,
 * or fails on, is checked here as if it were not there, and the code of a refusal comes from that check.
 */
export interface ProofChecker {
  /**
   * @param key a key that passed `checkVerificationKey`; the same object for all proofs of one key
   * @returns for each proof whether all of this was found: its coordinates are below q, its points are on their curves
   * and in the groups of order r, and the Groth16 equation holds for its signals
   */
  confirm(key: VerificationKeyJson, proofs: readonly StatedProof[]): readonly boolean[];
}

/** Which proofs the checker confirms. No error of its own reaches a verdict. */
export function confirmedBy(
  checker: ProofChecker | undefined,
  key: VerificationKeyJson,
  proofs: readonly StatedProof[],
): readonly boolean[] {
  const none = proofs.map(() => false);
  if (checker === undefined) return none;
  try {
    const answers = checker.confirm(key, proofs);
    return answers.length === proofs.length ? answers.map((answer) => answer === true) : none;
  } catch {
    return none;
  }
}
