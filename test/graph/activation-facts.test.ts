import { describe, expect, it } from 'vitest';
import { composeActivations, covers, factsOf } from '../../src/graph/activation-facts.ts';
import type { ActivationFacts } from '../../src/graph/activations.ts';
import type { ActivationFunction } from '../../src/graph/float-graph.ts';
import { SAMPLES } from './activation-samples.ts';
import { Dice } from './random-graph.ts';

const KINDS = Object.entries(SAMPLES);
const DRAWS = 300;

/** Sample points of many magnitudes and 0, ascending. */
function points(dice: Dice): number[] {
  const drawn = Array.from({ length: 60 }, () => dice.real(-1, 1) * 10 ** dice.int(-3, 3));
  return [...drawn, 0, -1, 1].sort((a, b) => a - b);
}

const isClose = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

/** The facts that `apply` disproves at the sample points. */
function disproved(facts: ActivationFacts, dice: Dice): string[] {
  const { apply, range, identityOn } = facts;
  const xs = points(dice);
  const factor = dice.real(0.1, 10);
  const holds = {
    isMonotone: !facts.isMonotone || xs.every((x, i) => i === 0 || apply(xs[i - 1]!) <= apply(x)),
    isHomogeneous: !facts.isHomogeneous || xs.every((x) => isClose(apply(factor * x), factor * apply(x))),
    fixesZero: facts.fixesZero === (apply(0) === 0),
    range: xs.every((x) => covers(range, { min: apply(x), max: apply(x) })),
    identityOn: xs.every((x) => !covers(identityOn, { min: x, max: x }) || apply(x) === x),
    isDefined: facts.isDefined && xs.every((x) => Number.isFinite(apply(x))),
  };
  return Object.entries(holds).flatMap(([fact, held]) => (held ? [] : [fact]));
}

describe.each(KINDS)('the facts of %s', (_, sample) => {
  it('agree with what it computes, for random parameters', () => {
    const dice = new Dice(1);
    for (let k = 0; k < DRAWS; k += 1) {
      const facts = factsOf(sample(dice));
      expect([facts.name, disproved(facts, dice)]).toEqual([facts.name, []]);
    }
  });
});

describe.each(KINDS)('%s', (_, outerSample) => {
  it.each(KINDS)('after %s, as one activation, computes the same as both', (_, innerSample) => {
    const dice = new Dice(2);
    for (let k = 0; k < DRAWS; k += 1) {
      const [outer, inner] = [outerSample(dice), innerSample(dice)];
      const composed = composeActivations(outer, inner);
      if (composed === undefined) continue;
      for (const x of points(dice)) {
        const [got, wanted] = [factsOf(composed).apply(x), factsOf(outer).apply(factsOf(inner).apply(x))];
        if (!isClose(got, wanted)) expect({ outer, inner, x, got }).toEqual({ outer, inner, x, got: wanted });
      }
    }
  });
});

describe('a false fact', () => {
  const cut = factsOf({ kind: 'clip', min: 0.25, max: 0.5 });
  const falling = factsOf({ kind: 'leaky-relu', alpha: -0.5 });
  const FALSE_FACTS: [string, ActivationFacts][] = [
    ['isMonotone', { ...falling, isMonotone: true }],
    ['isHomogeneous', { ...cut, isHomogeneous: true }],
    ['fixesZero', { ...cut, fixesZero: true }],
    ['fixesZero', { ...falling, fixesZero: false }],
    ['range', { ...cut, range: { min: 0.3, max: 0.5 } }],
    ['identityOn', { ...cut, identityOn: { min: 0.25, max: Infinity } }],
    ['isDefined', factsOf({ kind: 'leaky-relu', alpha: Number.NaN })],
  ];

  it.each(FALSE_FACTS)('is disproved: %s', (fact, facts) => {
    expect(disproved(facts, new Dice(3))).toContain(fact);
  });
});

describe('parameters', () => {
  const UNDEFINED: ActivationFunction[] = [
    { kind: 'leaky-relu', alpha: Infinity },
    { kind: 'clip', min: 2, max: 1 },
    { kind: 'clip', min: Number.NaN, max: 1 },
    { kind: 'clip', min: 0, max: Number.NaN },
    { kind: 'clip', min: Infinity, max: Infinity },
    { kind: 'clip', min: -Infinity, max: -Infinity },
  ];

  it.each(UNDEFINED)('may not define a function: %o', (fn) => {
    expect(factsOf(fn).isDefined).toBe(false);
  });
});

describe('compositions', () => {
  const relu: ActivationFunction = { kind: 'relu' };
  const clip = (min: number, max: number): ActivationFunction => ({ kind: 'clip', min, max });
  const leaky = (alpha: number): ActivationFunction => ({ kind: 'leaky-relu', alpha });

  it.each([
    [relu, relu, relu],
    [clip(0, 6), relu, clip(0, 6)],
    [relu, clip(-1, 1), clip(0, 1)],
    [relu, leaky(0.5), relu],
    [leaky(0.5), leaky(0.5), leaky(0.25)],
    [leaky(0.5), relu, relu],
    // A leaky ReLU with a negative slope is never negative, so the ReLU changes nothing.
    [relu, leaky(-0.5), leaky(-0.5)],
    // Three kinks are no single activation.
    [clip(-1, 1), leaky(0.5), undefined],
    [relu, clip(-2, -1), clip(0, 0)],
    [clip(-2, -1), relu, clip(-1, -1)],
  ])('%o after %o', (outer, inner, composed) => {
    expect(composeActivations(outer, inner)).toEqual(composed);
  });
});
