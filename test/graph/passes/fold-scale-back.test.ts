import { describe, expect, it } from 'vitest';
import { foldScaleBack } from '../../../src/graph/passes/fold-scale-back.ts';
import { permuteView } from '../../../src/import/rearrange.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('foldScaleBack', () => {
  it('folds a batch norm into the convolution before it, also through a transpose', () => {
    const s = new Sketch(2, 4, 4);
    const turned = permuteView(s.conv(s.x, 3), [0, 1, 3, 2]);
    const graph = s.graph(s.norm(turned));
    const folded = foldScaleBack(graph);
    expect(namesOf(folded)).toEqual(['conv']);
    expect(folded.nodes[0]!.origin).toEqual(['Conv', 'BatchNormalization']);
    expect(difference(folded, graph)).toBeLessThan(1e-12);
  });

  it('does not change a layer with another reader', () => {
    const s = new Sketch(2, 4, 4);
    const conv = s.conv(s.x, 3);
    const graph = s.graph(s.add(s.norm(conv), s.relu(conv)));
    expect(foldScaleBack(graph)).toBe(graph);
  });

  it('folds a summand per pixel, but not a factor per pixel', () => {
    const s = new Sketch(1, 4, 4);
    const node = { name: 'pixels', op: 'Mul' };
    const scaled = s.graph(s.builder.affine(node, s.conv(s.x, 2), s.dice.tensor(4, 4)));
    expect(foldScaleBack(scaled)).toBe(scaled);
    const t = new Sketch(1, 4, 4);
    const shifted = t.graph(t.builder.affine(node, t.conv(t.x, 2), undefined, t.dice.tensor(4, 4)));
    expect(namesOf(foldScaleBack(shifted))).toEqual(['conv']);
  });
});
