import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivationFacts, ActivationKind } from '../../src/graph/activations.ts';
import type { ActivationFunction, FloatGraph } from '../../src/graph/float-graph.ts';
import { PASSES, simplifyGraph } from '../../src/graph/simplify.ts';
import { randomGraph } from './random-graph.ts';
import { relativeDifference } from './relative-difference.ts';

type FalseFacts = (fn: ActivationFunction) => Partial<ActivationFacts>;

/** Replaces facts by false ones, by kind. */
const falseFacts = vi.hoisted(() => new Map<string, FalseFacts>());

vi.mock('../../src/graph/activations.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/graph/activations.ts')>();
  const { bumpFacts } = await import('./bump-activation.ts');
  const table = { ...original.ACTIVATIONS, bump: bumpFacts };
  const entries = Object.entries(table).map(([kind, facts]) => {
    const describe = facts as (fn: ActivationFunction) => ActivationFacts;
    return [kind, (fn: ActivationFunction) => ({ ...describe(fn), ...falseFacts.get(kind)?.(fn) })];
  });
  return { ...original, ACTIVATIONS: Object.fromEntries(entries) };
});

vi.mock('./activation-samples.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('./activation-samples.ts')>();
  const { sampleBump } = await import('./bump-activation.ts');
  // One bump per real kind, so that half of all activations are bumps.
  const bumps = Object.keys(original.SAMPLES).map((kind) => [`bump beside ${kind}`, sampleBump]);
  return { SAMPLES: { ...original.SAMPLES, ...Object.fromEntries(bumps) } };
});

const GRAPHS = 1000;
/** Relative difference that a different order of additions can cause. */
const ROUNDING = 1e-12;
/** Relative difference that rounding cannot cause. */
const WRONG = 1e-3;

const hasBump = ({ nodes }: FloatGraph): boolean =>
  nodes.some((node) => node.op === 'activation' && (node.fn.kind as string) === 'bump');

beforeEach(() => falseFacts.clear());

describe('an activation that is neither monotone nor homogeneous and does not map 0 to 0', () => {
  it(`computes the same after all passes in ${GRAPHS} random graphs`, () => {
    let reached = 0;
    for (let seed = 0; seed < GRAPHS; seed += 1) {
      const graph = randomGraph(seed);
      const simple = simplifyGraph(graph);
      const worst = relativeDifference(simple, graph, seed, 3);
      if (!(worst <= ROUNDING)) throw new Error(`seed ${seed}: the outputs differ by ${worst}`);
      if (simple !== graph && hasBump(simple)) reached += 1;
    }
    expect(reached).toBeGreaterThan(GRAPHS / 2);
  });
});

/** A pass and a fact that it tests: if the fact is falsified for a kind, some of the graphs compute something else. */
const TESTED_FACTS: readonly [pass: string, kind: ActivationKind | 'bump', claim: string, FalseFacts][] = [
  ['push-pool-factors', 'bump', 'homogeneous', () => ({ isHomogeneous: true })],
  ['push-pool-factors', 'clip', 'homogeneous', () => ({ isHomogeneous: true })],
  ['max-before-activation', 'bump', 'monotone', () => ({ isMonotone: true })],
  ['max-before-activation', 'leaky-relu', 'monotone', () => ({ isMonotone: true })],
  ['max-before-activation', 'clip', 'fixing zero', () => ({ fixesZero: true })],
  ['merge-activations', 'bump', 'fixing zero', () => ({ fixesZero: true })],
  ['merge-activations', 'bump', 'within [0, ∞)', () => ({ range: { min: 0, max: Infinity } })],
  ['merge-activations', 'bump', 'composing', () => ({ after: (inner) => inner })],
  ['merge-activations', 'clip', 'fixing zero', () => ({ fixesZero: true })],
  ['drop-idle-activations', 'bump', 'monotone', () => ({ isMonotone: true })],
  ['drop-idle-activations', 'bump', 'within [0, ∞)', () => ({ range: { min: 0, max: Infinity } })],
  ['drop-idle-activations', 'bump', 'idle', () => ({ identityOn: { min: 0, max: Infinity } })],
];

describe.each(TESTED_FACTS)('%s, with %s falsely called %s', (name, kind, _, facts) => {
  const pass = PASSES.find((candidate) => candidate.name === name)!;

  it.each([
    ['alone', pass.run],
    ['with all passes', simplifyGraph],
  ])('changes what a random graph computes, %s', (_, run) => {
    falseFacts.set(kind, facts);
    const isWrong = (seed: number) => {
      const graph = randomGraph(seed);
      return relativeDifference(run(graph), graph, seed) > WRONG;
    };
    expect(Array.from({ length: GRAPHS }, (_, seed) => seed).some(isWrong)).toBe(true);
  });
});
