import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { type Decomposition, decomposeOne, highBits } from '../../src/integer/decomposition.ts';
import type { IntegerActivation } from '../../src/integer/integer-graph.ts';
import { GraphMaker, RELU } from '../circuit/support/graphs.ts';

const activations: fc.Arbitrary<IntegerActivation> = fc.oneof(
  fc.constant<IntegerActivation>({ kind: 'clamp', low: 0, high: null }),
  fc.record({
    kind: fc.constant('clamp' as const),
    low: fc.integer({ min: -40, max: 10 }),
    high: fc.integer({ min: 11, max: 90 }),
  }),
  fc.record({
    kind: fc.constant('clamp' as const),
    low: fc.constant(null),
    high: fc.integer({ min: -30, max: 90 }),
  }),
  fc.constant<IntegerActivation>({ kind: 'clamp', low: null, high: null }),
  fc.integer({ min: 0, max: 7 }).chain((denominatorBits) =>
    fc.record({
      kind: fc.constant('leaky' as const),
      numerator: fc.integer({ min: 1, max: 2 ** denominatorBits }),
      denominatorBits: fc.constant(denominatorBits),
    }),
  ),
);

const cases = fc.record({
  activation: activations,
  shift: fc.integer({ min: 0, max: 6 }),
  lo: fc.integer({ min: -600, max: 600 }),
  width: fc.integer({ min: 0, max: 900 }),
});

/** The definition (DESIGN §4): floor((acc + 2^(S−1)) / 2^S), then the activation. */
function reference(activation: IntegerActivation, shift: number, acc: number): number {
  const y = shift === 0 ? acc : Math.floor((acc + 2 ** (shift - 1)) / 2 ** shift);
  if (activation.kind === 'leaky')
    return y < 0 ? y * activation.numerator : y * 2 ** activation.denominatorBits;
  return Math.min(Math.max(y, activation.low ?? -Infinity), activation.high ?? Infinity);
}

/** The template's formulas over the bits of v. */
function wire(d: Decomposition, activation: IntegerActivation, shift: number, acc: number): number {
  if (d.kind === 'constant') return 0;
  const v = acc + d.offset;
  if (d.kind === 'identity') return d.factor * v;
  if (d.kind === 'shift') return d.factor * Math.floor(v / 2 ** shift);
  const top = Math.floor(v / 2 ** (d.bits - 1));
  const high = Math.floor(v / 2 ** shift) % 2 ** highBits(d, shift);
  if (d.kind === 'clamp-low') return top * high;
  if (d.kind === 'clamp-high') return (1 - top) * (high + d.below) + top * d.above;
  if (d.kind === 'clamp-both') return top * Math.min(high, d.span);
  const unit = activation.kind === 'leaky' ? 2 ** activation.denominatorBits : 1;
  return (unit - d.slope) * top * high + d.slope * (high + 2 ** highBits(d, shift) * (top - 1)) - d.base;
}

/** Number of constraints of max(round(in + lo), 0) for 0 ≤ in ≤ width. */
function rectifierCost(shift: number, lo: number, width: number): number {
  const maker = new GraphMaker([width], 1);
  const sum = maker.diagonal([Int32Array.of(0)]);
  const node = maker.nodes[0]!;
  if (node.op !== 'linear') throw new Error('a diagonal is a linear node');
  node.diagonals[0]!.weights.fill(1);
  node.bias.fill(lo);
  const graph = maker.finish('logits', maker.requantize(sum, shift, RELU));
  return circuitCost(graph).layers.reduce((cost, layer) => cost + layer.constraints, 0);
}

describe('decomposeOne', () => {
  it('gives a form that equals the definition for every accumulator in range, within the bits it proves', () => {
    fc.assert(
      fc.property(cases, ({ activation, shift, lo, width }) => {
        const d = decomposeOne(shift, activation, lo, lo + width);
        for (let acc = lo; acc <= lo + width; acc += 1) {
          const expected = reference(activation, shift, acc);
          const fits =
            d.kind === 'constant' ||
            d.kind === 'identity' ||
            (acc + d.offset >= 0 && acc + d.offset < 2 ** d.bits);
          if (
            !fits ||
            wire(d, activation, shift, acc) + d.lo !== expected ||
            expected < d.lo ||
            expected > d.hi
          ) {
            expect.fail(`acc ${acc}: ${JSON.stringify(d)} does not give ${expected}`);
          }
        }
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('reaches both ends of the range it states', () => {
    fc.assert(
      fc.property(cases, ({ activation, shift, lo, width }) => {
        const d = decomposeOne(shift, activation, lo, lo + width);
        expect(reference(activation, shift, lo)).toBe(d.lo);
        expect(reference(activation, shift, lo + width)).toBe(d.hi);
      }),
      { numRuns: 400, seed: 2 },
    );
  });

  it('costs at most N + 2 for a rectifier', () => {
    fc.assert(
      fc.property(cases, ({ shift, lo, width }) => {
        const range = Math.max(-lo, lo + width) + 2 ** shift;
        expect(rectifierCost(shift, lo, width)).toBeLessThanOrEqual(Math.ceil(Math.log2(range + 1)) + 1 + 2);
      }),
      { numRuns: 400, seed: 3 },
    );
  });
});
