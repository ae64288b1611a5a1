import { grainGenConstants } from '@noble/curves/abstract/poseidon.js';
import { bn254 } from '@noble/curves/bn254.js';
import { poseidon, poseidonConstants, R } from '@quietproof/verify';
import { buildPoseidon } from 'circomlibjs';
import { expect, test } from 'vitest';

const oracle = await buildPoseidon();

test.each(Array.from({ length: 16 }, (_, index) => index + 1))('%i inputs: equal to circomlibjs', (count) => {
  const cases = [
    Array.from({ length: count }, (_, i) => BigInt(i)),
    Array.from({ length: count }, (_, i) => R - 1n - BigInt(i)),
    Array.from({ length: count }, (_, i) => BigInt(i + 3) ** 150n % R),
  ];
  for (const inputs of cases) expect(poseidon(inputs)).toBe(oracle.F.toObject(oracle(inputs)));
});

test('the published value of Poseidon(1, 2)', () => {
  expect(poseidon([1n, 2n])).toBe(0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189an);
});

test('widths outside 2 to 17 have no parameters', () => {
  expect(() => poseidon([])).toThrow(RangeError);
  expect(() => poseidon(new Array<bigint>(17).fill(0n))).toThrow(RangeError);
  expect(poseidonConstants(17).roundConstants).toHaveLength(8 + 68);
});

test.each([2, 9, 17])('the constants of width %i are those of noble', (t) => {
  const { partialRounds, ...constants } = poseidonConstants(t);
  const options = { Fp: bn254.fields.Fr, t, roundsFull: 8, roundsPartial: partialRounds };
  expect(constants).toEqual(grainGenConstants(options));
});
