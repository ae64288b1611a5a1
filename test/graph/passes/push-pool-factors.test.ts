import { describe, expect, it } from 'vitest';
import type { LinearNode } from '../../../src/graph/float-graph.ts';
import { pushPoolFactors } from '../../../src/graph/passes/push-pool-factors.ts';
import { difference, Sketch } from '../sketch.ts';

const weightsOf = (node: unknown): number[] => [...(node as LinearNode).blocks[0]!.weights];

describe('pushPoolFactors', () => {
  it('moves 1/k through rectifiers and maxima into the next layer', () => {
    const s = new Sketch(1, 8, 8);
    const graph = s.graph(s.conv(s.max(s.relu(s.mean(s.x))), 2, 1));
    const pushed = pushPoolFactors(graph);
    expect(weightsOf(pushed.nodes[0])).toEqual([1, 1, 1, 1]);
    expect(weightsOf(pushed.nodes.at(-1))).toEqual(weightsOf(graph.nodes.at(-1)).map((w) => w / 4));
    expect(difference(pushed, graph)).toBeLessThan(1e-12);
  });

  it('moves through one average after another', () => {
    const s = new Sketch(1, 8, 8);
    const graph = s.graph(s.dense(s.mean(s.relu(s.mean(s.x, 2)), 4), 1));
    const pushed = pushPoolFactors(graph);
    expect([...weightsOf(pushed.nodes[0]), ...weightsOf(pushed.nodes[2])].every((w) => w === 1)).toBe(true);
    expect(difference(pushed, graph)).toBeLessThan(1e-12);
  });

  it('moves through every activation that lets factors pass, a clip at zero too', () => {
    const s = new Sketch(1, 8, 8);
    const graph = s.graph(s.dense(s.clip(s.leaky(s.mean(s.x), -0.5), -Infinity, 0), 1));
    const pushed = pushPoolFactors(graph);
    expect(weightsOf(pushed.nodes[0])).toEqual([1, 1, 1, 1]);
    expect(difference(pushed, graph)).toBeLessThan(1e-12);
  });

  it('keeps the factor where it would reach the output or a clip', () => {
    const shown = new Sketch(1, 4, 4);
    const output = shown.graph(shown.mean(shown.x));
    expect(pushPoolFactors(output)).toBe(output);
    const cut = new Sketch(1, 4, 4);
    const clipped = cut.graph(cut.dense(cut.clip(cut.mean(cut.x), 0, 6), 1));
    expect(pushPoolFactors(clipped)).toBe(clipped);
  });
});
