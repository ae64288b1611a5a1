import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { bilinear } from '../../src/integer/bilinear.ts';
import type { Table } from '../../src/integer/integer-graph.ts';
import { indexBitsOf, piecewise, piecewiseCost, segmentsCost } from '../../src/integer/piecewise.ts';
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
  const { fine, parts } = form.values;
  const indexBits = indexBitsOf(form.values);
  const rest = Math.floor(v / 2 ** shift);
  const guards = Math.floor(rest / 2 ** indexBits) % 2 ** form.guards;
  if (guards > 0 || (form.isSigned && sign === 0)) return form.beyond.base + form.beyond.slope * sign;
  const index = rest % 2 ** indexBits;
  const value = parts.reduceRight((sum, part) => {
    const segment = Math.floor(index / 2 ** fine);
    let own = 0;
    part.coefficients.forEach((c, mask) => {
      if ((segment & mask) === mask) own += c;
    });
    return sum * (index % 2 ** fine) + own;
  }, 0);
  const { constant, slope, factor } = form.mirror;
  return isBelow ? value - (constant + slope * index + factor * value) : value;
}

const tables = fc.record({
  bits: fc.integer({ min: 1, max: 7 }),
  kind: fc.constantFrom('any', 'odd', 'even', 'slope', 'flat', 'lines', 'parabolas', 'mirroredLines'),
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
  lines: (bits) => segmentsOf(bits, 1),
  parabolas: (bits) => segmentsOf(bits, 2),
  mirroredLines: (bits) => {
    const upper = segmentsOf(bits - 1, 1);
    return Float64Array.of(...upper.map((value) => 5 - value).reverse(), ...upper);
  },
};

/** Segments of up to 8 entries, each on a line or a parabola of its own. */
function segmentsOf(bits: number, degree: number): Float64Array {
  const fine = Math.min(bits, 3);
  const curves = Array.from({ length: 2 ** (bits - fine) }, () =>
    Array.from(entriesOf(2).slice(0, degree + 1)),
  );
  return Float64Array.from({ length: 2 ** bits }, (_, index) => {
    const rest = index % 2 ** fine;
    return curves[Math.floor(index / 2 ** fine)]!.reduceRight((sum, own) => sum * rest + own, 0);
  });
}

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
          const found = [values[1], form.kind === 'constant' ? form.lo : computed(form, shift, x)];
          const isRight = found.every((own) => own === entry) && entry >= form.lo && entry <= form.hi;
          if (!isRight) expect({ x, found, form }).toEqual(entry);
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

describe('entries by segments', () => {
  it.each([
    [1, 3, 3],
    [2, 3, 3],
    [1, 5, 2],
    [2, 4, 4],
  ])('of degree %i, 2^%i of 2^%i entries, have the form that costs least', (degree, bits, fine) => {
    const curves = Array.from({ length: 2 ** bits }, () => Array.from(entriesOf(2).slice(0, degree + 1)));
    const entries = Float64Array.from({ length: 2 ** (bits + fine) }, (_, index) => {
      const rest = index % 2 ** fine;
      return curves[Math.floor(index / 2 ** fine)]!.reduceRight((sum, own) => sum * rest + own, 0);
    });
    const found = piecewise(entries);
    expect([found.parts.length - 1, found.fine]).toEqual([degree, fine]);
    expect(piecewiseCost(found)).toBe(segmentsCost(bits, degree));
  });

  it('cost one product with the rest for each degree', () => {
    expect([4, 5, 6, 8].map((bits) => segmentsCost(bits, 1))).toEqual([7, 12, 19, 45]);
    expect([2, 4, 5, 6].map((bits) => segmentsCost(bits, 2))).toEqual([3, 9, 16, 23]);
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
    [4, 4],
    [6, 12],
    [8, 30],
    [9, 45],
    [10, 68],
    [16, 622],
  ])('of %i bits are %i, the bits themselves aside', (bits, cost) => {
    expect(costOf(bits, entriesOf(bits))).toBe(cost);
  });

  it('are 20 for 8 bits where it is odd around its middle, or even plus a slope', () => {
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
    expect(centred(mirrored(8, (upper) => 31 - upper))).toBe(20);
    expect(centred(mirrored(8, (upper, j) => upper - 2 * j - 1))).toBe(20);
    expect(centred(mirrored(8, (upper) => upper))).toBe(19);
    expect(centred(entriesOf(8))).toBe(30);
  });
});
