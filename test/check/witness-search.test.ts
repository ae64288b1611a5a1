import { expect, it } from 'vitest';
import { booleanWires } from '../../src/check/boolean-wires.ts';
import { bigRows } from '../../src/check/solve-witness.ts';
import { findWitnesses } from '../../src/check/witness-search.ts';
import { boolean, type Sum, systemOf } from './constraints-of.ts';

const DIGITS = 24;
const wiresOf = (first: number) => Array.from({ length: DIGITS }, (_, k) => first + k);

/** Booleans of equal weight that add up to `total`: no row says which of them are 1, so the search has to guess. */
function search(total: number, terms: number) {
  const digits = wiresOf(2);
  const sum: Sum = Object.fromEntries(digits.map((wire) => [wire, 1]));
  const rows = digits.map((wire) => boolean(wire));
  const system = systemOf({ wires: 2 + DIGITS }, ...rows, [{}, {}, { ...sum, 0: -total }]);
  const start = [1n, 0n, ...digits.map(() => undefined)];
  const budget = { terms };
  return { found: findWitnesses(system, bigRows(system), booleanWires(system), start, budget), budget };
}

it('finds two witnesses where there are some', () => {
  const { found } = search(3, 10_000_000);
  expect(found?.map((wires) => wires.slice(2).reduce((a, b) => a! + b!, 0n))).toEqual([3n, 3n]);
});

it('ends where its budget of terms does, whatever is left to try', () => {
  const { found, budget } = search(1000, 5000);
  expect(found).toBeUndefined();
  // One pass over the open rows may exceed it.
  expect(budget.terms).toBeLessThanOrEqual(0);
  expect(budget.terms).toBeGreaterThan(-1000);
});
