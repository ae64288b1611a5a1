import { describe, expect, it } from 'vitest';
import { booleanWires } from '../../src/check/boolean-wires.ts';
import { chainWires } from '../../src/check/chain-wires.ts';
import { type Determinism, proveDeterminism } from '../../src/check/determinism.ts';
import { propagateIntervals } from '../../src/check/interval-propagation.ts';
import { boolean, type Sum, systemOf } from './constraints-of.ts';

type Row = readonly [Sum, Sum, Sum];

/** y · (x − y) = 0 */
const link = (x: number, y: number, scale = 1): Row => [{ [y]: scale }, { [x]: 3, [y]: -3 }, {}];

describe('lemma "chain"', () => {
  const chained = (...rows: readonly Row[]) => {
    const system = systemOf({ wires: 6 }, ...rows);
    return chainWires(system, booleanWires(system)).wires.toSorted();
  };

  it('fires along a chain from a boolean wire, whatever the order and the factors', () => {
    expect(chained(link(3, 4), boolean(2), link(2, 3, -7))).toEqual([3, 4]);
    const [a, b, c] = link(2, 3);
    expect(chained(boolean(2), [b, a, c])).toEqual([3]);
  });

  it('does not fire without a boolean first wire, or in a circle', () => {
    expect(chained(link(2, 3), link(3, 4))).toEqual([]);
    expect(chained(boolean(5), link(2, 3), link(3, 2))).toEqual([]);
  });

  it('does not fire on other rows', () => {
    expect(chained(boolean(2), [{ 3: 1 }, { 2: 1, 3: -2 }, {}])).toEqual([]);
    expect(chained(boolean(2), [{ 3: 1 }, { 2: 1, 3: 1 }, {}])).toEqual([]);
    expect(chained(boolean(2), [{ 3: 1 }, { 2: 1, 3: -1, 0: 1 }, {}])).toEqual([]);
    expect(chained(boolean(2), [{ 3: 1, 0: 1 }, { 2: 1, 3: -1 }, {}])).toEqual([]);
    expect(chained(boolean(2), [{ 3: 1 }, { 2: 1, 3: -1 }, { 3: 1 }])).toEqual([]);
    expect(chained(boolean(2), [{ 4: 1 }, { 2: 1, 3: -1 }, {}])).toEqual([]);
  });
});

/** Wire 1 is x, wire 2 another input, 3 to 5 the chain, 6 and 7 the digits of `low`, 8 and 9 those of `high`. */
const BOOLEANS: readonly Row[] = [3, 6, 7, 8, 9].map(boolean);
const CHAIN: readonly Row[] = [link(3, 4), link(4, 5)];
/** Cuts 2, 4 and 6 of 0 … 9. */
const LOW: Sum = { 1: 1, 6: -1, 7: -2, 3: -2, 4: -2, 5: -2 };
const HIGH: Sum = { 0: 1, 1: -1, 8: -1, 9: -2, 3: 2, 4: 2, 5: 4 };

/** Three of them exceed the field's order, and none does half of it. */
const LARGE = 2n ** 252n + 2n ** 250n;

function proofOf(low: Sum, high: Sum | undefined, rows: readonly Row[] = [...BOOLEANS, ...CHAIN]) {
  const sums: Row[] = [low, ...(high === undefined ? [] : [high])].map((sum) => [{}, {}, sum]);
  const system = systemOf({ wires: 10, inputs: 2 }, ...rows, ...sums);
  const determinism = proveDeterminism(system);
  return { determinism, system };
}

function lemmas({ deductions }: Determinism): string[] {
  return deductions.map(({ lemma, wires }) => `${lemma} ${wires.toSorted()}`).sort();
}

