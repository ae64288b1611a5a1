import { bn254 } from '@noble/curves/bn254.js';
import { ELEMENT_BYTES, toMontgomery, writeElement } from '../../src/field/bn254.ts';

/** A point of the curve that G2 lies on, in zkey form, which is outside of G2, as nearly all are. */
export function pointOutsideG2(): Uint8Array {
  const { Fp2 } = bn254.fields;
  const b = bn254.G2.Point.CURVE().b;
  for (let k = 1n; ; k += 1n) {
    const x = { c0: k, c1: 0n };
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    try {
      const y = Fp2.sqrt(square);
      const point = new Uint8Array(4 * ELEMENT_BYTES);
      for (const [i, value] of [x.c0, x.c1, y.c0, y.c1].entries()) {
        writeElement(point, i * ELEMENT_BYTES, toMontgomery(value));
      }
      return point;
    } catch {
      // Not a square.
    }
  }
}
