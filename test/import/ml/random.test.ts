import { expect, it } from 'vitest';
import { answersOf, HOSTILE, MODES, neighbours, regressor, type TreeSpec } from './ensembles.ts';

type Roll = (n: number) => number;

/** Reproducible numbers in 0 … n − 1. */
function dice(seed: number): Roll {
  let state = seed;
  return (n) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
}

const FEATURES = 3;
const THRESHOLDS = [...HOSTILE.filter((value) => !Number.isNaN(value)), -2.75, 0.3].map(Math.fround);

/** Weights are multiples of 1/8, whose sums both runtimes compute exactly. */
function randomTree(roll: Roll, targets: number, depth: number, isFull: boolean): TreeSpec {
  if (depth === 0 || roll(5) === 0) {
    const written = Array.from({ length: targets }, (_, target) => target).filter(
      () => isFull || roll(4) > 0,
    );
    return { leaf: Object.fromEntries(written.map((target) => [target, roll(200) / 8 - 12])) };
  }
  return {
    mode: MODES[roll(MODES.length)]!,
    feature: roll(FEATURES),
    threshold: THRESHOLDS[roll(THRESHOLDS.length)]!,
    missing: roll(3) === 0,
    whenTrue: randomTree(roll, targets, depth - 1, isFull),
    whenFalse: randomTree(roll, targets, depth - 1, isFull),
  };
}

const VALUES = [...HOSTILE, ...THRESHOLDS.flatMap(neighbours)];

it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('random ensemble %i', async (seed) => {
  const roll = dice(seed * 7919);
  for (let k = 0; k < 10; k += 1) roll(2);
  const targets = 1 + roll(3);
  const isFull = targets === 1 || roll(2) === 0;
  const trees = Array.from({ length: [1, 2, 4, 8][roll(4)]! }, () =>
    randomTree(roll, targets, 1 + roll(4), isFull),
  );
  const base = Array.from({ length: targets }, () => roll(40) / 8 - 2);
  const model = regressor(trees, FEATURES, {
    n_targets: targets,
    aggregate_function: ['SUM', 'AVERAGE', 'MIN', 'MAX'][roll(4)]!,
    ...(isFull && roll(2) === 0 && { base_values: { floats: base } }),
  });
  const rows = Array.from({ length: 25 }, () =>
    Float64Array.from({ length: FEATURES }, () => VALUES[roll(VALUES.length)]!),
  );
  const { ours, theirs } = await answersOf(model, rows);
  expect(ours).toEqual(theirs);
});
