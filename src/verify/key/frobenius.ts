import { psiFrobenius } from '@noble/curves/abstract/tower.js';
import { bn254 } from '@noble/curves/bn254.js';
import type { G2Point } from './point-types.ts';

let endomorphism: ReturnType<typeof psiFrobenius> | undefined;

/**
 * ψ = untwist, Frobenius, twist: an endomorphism of the whole twist with ψ² − tψ + q = 0, where t = 6x² + 1 is the trace.
 * On the subgroup of order r it multiplies by q.
 */
export function psi(point: G2Point): G2Point {
  const { Fp, Fp2 } = bn254.fields;
  endomorphism ??= psiFrobenius(Fp, Fp2, Fp2.NONRESIDUE);
  return endomorphism.G2psi(bn254.G2.Point as never, point as never) as unknown as G2Point;
}

/** The seed x of BN254: q, r and the trace are polynomials in it. */
export const SEED = 4965661367192848881n;
