import { describe, expect, it } from 'vitest';
import { describeGraph } from '../../src/graph/describe-graph.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { Sketch } from './sketch.ts';

describe('describeGraph', () => {
  it('counts stored weights and multiplications', () => {
    const s = new Sketch(1, 4, 4);
    const skip = s.relu(s.conv(s.x, 2));
    const graph = simplifyGraph(s.graph(s.dense(s.mean(s.relu(s.add(skip, s.conv(skip, 2)))), 3)));
    const { nodes, macs, params } = describeGraph(graph);
    expect(nodes.map(({ name, kind, shape, macs, params }) => [name, kind, shape, macs, params])).toEqual([
      ['conv', 'linear', [2, 16], 2 * 9 * 16, 2 * 9 + 2],
      ['relu', 'relu', [32], 0, 0],
      ['conv#2', 'linear', [2, 16], 2 * 18 * 16, 2 * 18 + 2],
      ['relu#2', 'relu', [32], 0, 0],
      ['mean', 'sum', [8], 0, 0],
      ['dense', 'linear', [3], 24, 27],
    ]);
    expect(nodes[2]!.origin).toEqual(['Conv', 'Add']);
    expect([macs, params]).toEqual([288 + 576 + 24, 20 + 38 + 27]);
  });

  it('distinguishes scales from sums', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.relu(s.add(s.relu(s.norm(s.x)), s.x)));
    const kinds = describeGraph(graph).nodes.map(({ kind, macs }) => [kind, macs]);
    expect(kinds).toEqual([
      ['scale', 4],
      ['relu', 0],
      ['add', 0],
      ['relu', 0],
    ]);
  });
});
