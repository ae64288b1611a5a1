import { randomBytes } from 'node:crypto';
import { ELEMENT_BYTES, modPow, rootOfUnity, SCALAR_FIELD, writeElement } from '../field/bn254.ts';
import type { Zkey } from '../formats/zkey.ts';
import { type FfCurve, withCurve } from './snarkjs-session.ts';

const RANDOM_BYTES = 16;

/**
 * Whether a key's H points are those of an earlier key over its δ, without what no proof uses.
 *
 * The H points stand for the values of the quotient on the shifted domain of n points. The quotient has degree n − 2 at
 * most, so a ceremony in bellman's format carries one point for each of 1, x, …, x^(n−2), and snarkjs makes the H points
 * from these when it imports the result: as if the point for x^(n−1) were infinity. The H points are then others, and
 * every proof is the same.
 *
 * They are as unique as the usual ones. Let ω be the domain's root of unity. For random rᵢ with Σ rᵢ·ωⁱ = 0, which are
 * the values of polynomials of degree n − 2 at most, both keys give the same sum, up to the δ: so H′ᵢ·δ′ = Hᵢ·δ + ωⁱ·D for
 * some D. That Σ ω⁻ⁱ·H′ᵢ, the point for x^(n−1), is infinity leaves one D.
 *
 * @param before has passed this check, or is the key of a circuit and a phase 1
 */
export function isReducedH(before: Zkey, after: Zkey): Promise<boolean> {
  return withCurve(async (curve) => {
    const root = rootOfUnity(Math.log2(after.domainSize));
    const inverse = modPow(root, BigInt(after.domainSize - 1), SCALAR_FIELD);
    const top = await curve.G1.multiExpAffine(after.h, powers(inverse, after.domainSize));
    return curve.G1.isZero(top) && (await sameForProofs(before, after, root, curve));
  });
}

async function sameForProofs(before: Zkey, after: Zkey, root: bigint, curve: FfCurve): Promise<boolean> {
  const scalars = randomValues(root, after.domainSize);
  const one = await curve.G1.multiExpAffine(before.h, scalars);
  const other = await curve.G1.multiExpAffine(after.h, scalars);
  if (curve.G1.isZero(one) || curve.G1.isZero(other)) return curve.G1.isZero(one) && curve.G1.isZero(other);
  return curve.pairingEq(one, before.delta2, curve.G1.neg(other), after.delta2);
}

/** 1, base, base², … */
function powers(base: bigint, count: number): Uint8Array {
  const scalars = new Uint8Array(count * ELEMENT_BYTES);
  let power = 1n;
  for (let i = 0; i < count; i += 1) {
    writeElement(scalars, i * ELEMENT_BYTES, power);
    power = (power * base) % SCALAR_FIELD;
  }
  return scalars;
}

/** Random rᵢ of 128 bits, but for the last one, such that Σ rᵢ·rootⁱ = 0. */
function randomValues(root: bigint, count: number): Uint8Array {
  const scalars = new Uint8Array(count * ELEMENT_BYTES);
  const random = randomBytes((count - 1) * RANDOM_BYTES);
  let [sum, power] = [0n, 1n];
  for (let i = 0; i < count - 1; i += 1) {
    const own = random.subarray(i * RANDOM_BYTES, (i + 1) * RANDOM_BYTES);
    scalars.set(own, i * ELEMENT_BYTES);
    sum += BigInt(`0x${Buffer.from(own).reverse().toString('hex')}`) * power;
    power = (power * root) % SCALAR_FIELD;
  }
  // The last power of the root is its inverse.
  writeElement(
    scalars,
    (count - 1) * ELEMENT_BYTES,
    ((SCALAR_FIELD - (sum % SCALAR_FIELD)) * root) % SCALAR_FIELD,
  );
  return scalars;
}
