import { describe, expect, it } from 'vitest';
import type { LinearNode } from '../../../src/graph/float-graph.ts';
import { removeUnused } from '../../../src/graph/passes/remove-unused.ts';
import { rearrangeView, walkAxes } from '../../../src/import/rearrange.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('removeUnused', () => {
  it('removes whole nodes', () => {
    const s = new Sketch(4);
    s.relu(s.dense(s.x, 9));
    const graph = s.graph(s.dense(s.x, 2));
    const slim = removeUnused(graph);
    expect(namesOf(slim)).toEqual(['dense#2']);
    expect(slim.nodes[0]!.first).toBe(4);
    expect(difference(slim, graph)).toBe(0);
  });

  it('removes rows, positions and elements outside a slice', () => {
    const s = new Sketch(1, 5, 5);
    const relu = s.relu(s.conv(s.x, 3));
    const walk = (start: number, size: number) => ({ start, size, step: 1 });
    const graph = s.graph(
      rearrangeView(relu, walkAxes(relu.shape, [walk(0, 1), walk(1, 2), walk(0, 2), walk(0, 4)])),
    );
    const slim = removeUnused(graph);
    const { rows, positions } = (slim.nodes[0] as LinearNode).blocks[0]!;
    expect([rows, positions, slim.nodes[1]!.count]).toEqual([2, 8, 16]);
    expect(difference(slim, graph)).toBe(0);
  });

  it('returns the same graph if everything is used', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.dense(s.relu(s.x), 2));
    expect(removeUnused(graph)).toBe(graph);
  });
});
