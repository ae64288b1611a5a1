import { describe, expect, it } from 'vitest';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { computeBounds, executeInteger } from '../../src/integer/execute.ts';
import { productRange } from '../../src/integer/multiply.ts';
import { GraphMaker, integerBetween } from '../circuit/support/graphs.ts';

describe('multiply', () => {
  it('multiplies signed values', () => {
    const maker = new GraphMaker([20, 20], 1);
    const signed = maker.block(2, 1, 2, [0, 1]);
    const [a, b] = signed as unknown as [number, number];
    const products = maker.multiply(Int32Array.of(a, a, 0), Int32Array.of(b, a, b));
    const graph = maker.finish('logits', products);
    for (const row of maker.rows(100)) {
      const values = executeInteger(graph, row);
      const [x, y] = [values[a]!, values[b]!];
      expect(Array.from(products, (id) => values[id]!)).toEqual([x * y + 0, x * x, row[0]! * y + 0]);
    }
  });

  it('has the range of all products of numbers in the ranges, and of all squares', () => {
    const random = pseudoRandom(5);
    for (let round = 0; round < 200; round += 1) {
      const ends = Array.from({ length: 4 }, () => integerBetween(random, -6, 6));
      const left = { lo: Math.min(ends[0]!, ends[1]!), hi: Math.max(ends[0]!, ends[1]!) };
      const right = { lo: Math.min(ends[2]!, ends[3]!), hi: Math.max(ends[2]!, ends[3]!) };
      const all = (range: typeof left) =>
        Array.from({ length: range.hi - range.lo + 1 }, (_, i) => range.lo + i);
      const products = all(left).flatMap((a) => all(right).map((b) => a * b));
      const squares = all(left).map((a) => a * a);
      expect(productRange(left, right, false)).toEqual({
        lo: Math.min(...products) + 0,
        hi: Math.max(...products) + 0,
      });
      expect(productRange(left, left, true)).toEqual({ lo: Math.min(...squares), hi: Math.max(...squares) });
    }
  });

  it('is refused where a product could pass 2^52', () => {
    const maker = new GraphMaker([2 ** 27, 2 ** 27], 1);
    const graph = maker.finish('logits', maker.multiply(Int32Array.of(0), Int32Array.of(1)));
    expect(() => computeBounds(graph)).toThrow(/QP3001 .*layer "product"/);
  });
});

describe('compare', () => {
  it('is 1 exactly where left − right + offset is at least 0', () => {
    const maker = new GraphMaker([9, 9], 1);
    const offsets = [-9, -3, -1, 0, 1, 5, 10];
    const each = (id: number) => new Int32Array(offsets.length).fill(id);
    const answers = maker.compare(each(0), each(1), offsets);
    const graph = maker.finish('logits', answers);
    for (let a = 0; a <= 9; a += 1) {
      for (let b = 0; b <= 9; b += 1) {
        const values = executeInteger(graph, [a, b]);
        expect(Array.from(answers, (id) => values[id])).toEqual(offsets.map((c) => (a - b + c >= 0 ? 1 : 0)));
      }
    }
  });

  it('is refused where a difference could reach 2^52', () => {
    const maker = new GraphMaker([2 ** 52, 1], 1);
    const graph = maker.finish('logits', maker.compare(Int32Array.of(0), Int32Array.of(1), [0]));
    expect(() => computeBounds(graph)).toThrow(/QP3001 .*layer "comparison"/);
  });
});

describe('divide', () => {
  it('rounds to the nearest integer, halves up', () => {
    const maker = new GraphMaker([40, 6], 1);
    const signed = maker.diagonal([Int32Array.of(0)]);
    const atLeastOne = maker.requantize(Int32Array.of(1), 0, { kind: 'clamp', low: 1, high: null });
    const graph = maker.finish('logits', maker.divide(signed, atLeastOne, 3));
    const [output] = graph.statement.outputs;
    for (let n = 0; n <= 40; n += 1) {
      for (let d = 0; d <= 6; d += 1) {
        const values = executeInteger(graph, [n, d]);
        const [numerator, divisor] = [3 * values[signed[0]!]!, Math.max(d, 1)];
        // Twice the distance from a quotient that is the nearest is at most the divisor.
        const twice = 2 * (numerator - values[output!]! * divisor);
        expect(twice >= -divisor && twice < divisor).toBe(true);
      }
    }
  });

  it('is refused where a divisor may be 0, or where numbers pass the exact range', () => {
    const maker = new GraphMaker([2 ** 40, 15], 1);
    const positive = maker.requantize(Int32Array.of(1), 0, { kind: 'clamp', low: 1, high: null });
    const graph = (divisor: number, factor: number) => {
      const nodes = maker.nodes.slice(0, 1);
      const other = new GraphMaker([2 ** 40, 15], 1);
      other.nodes.push(...nodes);
      other.next += 1;
      return other.finish('logits', other.divide(Int32Array.of(0), Int32Array.of(divisor), factor));
    };
    expect(() => computeBounds(graph(positive[0]!, 1))).not.toThrow();
    expect(() => computeBounds(graph(1, 1))).toThrow(/QP3030 .*layer "quotient"/);
    expect(() => computeBounds(graph(positive[0]!, 2 ** 12))).toThrow(/QP3001 .*layer "quotient"/);
  });
});
