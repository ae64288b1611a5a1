import { describe, expect, it } from 'vitest';
import { ZERO } from '../../../src/graph/float-graph.ts';
import { maxBeforeActivation } from '../../../src/graph/passes/max-before-activation.ts';
import { difference, Sketch } from '../sketch.ts';

describe('maxBeforeActivation', () => {
  it('rectifies one value a window', () => {
    const s = new Sketch(1, 4, 4);
    const graph = s.graph(s.max(s.relu(s.x)));
    const swapped = maxBeforeActivation(graph);
    expect(swapped.nodes.map(({ name, count }) => [name, count])).toEqual([
      ['max', 4],
      ['relu', 4],
    ]);
    expect(difference(swapped, graph)).toBe(0);
  });

  it('leaves an activation that decreases somewhere, and zeros that it would move', () => {
    const s = new Sketch(1, 4, 4);
    const falling = s.graph(s.max(s.leaky(s.x, -0.5)));
    expect(maxBeforeActivation(falling)).toBe(falling);
    const t = new Sketch(1, 4, 3);
    const clip = t.clip(t.x, 0.5, 2);
    const padded = Array.from({ length: 16 }, (_, i) =>
      i % 4 === 3 ? ZERO : clip.ids[i - Math.floor(i / 4)]!,
    );
    const graph = t.graph(t.max({ shape: [1, 1, 4, 4], ids: Int32Array.from(padded) }));
    expect(maxBeforeActivation(graph)).toBe(graph);
  });

  it('leaves overlapping windows, and values that somebody else reads', () => {
    const overlap = new Sketch(1, 5, 5);
    const graph = overlap.graph(overlap.max(overlap.relu(overlap.x), 3, 2));
    expect(maxBeforeActivation(graph)).toBe(graph);
    const shared = new Sketch(1, 2, 2);
    const relu = shared.relu(shared.x);
    const both = shared.graph(shared.add(relu, shared.max(relu)));
    expect(maxBeforeActivation(both)).toBe(both);
  });
});
