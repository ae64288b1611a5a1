import { describe, expect, it } from 'vitest';
import type { LinearNode } from '../../../src/graph/float-graph.ts';
import { delayScales } from '../../../src/graph/passes/delay-scales.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('delayScales', () => {
  it.each(['max', 'mean'] as const)('moves a batch norm after a %s', (pool) => {
    const s = new Sketch(2, 4, 4);
    const graph = s.graph(s[pool](s.norm(s.relu(s.x))));
    const delayed = delayScales(graph);
    expect(namesOf(delayed)).toEqual(['relu', pool, 'norm']);
    expect(delayed.nodes[2]!.count).toBe(8);
    expect(difference(delayed, graph)).toBeLessThan(1e-12);
  });

  it('does not move a negative factor of a maximum, or factors that differ within a window', () => {
    const s = new Sketch(2, 4, 4);
    const negative = { shape: [], data: Float64Array.of(-1) };
    const flipped = s.graph(s.max(s.builder.affine({ name: 'flip', op: 'Neg' }, s.x, negative)));
    expect(delayScales(flipped)).toBe(flipped);
    const t = new Sketch(1, 4, 4);
    const pixels = t.graph(t.mean(t.builder.affine({ name: 'pixels', op: 'Mul' }, t.x, t.dice.tensor(4, 4))));
    expect(delayScales(pixels)).toBe(pixels);
    expect((pixels.nodes[0] as LinearNode).diagonals).toHaveLength(1);
  });
});
