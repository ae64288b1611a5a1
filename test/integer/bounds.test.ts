import { describe, expect, it } from 'vitest';
import { bitLength, signedBits } from '../../src/integer/bounds.ts';
import { computeBounds, executeInteger } from '../../src/integer/execute.ts';
import { GraphMaker, TEST_GRAPHS } from '../circuit/support/graphs.ts';

describe('computeBounds', () => {
  it.each(Object.entries(TEST_GRAPHS))('contains every value of %s', (_, make) => {
    const { maker, graph } = make();
    const { lo, hi } = computeBounds(graph);
    for (const row of maker.rows(300)) {
      executeInteger(graph, row).forEach((value, id) => {
        expect(value).toBeGreaterThanOrEqual(lo[id]!);
        expect(value).toBeLessThanOrEqual(hi[id]!);
      });
    }
  });

  it('is reached at the corners of the input box', () => {
    const maker = new GraphMaker([15, 3], 11);
    const outputs = maker.block(3, 1, 2, [0, 1]);
    const graph = maker.finish('logits', outputs);
    const { lo, hi } = computeBounds(graph);
    const corners = [0, 15].flatMap((a) => [0, 3].map((b) => executeInteger(graph, [a, b])));
    for (const id of outputs) {
      expect(Math.min(...corners.map((values) => values[id]!))).toBe(lo[id]);
      expect(Math.max(...corners.map((values) => values[id]!))).toBe(hi[id]);
    }
  });

  it('stops with the layer where integers would no longer be exact', () => {
    const maker = new GraphMaker([2 ** 50], 12);
    const graph = maker.finish('logits', maker.block(1, 1, 1, [0], 2 ** 20));
    expect(() => computeBounds(graph)).toThrow(/QP3001 .*layer "block"/);
  });
});

describe('partial sums', () => {
  it('must be exact as well: terms that cancel in the end are refused where one of them is too large', () => {
    const maker = new GraphMaker([1], 13);
    const large = {
      name: 'large',
      origin: [],
      first: 1,
      count: 1,
      scale: 1,
      op: 'linear' as const,
      blocks: [],
    };
    const one = { weights: Float64Array.of(1), source: Int32Array.of(0) };
    maker.nodes.push({ ...large, diagonals: [one], bias: Float64Array.of(2 ** 51) });
    const twice = [4, -4].map((weight) => ({ weights: Float64Array.of(weight), source: Int32Array.of(1) }));
    maker.nodes.push({ ...large, name: 'cancels', first: 2, diagonals: twice, bias: Float64Array.of(0) });
    const graph = maker.finish('logits', Int32Array.of(2));
    expect(() => computeBounds(graph)).toThrow(/QP3001 .*layer "cancels"/);
  });
});

describe('bit counts', () => {
  it('are those of binary notation', () => {
    for (let value = 0; value < 1000; value += 1) {
      expect(bitLength(value)).toBe(value === 0 ? 0 : value.toString(2).length);
    }
    expect(bitLength(2 ** 52)).toBe(53);
  });

  it("are those of two's complement", () => {
    for (let bits = 1; bits < 12; bits += 1) {
      const limit = 2 ** (bits - 1);
      expect(signedBits(-limit, limit - 1)).toBe(bits);
      expect(signedBits(-limit - 1, 0)).toBe(bits + 1);
      expect(signedBits(0, limit)).toBe(bits + 1);
    }
  });
});
