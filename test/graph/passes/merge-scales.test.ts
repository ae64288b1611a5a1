import { describe, expect, it } from 'vitest';
import type { LinearNode } from '../../../src/graph/float-graph.ts';
import { mergeScales } from '../../../src/graph/passes/merge-scales.ts';
import { removeUnused } from '../../../src/graph/passes/remove-unused.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('mergeScales', () => {
  it('merges two scales into one', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.norm(s.norm(s.x)));
    const merged = removeUnused(mergeScales(graph));
    expect(merged.nodes).toHaveLength(1);
    expect(difference(merged, graph)).toBeLessThan(1e-12);
  });

  it('merges nested sums into one, unless the inner one has another reader', () => {
    const s = new Sketch(4);
    const inner = s.add(s.x, s.relu(s.x));
    const graph = s.graph(s.add(inner, s.clip(s.x, -1, 1)));
    const merged = removeUnused(mergeScales(graph));
    expect((merged.nodes.at(-1) as LinearNode).diagonals).toHaveLength(3);
    expect(difference(merged, graph)).toBeLessThan(1e-12);
    const t = new Sketch(4);
    const shared = t.add(t.x, t.relu(t.x));
    const kept = t.graph(t.add(shared, t.relu(shared)));
    expect(mergeScales(kept)).toBe(kept);
  });

  it('turns a constant operand into bias', () => {
    const s = new Sketch(4);
    const constant = s.builder.constant({ name: 'c', op: 'Constant' }, s.dice.tensor(1, 4));
    const graph = s.graph(s.add(s.x, constant));
    const merged = removeUnused(mergeScales(graph));
    expect(namesOf(merged)).toEqual(['add']);
    expect((merged.nodes[0] as LinearNode).diagonals).toHaveLength(1);
    expect(difference(merged, graph)).toBe(0);
  });
});
