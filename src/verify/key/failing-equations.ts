import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { bn254 } from '@noble/curves/bn254.js';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { sumOfProducts } from './multi-scalar.ts';
import type { G1Point } from './point-types.ts';
import { R } from './points.ts';
import {
  groth16Holds,
  lines,
  type PairingTerm,
  type PreparedKey,
  type ProofPoints,
  pair,
} from './prepared-key.ts';

/** The part of a bundle that is left to check after all other checks. */
export interface Equation {
  readonly proof: ProofPoints;
  /** As many as the key requires, each below r. */
  readonly signals: readonly bigint[];
}

type Fp12 = NonNullable<ReturnType<PreparedKey['alphaBeta']>>;

/**
 * Number of equations that are combined into one residue, per depth of the search. The line coefficients of a batch are
 * in memory together (about 40 kB per proof), and a failing batch is split into smaller ones.
 */
const BATCH_SIZES = [64, 8];
/** Combining this few equations is no faster than checking each. */
const MAX_CHECKED_SINGLY = 3;
const RANDOM_BYTES = 16;

/**
 * Finds the Groth16 equations that do not hold, among many under one key, by random linear combination.
 *
 * For proof i the equation is Eᵢ = e(Aᵢ, Bᵢ) · e(α, β)⁻¹ · e(Σᵢ, γ)⁻¹ · e(Cᵢ, δ)⁻¹ = 1, with Σᵢ = IC₀ + Σⱼ sᵢⱼ·ICⱼ.
 * This function checks instead, with zᵢ uniform in 1 … 2^128 and drawn here, after every proof has been read:
 *
 *     Π Eᵢ^zᵢ = Π e(zᵢAᵢ, Bᵢ) · e(−Σ zᵢ·α, β) · e(−Σ zᵢΣᵢ, γ) · e(−Σ zᵢCᵢ, δ) = 1
 *
 * Why this is sound. Every A and C is on G1, whose cofactor is 1, and every B has passed the subgroup test by itself.
 * So each pairing is bilinear, and each Eᵢ is in the group of the r-th roots of unity, of *prime* order r: Eᵢ = g^eᵢ.
 * (Without the subgroup test, B could have a component of order 10069, the smallest prime of the twist's cofactor, and
 * the pairing would prove nothing.) If some eₖ ≠ 0, then for any values of the other z the equation Σ zᵢeᵢ = 0 mod r
 * has exactly one solution zₖ mod r, and the 2^128 values of zₖ are distinct mod r because r > 2^253. So a false "all
 * hold" has probability at most 2^-128, for any number of proofs chosen in any way before the z are drawn.
 * The search below makes at most about 2n such tests, each with fresh randomness or with a product of residues already
 * drawn: a total error below 2^-107 for a million bundles. An equation is reported as failing only after it has failed
 * by itself, without randomness.
 *
 * @returns indices into `equations`, ascending
 */
export function failingEquations(key: PreparedKey, equations: readonly Equation[]): number[] {
  return search(key, equations, [...equations.keys()], 0).sort((a, b) => a - b);
}

function search(
  key: PreparedKey,
  all: readonly Equation[],
  indices: readonly number[],
  depth: number,
): number[] {
  const batchSize = BATCH_SIZES[depth];
  if (batchSize === undefined || indices.length <= MAX_CHECKED_SINGLY) {
    return indices.filter((index) => {
      const { proof, signals } = all[index] as Equation;
      return !groth16Holds(key, proof, signals);
    });
  }
  const batches: number[][] = [];
  for (let at = 0; at < indices.length; at += batchSize) batches.push(indices.slice(at, at + batchSize));
  const residues = batches.map((members) =>
    residue(
      key,
      members.map((index) => all[index] as Equation),
    ),
  );
  return failingBatches(residues).flatMap((at) => search(key, all, batches[at] as number[], depth + 1));
}

/** Bisection; each step costs one final exponentiation, to test whether a product of residues is 1. */
function failingBatches(residues: readonly Fp12[], from = 0, to = residues.length): number[] {
  const { Fp12 } = bn254.fields;
  const product = residues.slice(from, to).reduce((a, b) => Fp12.mul(a, b), Fp12.ONE);
  if (Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)) return [];
  if (to - from === 1) return [from];
  const middle = (from + to) >> 1;
  return [...failingBatches(residues, from, middle), ...failingBatches(residues, middle, to)];
}

/** Π Eᵢ^zᵢ before the final exponentiation: n + 3 Miller loops that share their squarings. */
function residue(key: PreparedKey, equations: readonly Equation[]): Fp12 {
  const z = randomScalars(equations.length);
  const scaled = equations.map(({ proof }, i) => proof.a.multiplyUnsafe(z[i] as bigint));
  const fixed: [PairingTerm[0], G1Point][] = [
    [key.betaLines, key.alpha.multiplyUnsafe(z.reduce((sum, value) => sum + value, 0n) % R)],
    [key.gammaLines, sumOfProducts(key.ic, icScalars(key.ic.length, equations, z))],
    [
      key.deltaLines,
      sumOfProducts(
        equations.map(({ proof }) => proof.c),
        z,
      ),
    ],
  ];
  const affine = normalizeZ(bn254.G1.Point, scaled as InstanceType<typeof bn254.G1.Point>[]) as G1Point[];
  const terms = affine.map((point, i) => pair(lines((equations[i] as Equation).proof.b), point));
  // e(0, ·) = 1; zᵢAᵢ is never 0.
  for (const [ell, point] of fixed) if (!point.is0()) terms.push(pair(ell, point.negate()));
  return bn254.millerLoopBatch(terms);
}

/** The scalar of each IC point in Σ zᵢΣᵢ: Σ zᵢ for the first, Σ zᵢsᵢⱼ for the others. */
function icScalars(count: number, equations: readonly Equation[], z: readonly bigint[]): bigint[] {
  const scalars = new Array<bigint>(count).fill(0n);
  for (const [i, { signals }] of equations.entries()) {
    const factor = z[i] as bigint;
    scalars[0] = (scalars[0] as bigint) + factor;
    for (const [j, signal] of signals.entries())
      scalars[j + 1] = (scalars[j + 1] as bigint) + factor * signal;
  }
  return scalars.map((scalar) => scalar % R);
}

/** Uniform in 1 … 2^128, from the platform's cryptographic generator; noble throws if there is none. */
function randomScalars(count: number): bigint[] {
  const bytes = randomBytes(count * RANDOM_BYTES);
  return Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * RANDOM_BYTES, (i + 1) * RANDOM_BYTES);
    return BigInt(`0x${bytesToHex(part)}`) + 1n;
  });
}
