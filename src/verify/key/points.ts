import { bn254 } from '@noble/curves/bn254.js';
import { Refusal, type RefusalCode } from '../refusal.ts';
import type { G1Json, G2Json } from './key-types.ts';
import type { Fp2, G1Point, G2Point } from './point-types.ts';
import { inSubgroup } from './subgroup.ts';

/** Order of the base field. */
export const Q: bigint = bn254.fields.Fp.ORDER;
/** Order of the groups; public signals are below it. */
export const R: bigint = bn254.fields.Fr.ORDER;

/** Codes for refused points; those of a key and of a proof differ. */
export interface PointCodes {
  readonly modulus: RefusalCode;
  readonly curve: RefusalCode;
  readonly subgroup: RefusalCode;
  readonly infinity: RefusalCode;
}

const { Fp, Fp2: F2 } = bn254.fields;
/** Constants of the curves: y² = x³ + 3 and, on the twist, y² = x³ + 3/(9 + u) (EIP-197). */
export const B1 = 3n;
export const B2: Fp2 = F2.div({ c0: 3n, c1: 0n }, { c0: 9n, c1: 1n });

/**
 * The point of `[x, y, "1"]`. G1 has cofactor 1, so every point on the curve is in the prime-order group.
 *
 * @param where name of the point for messages, e.g. `pi_a`
 * @throws Refusal one of `codes`
 */
export function decodeG1(json: G1Json, codes: PointCodes, where: string): G1Point {
  const [x, y] = [coordinate(json[0], codes, where), coordinate(json[1], codes, where)];
  requireAffine(BigInt(json[2]), 0n, codes, where);
  if (Fp.sqr(y) !== Fp.add(Fp.mul(Fp.sqr(x), x), B1)) throw new Refusal(codes.curve, { where });
  return bn254.G1.Point.fromAffine({ x, y });
}

/** The point of `[[x0, x1], [y0, y1], ["1", "0"]]`, in the subgroup of order r. @throws Refusal one of `codes` */
export function decodeG2(json: G2Json, codes: PointCodes, where: string): G2Point {
  const x = { c0: coordinate(json[0][0], codes, where), c1: coordinate(json[0][1], codes, where) };
  const y = { c0: coordinate(json[1][0], codes, where), c1: coordinate(json[1][1], codes, where) };
  requireAffine(BigInt(json[2][0]), BigInt(json[2][1]), codes, where);
  const onCurve = F2.eql(F2.sqr(y), F2.add(F2.mul(F2.sqr(x), x), B2));
  if (!onCurve) throw new Refusal(codes.curve, { where });
  const point = bn254.G2.Point.fromAffine({ x, y }) as G2Point;
  // The twist has a cofactor of 254 bits with small factors (the smallest is 10069). With a point outside the subgroup
  // the pairing equation would prove nothing.
  if (!inSubgroup(point)) throw new Refusal(codes.subgroup, { where });
  return point;
}

function coordinate(decimal: string, codes: PointCodes, where: string): bigint {
  const value = BigInt(decimal);
  if (value >= Q) throw new Refusal(codes.modulus, { where });
  return value;
}

function requireAffine(z0: bigint, z1: bigint, codes: PointCodes, where: string): void {
  if (z0 === 1n && z1 === 0n) return;
  if (z0 === 0n && z1 === 0n) throw new Refusal(codes.infinity, { where });
  const what = 'The third coordinate is not 1: points are affine';
  throw new Refusal(codes.curve, { what, where });
}
