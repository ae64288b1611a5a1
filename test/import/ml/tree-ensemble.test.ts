import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';
import { answersOf, HOSTILE, rowsOf } from './ensembles.ts';

const floats = (tensor: readonly number[]) => ({ tensor, type: 1 }) as const;
const bytes = (tensor: readonly number[]) => ({ tensor, type: 2 }) as const;

/** A TreeEnsemble of ai.onnx.ml 5 with the feature `x`. */
function treeEnsemble(attributes: Record<string, AttributeSpec>): ModelSpec {
  const node = { op: 'TreeEnsemble', domain: 'ai.onnx.ml', inputs: ['x'], output: 'y', attributes };
  return { input: ['N', 1], opset: 0, learnedOpset: 5, nodes: [node] };
}

const MODES = [0, 1, 2, 3, 4, 5];
const SPLITS = HOSTILE.filter((value) => !Number.isNaN(value));

/** One tree per split, each with a target of its own. */
function stumps(mode: number, missing: 0 | 1, splits: readonly number[]): Record<string, AttributeSpec> {
  const all = (value: number) => splits.map(() => value);
  return {
    n_targets: splits.length,
    tree_roots: [...splits.keys()],
    nodes_modes: bytes(all(mode)),
    nodes_splits: floats(splits),
    nodes_featureids: all(0),
    nodes_missing_value_tracks_true: all(missing),
    nodes_truenodeids: splits.map((_, k) => 2 * k),
    nodes_falsenodeids: splits.map((_, k) => 2 * k + 1),
    nodes_trueleafs: all(1),
    nodes_falseleafs: all(1),
    leaf_targetids: splits.flatMap((_, k) => [k, k]),
    leaf_weights: floats(splits.flatMap(() => [1, 2])),
  };
}

/** A member test, then a comparison, then another member test; the branches share leaves. */
const MEMBERS: Record<string, AttributeSpec> = {
  n_targets: 1,
  tree_roots: [0],
  nodes_modes: bytes([6, 1, 6]),
  nodes_splits: floats([0, 2.5, 0]),
  nodes_featureids: [0, 0, 0],
  nodes_missing_value_tracks_true: [0, 0, 1],
  nodes_truenodeids: [0, 1, 0],
  nodes_falsenodeids: [1, 2, 2],
  nodes_trueleafs: [1, 1, 1],
  nodes_falseleafs: [0, 0, 1],
  leaf_targetids: [0, 0, 0],
  leaf_weights: floats([1, 2, 4]),
  membership_values: floats([1, 3, 40, Number.NaN, 7, 2, 4]),
};

describe('TreeEnsemble', () => {
  it.each(MODES.flatMap((mode) => ([0, 1] as const).map((missing) => [mode, missing] as const)))(
    'mode %i, missing values track true: %i',
    async (mode, missing) => {
      const { ours, theirs } = await answersOf(treeEnsemble(stumps(mode, missing, SPLITS)), rowsOf(HOSTILE));
      expect(ours).toEqual(theirs);
    },
  );

  it('tests membership', async () => {
    const values = [...HOSTILE, 2, 2.25, 2.5, 3, 4, 7, 40, 40.5, 41];
    const { ours, theirs } = await answersOf(treeEnsemble(MEMBERS), rowsOf(values));
    expect(ours).toEqual(theirs);
    expect(new Set(ours.map(([score]) => score))).toEqual(new Set([1, 2, 4]));
  });

  it.each([
    [[0, 3, 30]],
    [[0, 0.5, 7.25]],
    [[-1, 0, 3]],
    [[2, 31, 16777216]],
    [Array.from({ length: 31 }, (_, k) => k)],
  ])('a set of %j', async (members) => {
    const single = stumps(6, 0, [0]);
    const attributes = { ...single, membership_values: floats(members) };
    const values = [0.25, 0.5, 0.75, -0.5, -1.5, 2.5, 3.5, 7.25, 30, 30.5, 31, 31.5, 16777215, 16777218];
    // As an integer, NaN is 0 in WebAssembly and none of small numbers elsewhere: C++ leaves it open.
    const numbers = [...HOSTILE, ...values].filter((value) => !Number.isNaN(value));
    const { ours, theirs } = await answersOf(treeEnsemble(attributes), rowsOf(numbers));
    expect(ours).toEqual(theirs);
  });

  it.each([
    [0, 'average'],
    [1, 'sum'],
    [2, 'the smallest'],
    [3, 'the largest'],
  ])('aggregate function %i: %s', async (aggregate_function) => {
    const two = stumps(0, 0, [0, 1, 2]);
    const attributes = { ...two, n_targets: 1, leaf_targetids: [0, 0, 0, 0, 0, 0], aggregate_function };
    const { ours, theirs } = await answersOf(
      treeEnsemble({ ...attributes, leaf_weights: floats([3, -1, 0.5, 8, -4, 2]) }),
      rowsOf([-1, 0, 0.5, 1.5, 2.5]),
    );
    ours.forEach((row, k) => {
      expect(row[0]).toBeCloseTo(theirs[k]![0]!, 6);
    });
  });

  it('may be a single leaf', async () => {
    const single = stumps(0, 0, [0]);
    const attributes = { ...single, nodes_truenodeids: [1], nodes_falsenodeids: [1] };
    const { ours, theirs } = await answersOf(treeEnsemble(attributes), rowsOf([-1, 1]));
    expect(ours).toEqual(theirs);
  });

  it.each([1, 2])(
    'refuses the final function %i of several targets, which the specification numbers in another way',
    async (post_transform) => {
      const path = writeModel(buildOnnx(treeEnsemble({ ...stumps(0, 0, [0, 1]), post_transform })));
      await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2102' });
    },
  );

  const broken: readonly [string, Record<string, AttributeSpec>, string][] = [
    ['a branch to itself', { nodes_falsenodeids: [0, 2, 2] }, 'QP2117'],
    ['a branch beyond the list', { nodes_falsenodeids: [5, 2, 2] }, 'QP2117'],
    ['a leaf beyond the list', { nodes_truenodeids: [9, 1, 0] }, 'QP2117'],
    ['a root beyond the list', { tree_roots: [3] }, 'QP2117'],
    ['two trees that share a node', { tree_roots: [0, 1] }, 'QP2117'],
    ['an empty set', { membership_values: floats([Number.NaN]) }, 'QP2117'],
    ['a target beyond the number of targets', { leaf_targetids: [0, 1, 0] }, 'QP2117'],
    ['an unknown mode', { nodes_modes: bytes([6, 9, 6]) }, 'QP2117'],
    ['lists of different lengths', { nodes_splits: floats([0]) }, 'QP2117'],
  ];
  it.each(broken)('is refused with %s', async (_, attributes, code) => {
    const path = writeModel(buildOnnx(treeEnsemble({ ...MEMBERS, ...attributes })));
    await expect(importOnnx(path)).rejects.toMatchObject({ code });
  });
});
