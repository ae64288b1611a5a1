import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../src/graph/activation-facts.ts';
import type { ActivationFunction, ActivationNode } from '../../../src/graph/float-graph.ts';
import { mergeActivations } from '../../../src/graph/passes/merge-activations.ts';
import { Sketch } from '../sketch.ts';

const FUNCTIONS: ActivationFunction[] = [
  { kind: 'relu' },
  { kind: 'leaky-relu', alpha: 0.25 },
  { kind: 'leaky-relu', alpha: -0.5 },
  { kind: 'clip', min: 0, max: 6 },
  { kind: 'clip', min: -1, max: 1 },
  { kind: 'clip', min: 0.5, max: 2 },
  { kind: 'clip', min: -Infinity, max: 3 },
];
const PAIRS = FUNCTIONS.flatMap((inner) => FUNCTIONS.map((outer) => [inner, outer] as const));

describe('mergeActivations', () => {
  it.each(PAIRS)('%o then %o', (inner, outer) => {
    const s = new Sketch(3);
    const first = s.builder.activation({ name: 'first', op: 'A' }, s.x, inner);
    const graph = s.graph(s.builder.activation({ name: 'second', op: 'B' }, first, outer));
    const merged = mergeActivations(graph);
    const { fn, origin } = merged.nodes.at(-1) as ActivationNode;
    const bends = inner.kind === 'leaky-relu' && outer.kind === 'clip';
    const leaky = bends && (outer.min < 0 || inner.alpha < 0);
    const leaked = outer.kind === 'leaky-relu' && inner.kind === 'clip' && inner.min < 0;
    expect(merged.nodes).toHaveLength(leaky || leaked ? 2 : 1);
    if (merged === graph) return;
    expect(origin).toEqual(['A', 'B']);
    for (const x of [-8, -1.5, -0.5, 0, 0.25, 0.75, 1.5, 2.5, 5, 8]) {
      expect(factsOf(fn).apply(x)).toBe(factsOf(outer).apply(factsOf(inner).apply(x)));
    }
  });

  it('leaves an inner one that somebody else reads, and padding that the inner one would have kept at zero', () => {
    const s = new Sketch(3);
    const relu = s.relu(s.x);
    const shared = s.graph(s.add(relu, s.clip(relu, 0, 1)));
    expect(mergeActivations(shared)).toBe(shared);
    const t = new Sketch(3);
    const clip = t.clip(t.x, 1, 2);
    const padded = t.graph(t.dense(t.relu({ shape: [1, 4], ids: Int32Array.of(...clip.ids, -1) }), 2));
    expect(mergeActivations(padded)).toBe(padded);
  });
});
