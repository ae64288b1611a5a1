import { randomBytes } from 'node:crypto';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES } from '../formats/zkey-layout.ts';
import { findFaultyPoint, isCanonical } from './find-faulty-point.ts';
import type { KeyChecker } from './key-checker.ts';
import { type FfCurve, withCurve } from './snarkjs-session.ts';

const RANDOM_BYTES = 16;

/** Checks with ffjavascript. */
export const wasmKeyChecker: KeyChecker = {
  findFaultyPoint,
  findUndivided: (before, after) =>
    withCurve(async (curve) => {
      for (const [part, name] of [
        ['c', 'C'],
        ['h', 'H'],
      ] as const) {
        if (!(await dividedByDelta(before, after, part, curve))) return name;
      }
      return undefined;
    }),
};

/**
 * Whether e(Σ rᵢ·beforeᵢ, δ before) = e(Σ rᵢ·afterᵢ, δ after) for random rᵢ of 128 bits. If a point is not the one
 * divided, the equation holds for at most one value of its rᵢ, whatever the others are: with probability 2^-128.
 */
async function dividedByDelta(before: Zkey, after: Zkey, part: 'c' | 'h', curve: FfCurve): Promise<boolean> {
  const count = before[part].length / G1_BYTES;
  if (count === 0) return true;
  if (!isCanonical(before[part]) || !isCanonical(after[part])) return false;
  const scalars = randomBytes(count * RANDOM_BYTES);
  const [one, other] = [
    await curve.G1.multiExpAffine(before[part], scalars),
    await curve.G1.multiExpAffine(after[part], scalars),
  ];
  if (curve.G1.isZero(one) || curve.G1.isZero(other)) return curve.G1.isZero(one) && curve.G1.isZero(other);
  return curve.pairingEq(one, before.delta2, curve.G1.neg(other), after.delta2);
}
