import { describe, expect, it } from 'vitest';
import { planCircuit } from '../../src/circuit/circuit-plan.ts';
import { checkIntegerGraph } from '../../src/integer/check-integer-graph.ts';
import { computeBounds } from '../../src/integer/execute.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { GraphMaker } from './support/graphs.ts';

function costs(graph: IntegerGraph): number[] {
  checkIntegerGraph(graph);
  return planCircuit(graph, computeBounds(graph)).layers.map(({ cost }) => cost);
}

describe('the cost of a thermometer', () => {
  const of = (max: number, cuts: readonly number[]) => {
    const maker = new GraphMaker([max], 1);
    return costs(maker.finish('logits', maker.thermometer(0, cuts)))[0];
  };

  it('is K + 2(g + 1), where g bits hold the widest interval less one, both ends included', () => {
    expect(of(255, [128])).toBe(1 + 2 * 8);
    expect(of(255, [127])).toBe(1 + 2 * 9);
    expect(of(255, [64, 128, 192])).toBe(3 + 2 * 7);
    expect(of(255, [1, 128, 255])).toBe(3 + 2 * 8);
    expect(of(4_278_190_080, [2_139_095_040])).toBe(1 + 2 * 32);
    expect(of(2 ** 40, [1])).toBe(1 + 2 * 41);
  });

  it('is K + 1 where every value is cut from the next', () => {
    expect(of(3, [1, 2, 3])).toBe(4);
  });

  it('is nothing for a value that is 0 or 1', () => {
    const maker = new GraphMaker([1], 1);
    const [cut] = maker.thermometer(0, [1]);
    const [seven] = maker.sums([7]);
    const chosen = maker.select([cut!], [seven!], [cut!]);
    expect(costs(maker.finish('logits', chosen))).toEqual([1]);
  });
});

describe('the cost of a tree', () => {
  /** A chain of inner nodes over one thermometer; the last one has two leaves. */
  const chain = (inner: number) => {
    const maker = new GraphMaker([1000], 1);
    const cuts = maker.thermometer(
      0,
      Array.from({ length: inner }, (_, k) => 10 * (k + 1)),
    );
    const leaves = maker.treeLeaves(
      Array.from(cuts, (cut, k) => [cut, -1 - k, k === inner - 1 ? -2 - k : k + 1] as const),
    );
    const scores = maker.block(2, 1, inner + 1, Array.from(leaves));
    return costs(maker.finish('logits', scores)).slice(1);
  };

  it('by leaves is one product per inner node but the root, whatever reads them', () => {
    expect(chain(1)).toEqual([2]);
    expect(chain(2)).toEqual([1, 2]);
    expect(chain(9)).toEqual([8, 2]);
  });

  it('by selection is one product per inner node that has a child with children', () => {
    const maker = new GraphMaker([100], 1);
    const [a, b, c] = maker.thermometer(0, [10, 20, 90]);
    const [left, right] = maker.sums([5, [3, a!]], [1, [-4, c!]]);
    const root = maker.select([b!], [right!], [left!]);
    expect(costs(maker.finish('logits', root)).slice(1)).toEqual([1]);
  });
});

describe('sums that are read by choices', () => {
  it('have no wire, and cost nothing, even in a chain', () => {
    const maker = new GraphMaker([15, 15, 1], 1);
    const [first] = maker.sums([-4, [3, 0], [2, 1]]);
    const [second, other] = maker.sums([1, [2, first!]], [0, [-7, first!]]);
    const graph = maker.finish('logits', maker.select([2], [second!], [other!]));
    expect(costs(graph)).toEqual([1]);
  });

  it('have one where anything else reads them', () => {
    const maker = new GraphMaker([15, 15, 1], 1);
    const [sum] = maker.sums([-4, [3, 0], [2, 1]]);
    const chosen = maker.select([2], [sum!], [0]);
    const label = maker.argmax(Int32Array.of(chosen[0]!, sum!));
    expect(costs(maker.finish('label', label))).toHaveLength(3);
  });

  it('cost one row if the choice is between constants', () => {
    const maker = new GraphMaker([1], 1);
    const [yes, no] = maker.sums([12], [5]);
    expect(costs(maker.finish('logits', maker.select([0], [yes!], [no!])))).toEqual([1]);
    const same = new GraphMaker([1], 1);
    const [one, zero] = same.sums([1], [0]);
    expect(costs(same.finish('logits', same.select([0], [one!], [zero!])))).toEqual([0]);
  });
});

describe('what has no circuit', () => {
  it('is a leaf that something other than a sum reads', () => {
    const maker = new GraphMaker([7], 1);
    const leaves = maker.treeLeaves([[maker.thermometer(0, [3])[0]!, -1, -2]]);
    expect(() => costs(maker.finish('logits', leaves))).toThrow(/QP4505 .*outputs, value 2/);
    const label = maker.argmax(leaves);
    expect(() => costs(maker.finish('label', label))).toThrow(/QP4505 .*layer "label", value 2/);
  });
});
