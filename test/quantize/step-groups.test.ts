import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { stepGroups } from '../../src/quantize/step-groups.ts';
import { Sketch } from '../graph/sketch.ts';

/** The groups of the input's features, as lists of features. */
function inputGroups(s: Sketch, output: Parameters<Sketch['graph']>[0]): number[][] {
  const graph = simplifyGraph(s.graph(output));
  const groups = new Map<number, number[]>();
  stepGroups(graph)
    .subarray(0, graph.input.count)
    .forEach((group, feature) => {
      groups.set(group, [...(groups.get(group) ?? []), feature]);
    });
  return Array.from(groups.values());
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('step groups', () => {
  it('are single features before a dense layer, whatever the rank of the input', () => {
    for (const shape of [[12], [4, 3], [1, 4, 3]]) {
      const s = new Sketch(...shape);
      expect(inputGroups(s, s.dense(s.relu(s.dense(s.x, 5)), 2))).toEqual(range(0, 12).map((i) => [i]));
    }
  });

  it('are channels before a convolution', () => {
    const s = new Sketch(2, 4, 4);
    expect(inputGroups(s, s.dense(s.relu(s.conv(s.x, 3)), 2))).toEqual([range(0, 16), range(16, 32)]);
  });

  it('are what is compared in a maximum, or added up in a pool', () => {
    const s = new Sketch(1, 2, 4);
    expect(inputGroups(s, s.dense(s.max(s.x), 2))).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ]);
    const t = new Sketch(2, 2, 2);
    expect(inputGroups(t, t.dense(t.relu(t.mean(t.x)), 2))).toEqual([range(0, 4), range(4, 8)]);
  });

  it('of the sums of a pool are those of its windows', () => {
    const s = new Sketch(2, 4, 4);
    const graph = simplifyGraph(s.graph(s.dense(s.mean(s.relu(s.conv(s.x, 3))), 2)));
    const pool = graph.nodes.find(({ name }) => name === 'mean')!;
    const groups = stepGroups(graph).subarray(pool.first, pool.first + pool.count);
    expect(Array.from(groups, (group) => groups.indexOf(group))).toEqual([
      0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8,
    ]);
  });

  it('of hidden values are the rows of a layer, unless bounds or the output tie them', () => {
    const s = new Sketch(6);
    const graph = simplifyGraph(s.graph(s.dense(s.clip(s.dense(s.relu(s.dense(s.x, 4)), 3), -1, 1), 2)));
    const groups = stepGroups(graph);
    const sizes = graph.nodes.map(({ first, count }) => new Set(groups.subarray(first, first + count)).size);
    expect(graph.nodes.map(({ name }) => name)).toEqual(['dense', 'relu', 'dense#2', 'clip', 'dense#3']);
    expect(sizes).toEqual([4, 4, 1, 1, 1]);
  });
});
