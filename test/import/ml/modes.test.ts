import { describe, expect, it } from 'vitest';
import { answersOf, HOSTILE, MODES, type Mode, regressor, rowsOf, type TreeSpec } from './ensembles.ts';

const THRESHOLDS = HOSTILE.filter((value) => !Number.isNaN(value));

/** One tree per threshold, each with a target of its own. */
function stumps(mode: Mode, missing: boolean, thresholds: readonly number[], first = 0): TreeSpec[] {
  return thresholds.map((threshold, k) => ({
    ...{ mode, missing, threshold, feature: 0 },
    whenTrue: { leaf: { [first + k]: 1 } },
    whenFalse: { leaf: { [first + k]: 2 } },
  }));
}

describe('every comparison with every threshold, on every value', () => {
  const cases = MODES.flatMap((mode) => [false, true].map((missing) => ({ mode, missing })));
  it.each(cases)('$mode, missing values track true: $missing', async ({ mode, missing }) => {
    const model = regressor(stumps(mode, missing, THRESHOLDS), 1, { n_targets: THRESHOLDS.length });
    const { ours, theirs } = await answersOf(model, rowsOf(HOSTILE));
    expect(ours).toEqual(theirs);
  });
});

it('thresholds stored as doubles hold for float32 values of a float64 input', async () => {
  const thresholds = [0.1, -0.3, 1e300, -1e300, 1e-60, 2 ** -149, 0.5];
  const trees = MODES.flatMap((mode, m) => stumps(mode, m % 2 === 1, thresholds, m * thresholds.length));
  const single = regressor(trees, 1, { n_targets: trees.length });
  const node = single.nodes[0]!;
  const { nodes_values, target_weights, ...attributes } = node.attributes!;
  const doubles = (list: unknown) => ({ tensor: (list as { floats: number[] }).floats, type: 11 }) as const;
  const stored = {
    nodes_values_as_tensor: doubles(nodes_values),
    target_weights_as_tensor: doubles(target_weights),
  };
  const model = { ...single, inputType: 11, nodes: [{ ...node, attributes: { ...attributes, ...stored } }] };
  const { ours, theirs } = await answersOf(model, rowsOf([...HOSTILE, ...thresholds.map(Math.fround)]));
  expect(ours).toEqual(theirs);
});