describe('lemma "thermometer"', () => {
  it('determines the chain, and the digits follow', () => {
    const { determinism } = proofOf(LOW, HIGH);
    expect(lemmas(determinism)).toEqual(['digits 6,7', 'digits 8,9', 'thermometer 3,4,5']);
    expect(determinism.unproved).toEqual([]);
  });

  it('fires with either row negated, and with a chain of one', () => {
    const negated = (sum: Sum) => Object.fromEntries(Object.entries(sum).map(([k, v]) => [k, -v]));
    expect(proofOf(negated(LOW), HIGH).determinism.unproved).toEqual([]);
    expect(proofOf(LOW, negated(HIGH)).determinism.unproved).toEqual([]);
    const one = proofOf({ 1: 1, 6: -1, 7: -2, 3: -3 }, { 0: 2, 1: -1, 8: -1, 9: -2, 3: 3 }, [
      ...BOOLEANS,
      ...CHAIN,
    ]);
    expect(one.determinism.known[3]).toBe(1);
  });

  it('bounds x without a row of its own', () => {
    const { determinism, system } = proofOf(LOW, HIGH);
    const { lo, hi, wrapping } = propagateIntervals(system, determinism, new Map());
    expect([lo[1], hi[1]]).toEqual([0, 9]);
    expect(wrapping).toEqual([]);
  });

  it.each<[string, Sum, Sum | undefined, (readonly Row[])?]>([
    ['one row is missing', LOW, undefined],
    ['the high end has one value too many', LOW, { ...HIGH, 0: 2 }],
    ['the low end has one value too many', { ...LOW, 0: 1 }, HIGH],
    ['a step of one row is too short', { ...LOW, 4: -1 }, HIGH],
    ['a step goes down', { ...LOW, 5: 2 }, HIGH],
    ['a digit counts negatively', { ...LOW, 7: 2 }, HIGH],
    ['the known parts do not cancel', { ...LOW, 2: 1 }, HIGH],
    ['the known parts add up to twice x', LOW, { ...HIGH, 1: 1 }],
    ['the rows share a digit', LOW, { ...HIGH, 8: 0, 6: -1 }],
    ['the sums may wrap', { ...LOW, 7: -(2n ** 253n) }, HIGH],
    [
      'the steps may wrap',
      { ...LOW, 3: -LARGE, 4: -LARGE, 5: -LARGE },
      { ...HIGH, 3: LARGE, 4: LARGE, 5: LARGE },
    ],
    ['the chain is only boolean', LOW, HIGH, [...BOOLEANS, link(3, 4), boolean(5)]],
    ['the chain branches', LOW, HIGH, [...BOOLEANS, link(3, 4), link(3, 5)]],
    ['the chain starts anywhere', LOW, HIGH, [...[6, 7, 8, 9].map(boolean), ...CHAIN]],
    ['a digit may be anything', LOW, HIGH, [...[3, 6, 7, 8].map(boolean), ...CHAIN]],
  ])('does not fire if %s', (_, low, high, rows) => {
    const { determinism } = proofOf(low, high, rows);
    expect(determinism.deductions.filter(({ lemma }) => lemma === 'thermometer')).toEqual([]);
    expect(determinism.unproved).toContain(5);
  });
});

describe('lemma "ones"', () => {
  const proof = (sum: Sum) => {
    const system = systemOf({ wires: 5 }, boolean(2), link(2, 3), link(3, 4), [{}, {}, sum]);
    return lemmas(proveDeterminism(system));
  };

  it('determines a chain by its sum', () => {
    expect(proof({ 1: 1, 2: -1, 3: -1, 4: -1 })).toEqual(['ones 2,3,4']);
    expect(proof({ 1: 1, 2: 5, 3: 5, 4: 9 })).toEqual(['ones 2,3,4']);
  });

  it('does not fire if the steps have two signs, or may wrap, or a part of the chain is missing', () => {
    expect(proof({ 1: 1, 2: -1, 3: 1, 4: -1 })).toEqual([]);
    expect(proof({ 1: 1, 2: LARGE, 3: LARGE, 4: LARGE })).toEqual([]);
    expect(proof({ 1: 1, 3: -1, 4: -1 })).toEqual([]);
  });
});
