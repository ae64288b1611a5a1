/**
 * What a blind contributor can learn: no weight is in what it gets, and every guess of a weight can be confirmed with it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import { contribute } from '../../src/ceremony/contribute.ts';
import { pointsOfKey, readPoints } from '../../src/formats/points-file.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { G1_BYTES } from '../../src/formats/zkey-layout.ts';
import { g2Generator } from '../../src/key/key-checker.ts';
import { type FfCurve, withCurve } from '../../src/key/snarkjs-session.ts';
import { contributorFor } from '../../src/setup/contributor.ts';
import { type Constraint, synthesizeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

const BITS = 6;
const WEIGHTS = [3, -5, 7];
const BIAS = 2;
/** Wires: one, the label, the features, then the bits of the score below the label. */
const FEATURES = 2;
const bitWire = (bit: number) => (bit === BITS - 1 ? 1 : FEATURES + WEIGHTS.length + bit);

/** A logistic regression over hidden features: its label says whether Σ weight · feature + bias ≥ 0. */
function logisticRegression(weights: readonly number[], bias: number): Uint8Array {
  const bits = Array.from(
    { length: BITS },
    (_, bit): Constraint => [
      new Map([[bitWire(bit), 1n]]),
      new Map([
        [bitWire(bit), 1n],
        [0, -1n],
      ]),
      new Map(),
    ],
  );
  const offset = 2 ** (BITS - 1);
  const score = new Map<number, bigint>([[0, BigInt(bias + offset)]]);
  for (const [i, weight] of weights.entries()) score.set(FEATURES + i, BigInt(weight));
  for (let bit = 0; bit < BITS; bit += 1) score.set(bitWire(bit), -(1n << BigInt(bit)));
  const shape = {
    nWires: 1 + 1 + WEIGHTS.length + BITS - 1,
    nOutputs: 1,
    nPublicInputs: 0,
    nPrivateInputs: WEIGHTS.length,
  };
  return synthesizeR1cs(shape, [...bits, [score, new Map([[0, 1n]]), new Map()]]);
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptau: string;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 4);
});
afterAll(async () => {
  await folder.remove();
  await release();
});

const keyOf = async (r1cs: Uint8Array) => (await ceremonySetup(readR1cs(r1cs), r1cs, ptau)).zkey;

/** The point of a feature's wire. Section C begins after the constant and the label. */
const pointOf = (c: Uint8Array, feature: number) => {
  const at = (FEATURES + feature - 2) * G1_BYTES;
  return c.subarray(at, at + G1_BYTES);
};

it('confirms guessed weights one by one, and no wrong ones', async () => {
  const initial = await keyOf(logisticRegression(WEIGHTS, BIAS));
  // An earlier contributor is no protection: δ is in the file.
  const key = await contribute(initial, 'Bo', 'key', contributorFor('key'));
  const received = readPoints(pointsOfKey(readZkey(key)), 'received');
  const confirmed = WEIGHTS.map((): number[] => []);
  await withCurve(async (curve) => {
    for (let guess = -8; guess < 8; guess += 1) {
      // One key of a model whose weights are all this guess tests each weight on its own: 16 guesses, not 16^3.
      const guessed = readZkey(await keyOf(logisticRegression(Array(3).fill(guess), 0)));
      for (const [feature, found] of confirmed.entries()) {
        if (
          await isDivided(curve, pointOf(guessed.c, feature), pointOf(received.c, feature), received.delta2)
        ) {
          found.push(guess);
        }
      }
    }
  });
  expect(confirmed).toEqual(WEIGHTS.map((weight) => [weight]));
});

/** e(guess, G₂) = e(received, δ) */
function isDivided(curve: FfCurve, guess: Uint8Array, received: Uint8Array, delta2: Uint8Array) {
  if (curve.G1.isZero(guess) || curve.G1.isZero(received))
    return curve.G1.isZero(guess) === curve.G1.isZero(received);
  return curve.pairingEq(guess, g2Generator(), curve.G1.neg(received), delta2);
}
