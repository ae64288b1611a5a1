import { describe, expect, it } from 'vitest';
import type { LinearNode } from '../../../src/graph/float-graph.ts';
import { mergeSums } from '../../../src/graph/passes/merge-sums.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('mergeSums', () => {
  it('turns a residual add into a diagonal of the convolution', () => {
    const s = new Sketch(2, 4, 4);
    const skip = s.relu(s.x);
    const graph = s.graph(s.add(skip, s.conv(skip, 2)));
    const merged = mergeSums(graph);
    expect(namesOf(merged)).toEqual(['relu', 'conv']);
    expect((merged.nodes[1] as LinearNode).diagonals).toHaveLength(1);
    expect(difference(merged, graph)).toBeLessThan(1e-12);
  });

  it('joins the taps of two convolutions that are read only by the sum', () => {
    const s = new Sketch(2, 4, 4);
    const graph = s.graph(s.add(s.conv(s.x, 3), s.conv(s.x, 3, 1)));
    const merged = mergeSums(graph);
    const [node] = merged.nodes as LinearNode[];
    expect(merged.nodes).toHaveLength(1);
    expect([node!.blocks[0]!.taps, node!.diagonals.length]).toEqual([2 * 9 + 2, 0]);
    expect(difference(merged, graph)).toBeLessThan(1e-12);
  });

  it('does not change a convolution with another reader', () => {
    const s = new Sketch(2, 4, 4);
    const conv = s.conv(s.x, 2);
    const graph = s.graph(s.add(s.add(conv, s.x), s.relu(conv)));
    expect(mergeSums(graph)).toBe(graph);
  });
});
