/** Checks the verifier's points and pairing against go-ethereum's test vectors for the BN254 precompiles. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bn254 } from '@noble/curves/bn254.js';
import { describe, expect, test } from 'vitest';
import type { G1Point, G2Point } from '../../src/verify/key/point-types.ts';
import { decodeG1, decodeG2, Q, R } from '../../src/verify/key/points.ts';
import { lines, type PairingTerm, pair } from '../../src/verify/key/prepared-key.ts';
import { Refusal } from '../../src/verify/refusal.ts';
import { precompileVectors } from '../support/go-ethereum.ts';

const CODES = { modulus: 'QP7501', curve: 'QP7502', subgroup: 'QP7503', infinity: 'QP7504' } as const;

interface Vector {
  readonly Name: string;
  readonly Input: string;
  readonly Expected: string;
}

const folder = precompileVectors();
const load = (file: string): Vector[] =>
  folder === undefined ? [] : JSON.parse(readFileSync(path.join(folder, file), 'utf8'));

/** Words of 32 bytes. A short input is padded with zeros, and excess bytes are ignored (EIP-196). */
function words(hex: string, count: number): bigint[] {
  const padded = hex.padEnd(count * 64, '0');
  return Array.from({ length: count }, (_, i) => BigInt(`0x${padded.slice(i * 64, i * 64 + 64)}`));
}

/** The precompiles encode infinity as zeros, which the proof format does not allow. */
function pointG1([x, y]: readonly bigint[]): G1Point {
  if (x === 0n && y === 0n) return bn254.G1.Point.ZERO;
  return decodeG1([`${x}`, `${y}`, '1'], CODES, 'G1');
}

/** The imaginary part comes first (EIP-197). */
function pointG2([x1, x0, y1, y0]: readonly bigint[]): G2Point {
  if (x0 === 0n && x1 === 0n && y0 === 0n && y1 === 0n) return bn254.G2.Point.ZERO as G2Point;
  return decodeG2(
    [
      [`${x0}`, `${x1}`],
      [`${y0}`, `${y1}`],
      ['1', '0'],
    ],
    CODES,
    'G2',
  );
}

function encode(point: G1Point): string {
  const { x, y } = point.is0() ? { x: 0n, y: 0n } : point.toAffine();
  return [x, y].map((word) => word.toString(16).padStart(64, '0')).join('');
}

/** Whether the product of pairings is 1, with the same steps as `groth16Holds`. */
function pairing(input: readonly bigint[]): boolean {
  const { Fp12 } = bn254.fields;
  const terms: PairingTerm[] = [];
  for (let at = 0; at < input.length; at += 6) {
    const [p, q] = [pointG1(input.slice(at, at + 2)), pointG2(input.slice(at + 2, at + 6))];
    if (!p.is0() && !q.is0()) terms.push(pair(lines(q), p));
  }
  const product = terms.length === 0 ? Fp12.ONE : bn254.millerLoopBatch(terms);
  return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE);
}

describe.skipIf(folder === undefined)("go-ethereum's vectors", () => {
  test.each(load('bn256Add.json'))('addition: $Name', ({ Input, Expected }) => {
    const input = words(Input, 4);
    expect(encode(pointG1(input.slice(0, 2)).add(pointG1(input.slice(2, 4))))).toBe(Expected);
  });

  test.each(load('bn256ScalarMul.json'))('multiplication: $Name', ({ Input, Expected }) => {
    const input = words(Input, 3);
    expect(encode(pointG1(input).multiplyUnsafe((input[2] as bigint) % R))).toBe(Expected);
  });

  const pairings = load('bn256Pairing.json');
  test.each(pairings)('pairing: $Name', ({ Input, Expected }) => {
    expect(pairing(words(Input, Input.length / 64))).toBe(BigInt(`0x${Expected}`) === 1n);
  });

  const whole = pairings.filter(({ Input }) => Input.length >= 384).map((vector) => words(vector.Input, 6));
  const corruptions: readonly (readonly [string, (input: bigint[]) => void])[] = [
    ['G1.x + q', (input) => (input[0] = (input[0] as bigint) + Q)],
    ['G1.y off the curve', (input) => (input[1] = ((input[1] as bigint) + 1n) % Q)],
    ['G2.x + q', (input) => (input[3] = (input[3] as bigint) + Q)],
    ['G2.y off the curve', (input) => (input[5] = ((input[5] as bigint) + 1n) % Q)],
    ['G2 halves swapped', (input) => input.splice(2, 2, input[3] as bigint, input[2] as bigint)],
  ];
  test.each(corruptions)('an input with %s is refused', (_, corrupt) => {
    const finite = whole.filter((input) => input[0] !== 0n && input[3] !== 0n);
    expect(finite.length).toBeGreaterThan(5);
    for (const input of finite) {
      const copy = input.slice();
      corrupt(copy);
      expect(() => pairing(copy)).toThrow(Refusal);
    }
  });
});
