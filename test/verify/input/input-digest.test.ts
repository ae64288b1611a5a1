import { createHash } from 'node:crypto';
import { digestTag, inputDigest, packValues } from '@quietproof/verify';
import { buildPoseidon } from 'circomlibjs';
import { expect, test } from 'vitest';

const oracle = await buildPoseidon();

test('equals the definition, implemented with other libraries', () => {
  for (const [count, width] of [
    [1, 1],
    [4, 8],
    [31, 8],
    [32, 8],
    [434, 8],
    [435, 8],
    [784, 8],
    [30, 13],
  ] as const) {
    const values = Array.from({ length: count }, (_, i) => (i * 7919) % 2 ** width);
    const widths = new Array<number>(count).fill(width);
    expect(inputDigest(values, widths, 12345n), `${count} × ${width}`).toBe(expected(values, widths, 12345n));
  }
});

function expected(values: readonly number[], widths: readonly number[], salt: bigint): bigint {
  const json = `{"count":${values.length},"widths":[${widths.join(',')}]}`;
  const hash = createHash('sha256').update(`quietproof/digest/v1${json}`).digest('hex');
  const elements = [salt];
  let [bits, element] = [0, 0n];
  values.forEach((value, i) => {
    if (bits + widths[i]! > 253) {
      elements.push(element);
      [bits, element] = [0, 0n];
    }
    element += BigInt(value) * 2n ** BigInt(bits);
    bits += widths[i]!;
  });
  elements.push(element);
  let chain = BigInt(`0x${hash}`) % 2n ** 248n;
  while (elements.length > 0) chain = oracle.F.toObject(oracle([chain, ...elements.splice(0, 15)])) as bigint;
  return chain;
}

test('packs little-endian, up to 253 bits per element', () => {
  expect(packValues([1, 2, 3], [8, 8, 8])).toEqual([0x030201n]);
  expect(packValues([1, 1n, 1], [253, 1, 252])).toEqual([1n, 3n]);
  expect(packValues(new Array(32).fill(255), new Array(32).fill(8))).toEqual([2n ** 248n - 1n, 255n]);
});

test('count, widths and salt are bound', () => {
  const base = inputDigest([1, 0], [8, 8], 5n);
  expect(inputDigest([1, 0], [8, 7], 5n)).not.toBe(base);
  expect(inputDigest([1, 0, 0], [8, 8, 8], 5n)).not.toBe(base);
  expect(inputDigest([1, 0], [8, 8], 6n)).not.toBe(base);
  expect(digestTag([8, 8]) < 2n ** 248n).toBe(true);
});

test('refuses values that do not fit their width', () => {
  expect(() => inputDigest([256], [8], 0n)).toThrow(RangeError);
  expect(() => inputDigest([-1], [8], 0n)).toThrow(RangeError);
  expect(() => inputDigest([1], [8, 8], 0n)).toThrow(RangeError);
});
