import { describe, expect, it } from 'vitest';
import type { LinearNode } from '../../../src/graph/float-graph.ts';
import { foldScaleForward } from '../../../src/graph/passes/fold-scale-forward.ts';
import { removeUnused } from '../../../src/graph/passes/remove-unused.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('foldScaleForward', () => {
  it('folds an input normalization into the first layer', () => {
    const s = new Sketch(5);
    const graph = s.graph(s.dense(s.norm(s.x), 3));
    const folded = removeUnused(foldScaleForward(graph));
    expect(namesOf(folded)).toEqual(['dense']);
    expect(folded.nodes[0]!.origin).toEqual(['BatchNormalization', 'Gemm']);
    expect(difference(folded, graph)).toBeLessThan(1e-12);
  });

  it('is exact at padding: the bias differs between pixels', () => {
    const s = new Sketch(2, 4, 4);
    const graph = s.graph(s.conv(s.norm(s.relu(s.x)), 2));
    const folded = removeUnused(foldScaleForward(graph));
    expect(namesOf(folded)).toEqual(['relu', 'conv']);
    expect(difference(folded, graph)).toBeLessThan(1e-12);
    const { bias } = folded.nodes[1] as LinearNode;
    expect(bias[0]).not.toBeCloseTo(bias[5]!, 6);
    expect(bias[5]).toBeCloseTo(bias[6]!, 12);
  });

  it('does not fold a factor per pixel into a convolution', () => {
    const s = new Sketch(1, 4, 4);
    const scaled = s.builder.affine({ name: 'pixels', op: 'Mul' }, s.x, s.dice.tensor(4, 4));
    const graph = s.graph(s.conv(scaled, 2));
    expect(foldScaleForward(graph)).toBe(graph);
  });
});
