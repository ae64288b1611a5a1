import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { bn254 } from '@noble/curves/bn254.js';
import { FINGERPRINTS } from './known-delta-table.ts';
import type { G2Point } from './point-types.ts';

/** The table holds k·γ for 0 < k ≤ BABY. */
export const BABY = 1024;
/** Neighbouring giant steps: what lies between them is at most BABY away from one of them. */
const STEP = 2 * BABY + 1;
/** Covers every |k| ≤ 2^16: GIANTS · STEP + BABY ≥ 65536. */
const GIANTS = 32;
const FINGERPRINT_BYTES = 3;

let fingerprints: Set<number> | undefined;
let babySteps: Set<string> | undefined;

/**
 * Whether δ = k·γ with |k| ≤ 2^16, found by baby steps and giant steps: k = a·STEP + b with |b| ≤ BABY, where b·γ and
 * −b·γ have the same x.
 *
 * The baby steps are the same for every key and cost more than all other checks of one, so their x are first compared by
 * 24 bits from a table. Equal points have equal bits, so no multiple is missed; one key in 250 has a point with such bits
 * by chance, and only for it are the baby steps computed.
 */
export function isKnownDelta(delta: G2Point): boolean {
  fingerprints ??= new Set(readFingerprints());
  const giant = plainBase().multiplyUnsafe(BigInt(STEP));
  const candidates: G2Point[] = [delta];
  let [up, down] = [delta, delta];
  for (let a = 1; a <= GIANTS; a += 1) {
    up = up.add(giant);
    down = down.subtract(giant);
    candidates.push(up, down);
  }
  // δ = ±a·STEP·γ gives the point at infinity, which has no x.
  if (candidates.some((point) => point.is0())) return true;
  const suspects = affine(candidates).filter((point) => fingerprints?.has(fingerprint(point)));
  if (suspects.length === 0) return false;
  babySteps ??= new Set(multiples(BABY).map(xOf));
  return suspects.some((point) => babySteps?.has(xOf(point)));
}

/** k·γ for 0 < k ≤ count. */
export function multiples(count: number): G2Point[] {
  const base = plainBase();
  const result = [base];
  while (result.length < count) result.push((result.at(-1) as G2Point).add(base));
  return affine(result);
}

/** The low bits of the x coordinate of a point with z = 1. */
export function fingerprint(point: G2Point): number {
  return Number(BigInt.asUintN(8 * FINGERPRINT_BYTES, point.x.c0));
}

function readFingerprints(): number[] {
  const bytes = atob(FINGERPRINTS);
  const result: number[] = [];
  for (let at = 0; at < bytes.length; at += FINGERPRINT_BYTES) {
    result.push((bytes.charCodeAt(at) << 16) | (bytes.charCodeAt(at + 1) << 8) | bytes.charCodeAt(at + 2));
  }
  return result;
}

/** γ as any other point: noble multiplies its own base point with a table that costs more than it saves here. */
function plainBase(): G2Point {
  return bn254.G2.Point.fromAffine(bn254.G2.Point.BASE.toAffine()) as G2Point;
}

function affine(points: G2Point[]): G2Point[] {
  return normalizeZ(bn254.G2.Point, points) as G2Point[];
}

/** The x coordinate of a point with z = 1, as a key of the table. */
function xOf(point: G2Point): string {
  return `${point.x.c0},${point.x.c1}`;
}
