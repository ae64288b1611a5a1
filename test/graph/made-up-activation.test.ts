import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivationFacts, ActivationKind } from '../../src/graph/activations.ts';
import type { ActivationFunction, FloatGraph } from '../../src/graph/float-graph.ts';
import { PASSES, simplifyGraph } from '../../src/graph/simplify.ts';
import { randomGraph } from './random-graph.ts';
import { relativeDifference } from './relative-difference.ts';

type Lie = (fn: ActivationFunction) => Partial<ActivationFacts>;

/** Facts that are told wrongly, by kind. */
const lies = vi.hoisted(() => new Map<string, Lie>());

vi.mock('../../src/graph/activations.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/graph/activations.ts')>();
  const { bumpFacts } = await import('./bump-activation.ts');
  const table = { ...original.ACTIVATIONS, bump: bumpFacts };
  const told = Object.entries(table).map(([kind, facts]) => {
    const describe = facts as (fn: ActivationFunction) => ActivationFacts;
    return [kind, (fn: ActivationFunction) => ({ ...describe(fn), ...lies.get(kind)?.(fn) })];
  });
  return { ...original, ACTIVATIONS: Object.fromEntries(told) };
});

vi.mock('./activation-samples.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('./activation-samples.ts')>();
  const { sampleBump } = await import('./bump-activation.ts');
  // Every other activation is a bump, however many kinds there are.
  const bumps = Object.keys(original.SAMPLES).map((kind) => [`bump beside ${kind}`, sampleBump]);
  return { SAMPLES: { ...original.SAMPLES, ...Object.fromEntries(bumps) } };
});

const GRAPHS = 1000;
/** Relative differences that another order of additions makes, and that no rounding makes. */
const TOLERANCE = 1e-12;
const HARM = 1e-3;

const hasBump = ({ nodes }: FloatGraph): boolean =>
  nodes.some((node) => node.op === 'activation' && (node.fn.kind as string) === 'bump');

beforeEach(() => lies.clear());

describe('an activation that is neither monotone nor homogeneous and moves zero', () => {
  it(`passes through all passes unharmed on ${GRAPHS} random graphs`, () => {
    let reached = 0;
    for (let seed = 0; seed < GRAPHS; seed += 1) {
      const graph = randomGraph(seed);
      const simple = simplifyGraph(graph);
      const worst = relativeDifference(simple, graph, seed, 3);
      if (!(worst <= TOLERANCE)) throw new Error(`seed ${seed}: the outputs differ by ${worst}`);
      if (simple !== graph && hasBump(simple)) reached += 1;
    }
    expect(reached).toBeGreaterThan(GRAPHS / 2);
  });
});

/** A pass, and a fact it asks for: told wrongly of a kind, it changes what some of the graphs compute. */
const ASKED: readonly [pass: string, kind: ActivationKind | 'bump', lie: string, Lie][] = [
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

describe.each(ASKED)('%s, with %s falsely called %s', (name, kind, _, lie) => {
  const pass = PASSES.find((one) => one.name === name)!;

  it.each([
    ['alone', pass.run],
    ['with all passes', simplifyGraph],
  ])('changes what a random graph computes, %s', (_, run) => {
    lies.set(kind, lie);
    const isHarmed = (seed: number) => {
      const graph = randomGraph(seed);
      return relativeDifference(run(graph), graph, seed) > HARM;
    };
    expect(Array.from({ length: GRAPHS }, (_, seed) => seed).some(isHarmed)).toBe(true);
  });
});
