import { describe, expect, it } from 'vitest';
import {
  BASE_FIELD,
  elementBytes,
  fromMontgomery,
  isBelow,
  isScalar,
  modPow,
  readElement,
  rootOfUnity,
  SCALAR_FIELD,
  toMontgomery,
} from '../../src/field/bn254.ts';

const view = (value: bigint) => new DataView(elementBytes(value).buffer);

describe('field elements', () => {
  it('are written and read little-endian', () => {
    const bytes = elementBytes(0x0102n);
    expect([...bytes.subarray(0, 3)]).toEqual([2, 1, 0]);
    for (const value of [0n, 1n, SCALAR_FIELD - 1n, 2n ** 256n - 1n]) {
      expect(readElement(elementBytes(value))).toBe(value);
    }
  });

  it('are compared with the modulus exactly', () => {
    const around = (modulus: bigint) => [0n, 1n, modulus - 1n, modulus, modulus + 1n, 2n ** 256n - 1n];
    expect(around(SCALAR_FIELD).map((value) => isScalar(view(value), 0))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(around(BASE_FIELD).map((value) => isBelow(view(value), 0, BASE_FIELD))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    // Differences in every word, not only the highest.
    for (let word = 0n; word < 8n; word += 1n) {
      const step = 1n << (32n * word);
      expect(isScalar(view(SCALAR_FIELD - step), 0), `word ${word}`).toBe(true);
      expect(isScalar(view(SCALAR_FIELD + step), 0), `word ${word}`).toBe(false);
    }
  });

  it('go to Montgomery form and back', () => {
    expect(toMontgomery(1n)).toBe(2n ** 256n % BASE_FIELD);
    for (const value of [0n, 1n, 12345n, BASE_FIELD - 1n])
      expect(fromMontgomery(toMontgomery(value))).toBe(value);
  });
});

describe('rootOfUnity', () => {
  it('is primitive, and each is the square of the next', () => {
    for (let power = 1; power <= 28; power += 1) {
      expect(modPow(rootOfUnity(power), 2n ** BigInt(power - 1), SCALAR_FIELD)).toBe(SCALAR_FIELD - 1n);
      expect(rootOfUnity(power) ** 2n % SCALAR_FIELD).toBe(rootOfUnity(power - 1));
    }
    expect(() => rootOfUnity(29)).toThrow(RangeError);
  });
});
