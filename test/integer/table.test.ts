import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { bilinear } from '../../src/integer/bilinear.ts';
import type { Table } from '../../src/integer/integer-graph.ts';
import { table } from '../../src/integer/table.ts';
import { type Lookup, tableForm } from '../../src/integer/table-form.ts';
import { GraphMaker, integerBetween } from '../circuit/support/graphs.ts';

const base = { op: 'table', name: 't', origin: [], first: 1, count: 1, scale: 1 } as const;
const source = Int32Array.of(0);

const random = pseudoRandom(3);
const entriesOf = (bits: number, limit = 100) =>
  Float64Array.from({ length: 2 ** bits }, () => integerBetween(random, -limit, limit));

/** The upper half, below it what a function makes of each of its entries. */
function mirrored(bits: number, lower: (upper: number, j: number) => number): Float64Array {
  const upper = entriesOf(bits - 1);
  return Float64Array.of(...upper.map(lower).reverse(), ...upper);
}

/** What the rows of the circuit compute, from the form alone. */
function computed(form: Lookup, shift: number, x: number): number {
  const a = x + form.offset;
  const isBelow = form.kind === 'mirrored' && a < 0;
  const v = isBelow ? -1 - a : a;
  if (v < 0 || v >= 2 ** form.bits) throw new Error('out of range');
  const sign = form.isSigned ? Math.floor(v / 2 ** (form.bits - 1)) : isBelow ? 1 : 0;
  const indexBits = form.values.lowBits + form.values.highBits;
  const rest = Math.floor(v / 2 ** shift);
  const guards = Math.floor(rest / 2 ** indexBits) % 2 ** form.guards;
  if (guards > 0 || (form.isSigned && sign === 0)) return form.beyond.base + form.beyond.slope * sign;
  const index = rest % 2 ** indexBits;
  let value = 0;
  form.values.coefficients.forEach((c, mask) => {
    if ((index & mask) === mask) value += c;
  });
  const { constant, slope, factor } = form.mirror;
  return isBelow ? value - (constant + slope * index + factor * value) : value;
}

const tables = fc.record({
  bits: fc.integer({ min: 1, max: 7 }),
  kind: fc.constantFrom('any', 'odd', 'even', 'slope', 'flat'),
  shift: fc.integer({ min: 0, max: 5 }),
  offset: fc.integer({ min: -300, max: 300 }),
  isCentred: fc.boolean(),
  lo: fc.integer({ min: -600, max: 600 }),
  width: fc.integer({ min: 0, max: 900 }),
});

const ENTRIES: Readonly<Record<string, (bits: number) => Float64Array>> = {
  any: (bits) => entriesOf(bits),
  odd: (bits) => mirrored(bits, (upper) => 9 - upper),
  even: (bits) => mirrored(bits, (upper) => upper),
  slope: (bits) => mirrored(bits, (upper, j) => upper - 3 * j - 1),
  flat: (bits) => entriesOf(bits, 1),
};

describe('a table', () => {
  it('is looked up as defined, by the executor and by the form that the circuit has', () => {
    fc.assert(
      fc.property(tables, ({ bits, kind, shift, offset, isCentred, lo, width }) => {
        const entries = ENTRIES[kind]!(bits);
        const own = isCentred ? (entries.length / 2) * 2 ** shift : offset;
        const node: Table = { ...base, source, shift, offset: own, entries };
        const form = tableForm(node, lo, lo + width);
        const values = new Float64Array(2);
        for (let x = lo; x <= lo + width; x += 1) {
          const index = Math.floor((x + own) / 2 ** shift);
          const entry = entries[Math.min(Math.max(index, 0), entries.length - 1)]!;
          values[0] = x;
          table.execute(node, values);
          expect(values[1]).toBe(entry);
          expect(entry).toBeGreaterThanOrEqual(form.lo);
          expect(entry).toBeLessThanOrEqual(form.hi);
          if (form.kind !== 'constant') expect(computed(form, shift, x)).toBe(entry);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has a polynomial whose factors are its rows', () => {
    const values = entriesOf(5);
    const { lowBits, factors, coefficients } = bilinear(values);
    for (let index = 0; index < 32; index += 1) {
      const low = index % 2 ** lowBits;
      let value = 0;
      for (let H = 0; H < 4; H += 1) {
        if (((index >> lowBits) & H) === H) value += factors[H * 2 ** lowBits + low]!;
      }
      expect(value).toBe(values[index]);
    }
    expect(coefficients[0]).toBe(values[0]);
  });
});

/** Constraints of a table that holds the whole range of its source, beside the b bits and their sum. */
function costOf(bits: number, entries: Float64Array, lo = 0): number {
  const maker = new GraphMaker([2 ** bits - 1], 1);
  const outputs = maker.table(Int32Array.of(0), 0, lo, Array.from(entries));
  return circuitCost(maker.finish('logits', outputs)).layers[0]!.constraints - bits - 1;
}

describe('the constraints of a table', () => {
  it.each([
    [3, 2],
    [4, 5],
    [6, 15],
    [8, 37],
    [9, 52],
    [10, 83],
  ])('of %i bits are %i, the bits themselves aside', (bits, cost) => {
    expect(costOf(bits, entriesOf(bits))).toBe(cost);
  });

  it('are 23 for 8 bits where it is odd around its middle, or even plus a slope', () => {
    // The sign takes one constraint more than a top bit, which the magnitude is shorter by.
    const centred = (entries: Float64Array) => {
      const maker = new GraphMaker([255], 1);
      const outputs = maker.table(maker.block(1, 1, 1, [0]), 0, 128, Array.from(entries));
      const [linear] = maker.nodes;
      if (linear?.op !== 'linear') throw new Error('a block is a linear node');
      linear.blocks[0]!.weights.fill(1);
      linear.bias.fill(-128);
      const { layers } = circuitCost(maker.finish('logits', outputs));
      return layers.reduce((sum, { constraints }) => sum + constraints, 0) - 9;
    };
    expect(centred(mirrored(8, (upper) => 31 - upper))).toBe(23);
    expect(centred(mirrored(8, (upper, j) => upper - 2 * j - 1))).toBe(23);
    expect(centred(mirrored(8, (upper) => upper))).toBe(22);
    expect(centred(entriesOf(8))).toBe(37);
  });
});
