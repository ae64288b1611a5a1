import type { Decimal } from '../json/encoded-types.ts';

/** A G1 point as snarkjs writes it; the third coordinate is always "1". */
export type G1Json = readonly [Decimal, Decimal, '1'];

/** A G2 point as snarkjs writes it: each coordinate is [c0, c1] with c0 + c1·u; the third is always ["1", "0"]. */
export type G2Json = readonly [readonly [Decimal, Decimal], readonly [Decimal, Decimal], readonly ['1', '0']];

/** A Groth16 proof in snarkjs' JSON form. */
export interface ProofJson {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly pi_a: G1Json;
  readonly pi_b: G2Json;
  readonly pi_c: G1Json;
}

/**
 * A Groth16 verification key in snarkjs' JSON form, without `vk_alphabeta_12`, which follows from α and β and is not
 * needed to verify. `canonicalVerificationKey` converts the file that snarkjs writes.
 */
export interface VerificationKeyJson {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly nPublic: number;
  readonly vk_alpha_1: G1Json;
  readonly vk_beta_2: G2Json;
  readonly vk_gamma_2: G2Json;
  readonly vk_delta_2: G2Json;
  readonly IC: readonly G1Json[];
}
