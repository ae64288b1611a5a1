import { describe, expect, it } from 'vitest';
import { composeLayers } from '../../../src/graph/passes/compose-layers.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('composeLayers', () => {
  it('composes consecutive dense layers', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.dense(s.dense(s.x, 16), 3));
    const composed = composeLayers(graph);
    expect(namesOf(composed)).toEqual(['dense#2']);
    expect(composed.nodes[0]!.origin).toEqual(['Gemm', 'Gemm']);
    expect(difference(composed, graph)).toBeLessThan(1e-12);
  });

  it('composes a 1×1 convolution with the convolution before it', () => {
    const s = new Sketch(2, 4, 4);
    const graph = s.graph(s.conv(s.conv(s.x, 4), 3, 1));
    const composed = composeLayers(graph);
    expect(composed.nodes).toHaveLength(1);
    expect(difference(composed, graph)).toBeLessThan(1e-12);
  });

  it('does not compose a bottleneck, overlapping kernels or averages', () => {
    const narrow = new Sketch(20);
    const bottleneck = narrow.graph(narrow.dense(narrow.dense(narrow.x, 2), 20));
    expect(composeLayers(bottleneck)).toBe(bottleneck);
    const wide = new Sketch(1, 5, 5);
    const kernels = wide.graph(wide.conv(wide.conv(wide.x, 2), 2));
    expect(composeLayers(kernels)).toBe(kernels);
    const pool = new Sketch(1, 4, 4);
    const average = pool.graph(pool.conv(pool.mean(pool.x), 1, 1));
    expect(composeLayers(average)).toBe(average);
  });
});
