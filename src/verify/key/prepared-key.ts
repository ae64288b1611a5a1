import { bn254 } from '@noble/curves/bn254.js';
import type { ProofJson, VerificationKeyJson } from './key-types.ts';
import { sumOfProducts } from './multi-scalar.ts';
import type { G1Point, G2Point } from './point-types.ts';
import { decodeG1, decodeG2, type PointCodes } from './points.ts';
import type { CheckedKey } from './verification-key.ts';

export type Lines = ReturnType<typeof bn254.utils.calcPairingPrecomputes>;
type Fp12 = ReturnType<typeof bn254.pairing>;

/** Line coefficients of a G2 point, and the affine G1 point it is paired with. */
export type PairingTerm = [Lines, bigint, bigint];

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

/** What depends only on the key, each part computed when it is first needed. */
export class PreparedKey {
  /** The key as it was read. */
  readonly source: VerificationKeyJson;
  readonly ic: readonly G1Point[];
  readonly alpha: G1Point;
  readonly #key: CheckedKey;
  readonly #max: readonly bigint[];
  #betaLines: Lines | undefined;
  #gammaLines: Lines | undefined;
  #deltaLines: Lines | undefined;
  #alphaBeta: Fp12 | undefined;
  #singles = 0;

  /** @internal */
  constructor(key: CheckedKey, max: readonly bigint[]) {
    this.source = key.source;
    this.ic = key.ic;
    this.alpha = key.alpha;
    this.#key = key;
    this.#max = max;
  }

  get betaLines(): Lines {
    this.#betaLines ??= lines(this.#key.beta);
    return this.#betaLines;
  }

  get gammaLines(): Lines {
    this.#gammaLines ??= lines(this.#key.gamma);
    return this.#gammaLines;
  }

  get deltaLines(): Lines {
    this.#deltaLines ??= lines(this.#key.delta);
    return this.#deltaLines;
  }

  /**
   * Called for each proof that is checked by itself.
   *
   * @returns e(α, β), which costs more than one more factor in the product of a first proof; undefined for that one
   * @internal
   */
  alphaBeta(): Fp12 | undefined {
    this.#singles += 1;
    if (this.#singles > 1) this.#alphaBeta ??= this.#prepareForMore();
    return this.#alphaBeta;
  }

  #prepareForMore(): Fp12 {
    for (const [index, bound] of this.#max.entries()) {
      if (bound >> SMALL_BITS !== 0n) this.ic[index + 1]?.precompute(TABLE_WINDOW, false);
    }
    const product = bn254.millerLoopBatch([pair(this.betaLines, this.alpha)]);
    return bn254.fields.Fp12.finalExponentiate(product);
  }
}

/**
 * Keep the result while there are more proofs under the same key.
 *
 * @param max bounds of the public signals. Each signal that can be large gets a table with the second proof, which costs
 * 9 ms once and saves 1 ms per proof that is checked by itself.
 */
export function prepareKey(key: CheckedKey, max: readonly bigint[] = []): PreparedKey {
  return new PreparedKey(key, max);
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
 * The Groth16 equation e(A, B) = e(α, β) · e(Σ sᵢ·ICᵢ, γ) · e(C, δ), as one product of Miller loops compared with
 * e(α, β) where that is known, else with its inverse as a further factor.
 *
 * @param signals as many as the key requires, each below r; the caller must have checked both
 */
export function groth16Holds(key: PreparedKey, proof: ProofPoints, signals: readonly bigint[]): boolean {
  const alphaBeta = key.alphaBeta();
  const inputs = combineSignals(key.ic, signals);
  const pairs: PairingTerm[] = [pair(lines(proof.b), proof.a), pair(key.deltaLines, proof.c.negate())];
  // e(0, γ) = 1.
  if (!inputs.is0()) pairs.push(pair(key.gammaLines, inputs.negate()));
  if (alphaBeta === undefined) pairs.push(pair(key.betaLines, key.alpha.negate()));
  const { Fp12 } = bn254.fields;
  return Fp12.eql(Fp12.finalExponentiate(bn254.millerLoopBatch(pairs)), alphaBeta ?? Fp12.ONE);
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
