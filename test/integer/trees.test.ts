import { describe, expect, it } from 'vitest';
import { checkIntegerGraph } from '../../src/integer/check-integer-graph.ts';
import { computeBounds, executeInteger } from '../../src/integer/execute.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { integerGraphJson, parseIntegerGraph } from '../../src/integer/integer-graph-json.ts';
import { GraphMaker, TEST_GRAPHS } from '../circuit/support/graphs.ts';

function everyRow(graph: IntegerGraph): number[][] {
  return Array.from(graph.input.max).reduce<number[][]>(
    (rows, most) => rows.flatMap((row) => Array.from({ length: most + 1 }, (_, value) => [...row, value])),
    [[]],
  );
}

describe('a thermometer', () => {
  it('says of every cut whether the value reaches it', () => {
    const maker = new GraphMaker([20], 1);
    const cuts = [1, 4, 5, 17, 20];
    const ids = maker.thermometer(0, cuts);
    const graph = maker.finish('logits', ids);
    for (const [value] of everyRow(graph)) {
      const values = executeInteger(graph, [value!]);
      expect(Array.from(ids, (id) => values[id])).toEqual(cuts.map((cut) => (value! >= cut ? 1 : 0)));
    }
  });

  it.each([[[0]], [[21]], [[3, 25]], [[-4, 3]]])('refuses the cuts %j of a value 0 … 20', (cuts) => {
    const maker = new GraphMaker([20], 1);
    const graph = maker.finish('logits', maker.thermometer(0, cuts));
    checkIntegerGraph(graph);
    expect(() => computeBounds(graph)).toThrow(/QP3036 .*layer "cuts", source within 0 … 20/);
  });

  it.each([[[3, 3]], [[4, 3]], [[2 ** 52 + 2]], [[1.5, 1.5]]])('breaks an invariant with cuts %j', (cuts) => {
    const maker = new GraphMaker([2 ** 52], 1);
    expect(() => checkIntegerGraph(maker.finish('logits', maker.thermometer(0, cuts)))).toThrow(/QP3901/);
  });
});

describe('the range of a sum over values that vary together', () => {
  const rangeOf = (graph: IntegerGraph, id: number) => {
    const { lo, hi } = computeBounds(graph);
    const found = everyRow(graph).map((row) => executeInteger(graph, row)[id]!);
    expect([Math.min(...found), Math.max(...found)]).toEqual([lo[id], hi[id]]);
    return [lo[id], hi[id]];
  };

  it('is exact over one thermometer, also where its values are read several times', () => {
    const maker = new GraphMaker([9], 1);
    const [a, b, c] = maker.thermometer(0, [2, 5, 7]);
    const [missing, equal, sum] = maker.sums(
      [1, [-1, a!], [1, c!]],
      [0, [1, a!], [-1, b!]],
      [-3, [5, a!], [-9, b!], [2, a!], [3, c!]],
    );
    const graph = maker.finish('logits', Int32Array.of(missing!, equal!, sum!));
    expect(rangeOf(graph, missing!)).toEqual([0, 1]);
    expect(rangeOf(graph, equal!)).toEqual([0, 1]);
    expect(rangeOf(graph, sum!)).toEqual([-5, 4]);
  });

  it('is exact over the leaves of one tree, and adds up over trees', () => {
    const maker = new GraphMaker([9, 9], 1);
    const [a, b] = [maker.thermometer(0, [2, 5]), maker.thermometer(1, [4])];
    const tree = maker.treeLeaves([
      [a[0]!, 1, -1],
      [a[1]!, -2, -3],
    ]);
    const other = maker.treeLeaves([[b[0]!, -1, -2]]);
    const [one, all, both] = maker.sums(
      [0, [10, tree[0]!], [-4, tree[2]!]],
      [0, ...Array.from(tree, (id) => [7, id] as const)],
      [1, [10, tree[0]!], [3, tree[1]!], [4, tree[2]!], [-20, other[0]!], [1, other[1]!]],
    );
    const graph = maker.finish('logits', Int32Array.of(one!, all!, both!));
    expect(rangeOf(graph, one!)).toEqual([-4, 10]);
    expect(rangeOf(graph, all!)).toEqual([7, 7]);
    expect(rangeOf(graph, both!)).toEqual([-16, 12]);
  });
});

describe('a choice', () => {
  it('has the range of both values, and refuses a condition that may be anything else', () => {
    const maker = new GraphMaker([9, 3, 1], 1);
    const [chosen] = maker.select([2], [0], [1]);
    const { lo, hi } = computeBounds(maker.finish('logits', Int32Array.of(chosen!)));
    expect([lo[chosen!], hi[chosen!]]).toEqual([0, 9]);
    const wrong = new GraphMaker([9, 3, 2], 1);
    const graph = wrong.finish('logits', wrong.select([2], [0], [1]));
    expect(() => computeBounds(graph)).toThrow(/QP3035 .*layer "select", condition 0 within 0 … 2/);
    const tree = new GraphMaker([2], 1);
    const leaves = tree.treeLeaves([[0, -1, -2]]);
    expect(() => computeBounds(tree.finish('logits', leaves))).toThrow(/QP3035/);
  });
});

describe('a tree', () => {
  it.each([
    ['a leaf twice', [[0, -1, -1]]],
    ['a child before its parent', [[0, 0, -1]]],
    ['a leaf that does not exist', [[0, -1, -3]]],
    [
      'an inner node twice',
      [
        [0, 1, 1],
        [0, -1, -2],
      ],
    ],
    ['an inner node that does not exist', [[0, 1, -1]]],
  ] as const)('breaks an invariant with %s', (_, nodes) => {
    const maker = new GraphMaker([1], 1);
    const graph = maker.finish('logits', maker.treeLeaves(nodes as never));
    expect(() => checkIntegerGraph(graph)).toThrow(/QP3901 .*layer "leaves"/);
  });
});

describe('graphs of trees', () => {
  const names = Object.keys(TEST_GRAPHS).filter((name) => /tree|thermometer/.test(name));

  it.each(names)('%s: the file gives the same graph', (name) => {
    const { graph } = TEST_GRAPHS[name]!();
    const json = integerGraphJson(graph);
    expect(names).toHaveLength(3);
    expect(parseIntegerGraph(json)).toEqual(graph);
    expect(integerGraphJson(parseIntegerGraph(json))).toBe(json);
  });
});
