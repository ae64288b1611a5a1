import { poseidonConstants } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { type PoseidonRows, poseidonRows } from '../../../src/check/gadgets/poseidon-rows.ts';
import type { BigForm } from '../../../src/check/linear-form.ts';
import { pseudoRandom } from '../../../src/data/pseudo-random.ts';
import { SCALAR_FIELD } from '../../../src/field/bn254.ts';

const FULL_ROUNDS = 8;
const next = pseudoRandom();
const mod = (x: bigint) => ((x % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;

function randomElement(): bigint {
  let value = 0n;
  for (let k = 0; k < 9; k += 1) value = (value << 29n) + BigInt(Math.floor(next() * 2 ** 29));
  return mod(value);
}

/** The rounds as they are defined, with any numbers in place of what the S-boxes give. */
function runRounds(t: number, inputs: readonly bigint[], boxes: readonly bigint[]) {
  const { roundConstants, mds, partialRounds } = poseidonConstants(t);
  const reads: bigint[] = [];
  let state = [0n, ...inputs];
  for (let round = 0; round < FULL_ROUNDS + partialRounds; round += 1) {
    const isFull = round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + partialRounds;
    const powered = state.map((value, i) => {
      const x = mod(value + roundConstants[round]![i]!);
      if (!isFull && i > 0) return x;
      if (round === 0 && i === 0) return mod(x ** 5n);
      reads.push(x);
      return boxes[reads.length - 1]!;
    });
    state = mds.map((row) => mod(row.reduce((sum, own, i) => sum + own * powered[i]!, 0n)));
  }
  return { reads, out: state[0]! };
}

function valueAt(form: BigForm, symbols: readonly bigint[]): bigint {
  return mod(form.wires().reduce((sum, symbol) => sum + form.coefficient(symbol) * symbols[symbol]!, 0n));
}

/** Whether the expressions are those of the rounds, at random values of all symbols. */
function agrees(t: number, { reads, out }: PoseidonRows): boolean {
  const symbols = [1n, ...Array.from({ length: t - 1 + reads.length }, randomElement)];
  const expected = runRounds(t, symbols.slice(1, t), symbols.slice(t));
  const found = reads.map((form) => valueAt(form, symbols));
  return (
    expected.reads.length === found.length &&
    expected.reads.every((value, box) => value === found[box]) &&
    expected.out === valueAt(out, symbols)
  );
}

describe('the expressions of Poseidon', () => {
  it.each(Array.from({ length: 5 }, (_, k) => [2, 3, 6, 11, 17][k]!))(
    'are those of its rounds at width %i',
    (t) => {
      expect(agrees(t, poseidonRows(t))).toBe(true);
    },
  );

  it('are not, if one coefficient of one S-box is another', () => {
    const { reads, out } = poseidonRows(3);
    const at = reads.length - 1;
    const spoiled = poseidonRows(3).reads[at]!;
    spoiled.add(4, 1n);
    expect(agrees(3, { reads, out })).toBe(false);
    spoiled.add(4, -1n);
  });
});
