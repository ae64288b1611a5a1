import { bn254 } from '@noble/curves/bn254.js';
import type { ProofJson } from './key-types.ts';
import { sumOfProducts } from './multi-scalar.ts';
import type { G1Point, G2Point } from './point-types.ts';
import { decodeG1, decodeG2, type PointCodes } from './points.ts';
import type { CheckedKey } from './verification-key.ts';

export type Lines = ReturnType<typeof bn254.utils.calcPairingPrecomputes>;
type Fp12 = ReturnType<typeof bn254.pairing>;

/** Line coefficients of a G2 point, and the affine G1 point it is paired with. */
export type PairingTerm = [Lines, bigint, bigint];

/** Everything that depends only on the key, computed once. */
export interface PreparedKey {
  readonly ic: readonly G1Point[];
  readonly alpha: G1Point;
  readonly betaLines: Lines;
  readonly gammaLines: Lines;
  readonly deltaLines: Lines;
  /** e(α, β). */
  readonly alphaBeta: Fp12;
}

/** The points of a proof, each on its curve and in the prime-order group. */
export interface ProofPoints {
  readonly a: G1Point;
  readonly b: G2Point;
  readonly c: G1Point;
}

/** Signals of at most this many bits are summed with buckets; the few larger ones (digest, context) one by one. */
const SMALL_BITS = 32n;
/** Window of the tables of single points, in bits; larger tables cost more to build than they save. */
const TABLE_WINDOW = 4;

const PROOF_POINTS: PointCodes = {
  modulus: 'QP7501',
  curve: 'QP7502',
  subgroup: 'QP7503',
  infinity: 'QP7504',
};

/**
 * Costs about one pairing. Keep the result while there are more proofs under the same key.
 *
 * @param max bounds of the public signals. Each signal that can be large gets a table, which costs 9 ms once and saves
 * 1 ms per proof. Omit it for a single proof.
 */
export function prepareKey(key: CheckedKey, max: readonly bigint[] = []): PreparedKey {
  for (const [index, bound] of max.entries()) {
    if (bound >> SMALL_BITS !== 0n) key.ic[index + 1]?.precompute(TABLE_WINDOW, false);
  }
  const betaLines = lines(key.beta);
  return {
    ic: key.ic,
    alpha: key.alpha,
    betaLines,
    gammaLines: lines(key.gamma),
    deltaLines: lines(key.delta),
    alphaBeta: bn254.fields.Fp12.finalExponentiate(bn254.millerLoopBatch([pair(betaLines, key.alpha)])),
  };
}

/** @throws Refusal QP7501 to QP7504, naming the point */
export function decodeProof(proof: ProofJson): ProofPoints {
  return {
    a: decodeG1(proof.pi_a, PROOF_POINTS, 'pi_a'),
    b: decodeG2(proof.pi_b, PROOF_POINTS, 'pi_b'),
    c: decodeG1(proof.pi_c, PROOF_POINTS, 'pi_c'),
  };
}

/**
 * The Groth16 equation e(A, B) = e(α, β) · e(Σ sᵢ·ICᵢ, γ) · e(C, δ), as one product of three Miller loops compared
 * with the prepared e(α, β).
 *
 * @param signals as many as the key requires, each below r; the caller must have checked both
 */
export function groth16Holds(key: PreparedKey, proof: ProofPoints, signals: readonly bigint[]): boolean {
  const inputs = combineSignals(key.ic, signals);
  const pairs: PairingTerm[] = [pair(lines(proof.b), proof.a), pair(key.deltaLines, proof.c.negate())];
  // e(0, γ) = 1.
  if (!inputs.is0()) pairs.push(pair(key.gammaLines, inputs.negate()));
  const { Fp12 } = bn254.fields;
  return Fp12.eql(Fp12.finalExponentiate(bn254.millerLoopBatch(pairs)), key.alphaBeta);
}

/** The line coefficients of the Miller loop over a point of G2. */
export function lines(point: G2Point): Lines {
  return bn254.utils.calcPairingPrecomputes(point as never);
}

/** One factor of a product of pairings. */
export function pair(ell: Lines, point: G1Point): PairingTerm {
  const { x, y } = point.toAffine();
  return [ell, x, y];
}

/** IC₀ + Σ sᵢ·ICᵢ₊₁. The values are public, so constant time is not needed. */
export function combineSignals(ic: readonly G1Point[], signals: readonly bigint[]): G1Point {
  let sum = ic[0] as G1Point;
  const small: { points: G1Point[]; scalars: bigint[] } = { points: [], scalars: [] };
  for (const [index, signal] of signals.entries()) {
    const point = ic[index + 1] as G1Point;
    if (signal >> SMALL_BITS === 0n) {
      small.points.push(point);
      small.scalars.push(signal);
    } else sum = sum.add(point.multiplyUnsafe(signal));
  }
  return sum.add(sumOfProducts(small.points, small.scalars));
}
