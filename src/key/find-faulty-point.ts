import { randomFillSync } from 'node:crypto';
import { BASE_FIELD, ELEMENT_BYTES, elementBytes, isBelow, SCALAR_FIELD } from '../field/bn254.ts';
import { Bn254 } from '../field/bn254-wasm.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES, G2_BYTES } from '../formats/zkey-layout.ts';
import type { KeyPart, PointFault } from './key-checker.ts';

const CHUNK_BYTES = 2 ** 20;

/**
 * The order of the curve that G2 lies on is r · 10069 · 5864401 · …, so a point outside G2 stays outside with a random
 * factor of 16 bits, whatever is added to it, except with probability 7/2^16 (as many of 2^16 numbers have a given
 * remainder modulo 10069). Ten independent sums miss it with probability below 2^-131.
 */
const SUMS = 10;
const FACTOR_BYTES = 2;

/** See `KeyChecker.findFaultyPoint`. */
export async function findFaultyPoint(zkey: Zkey): Promise<PointFault | undefined> {
  const curve = await Bn254.create();
  const buffer = curve.allocate(CHUNK_BYTES);
  const { alpha1, beta1, beta2, gamma2, delta1, delta2, ic, a, b1, b2, c, h } = zkey;
  const inG1 = { alpha1, beta1, delta1, IC: ic, A: a, B1: b1, C: c, H: h };
  const inG2 = { beta2, gamma2, delta2, B2: b2 };
  for (const [part, points] of Object.entries(inG1) as Array<[KeyPart, Uint8Array]>) {
    const fault = offCurve(curve, buffer, part, points, 'g1m');
    if (fault !== undefined) return fault;
  }
  for (const [part, points] of Object.entries(inG2) as Array<[KeyPart, Uint8Array]>) {
    const fault = offCurve(curve, buffer, part, points, 'g2m');
    if (fault !== undefined) return fault;
    if (!inSubgroup(curve, buffer, points)) return { part, kind: 'group' };
  }
  return undefined;
}

function offCurve(
  curve: Bn254,
  buffer: number,
  part: KeyPart,
  points: Uint8Array,
  group: 'g1m' | 'g2m',
): PointFault | undefined {
  const size = group === 'g1m' ? G1_BYTES : G2_BYTES;
  const [inCurve, isZero] = [curve.ops[`${group}_inCurveAffine`]!, curve.ops[`${group}_isZeroAffine`]!];
  if (!isCanonical(points)) return { part, kind: 'coordinate' };
  for (let start = 0; start < points.length; start += CHUNK_BYTES) {
    const chunk = points.subarray(start, start + CHUNK_BYTES);
    curve.bytes(buffer, chunk.length).set(chunk);
    for (let at = 0; at < chunk.length; at += size) {
      if (inCurve(buffer + at) || isZero(buffer + at)) continue;
      return { part, kind: 'curve', index: (start + at) / size };
    }
  }
  return undefined;
}

/** Whether all coordinates are below the modulus. */
export function isCanonical(points: Uint8Array): boolean {
  const view = new DataView(points.buffer, points.byteOffset, points.byteLength);
  for (let at = 0; at < points.length; at += ELEMENT_BYTES) {
    if (!isBelow(view, at, BASE_FIELD)) return false;
  }
  return true;
}

/** Whether points of the curve of G2 all lie in G2, the subgroup of order r. */
function inSubgroup(curve: Bn254, buffer: number, points: Uint8Array): boolean {
  const { g2m_multiexpAffine, g2m_add, g2m_zero, g2m_timesScalar, g2m_isZero } = curve.ops;
  const mark = curve.mark();
  const factors = curve.allocate((CHUNK_BYTES / G2_BYTES) * FACTOR_BYTES + ELEMENT_BYTES);
  const order = curve.allocate(ELEMENT_BYTES);
  curve.bytes(order, ELEMENT_BYTES).set(elementBytes(SCALAR_FIELD));
  const part = curve.allocate(3 * 2 * ELEMENT_BYTES);
  const sums = Array.from({ length: SUMS }, () => curve.allocate(3 * 2 * ELEMENT_BYTES));
  for (const sum of sums) g2m_zero!(sum);
  for (let start = 0; start < points.length; start += CHUNK_BYTES) {
    const chunk = points.subarray(start, start + CHUNK_BYTES);
    const count = chunk.length / G2_BYTES;
    curve.bytes(buffer, chunk.length).set(chunk);
    for (const sum of sums) {
      randomFillSync(curve.bytes(factors, count * FACTOR_BYTES));
      g2m_multiexpAffine!(buffer, factors, FACTOR_BYTES, count, part);
      g2m_add!(sum, part, sum);
    }
  }
  const inside = sums.every((sum) => {
    g2m_timesScalar!(sum, order, ELEMENT_BYTES, part);
    return g2m_isZero!(part) !== 0;
  });
  curve.release(mark);
  return inside;
}
