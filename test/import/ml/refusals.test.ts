import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';
import { classifier, regressor, type TreeSpec } from './ensembles.ts';

const LEAF: TreeSpec = { leaf: { 0: 1 } };
const STUMP: TreeSpec = { mode: 'LEQ', feature: 0, threshold: 0, whenTrue: LEAF, whenFalse: LEAF };
const DEEP: TreeSpec = { ...STUMP, whenTrue: STUMP };

/** A regressor of one tree of five nodes, with some attributes replaced. */
const broken = (attributes: Record<string, AttributeSpec>): ModelSpec => regressor([DEEP], 2, attributes);

const CASES: Readonly<Record<string, [ModelSpec, string, RegExp]>> = {
  'a child that does not exist': [
    broken({ nodes_truenodeids: [9, 2, 0, 0, 0] }),
    'QP2117',
    /node 9, which does/,
  ],
  'a cycle': [broken({ nodes_truenodeids: [1, 0, 0, 0, 0] }), 'QP2117', /several paths lead to node 0/],
  'a node of two parents': [
    broken({ nodes_falsenodeids: [2, 3, 0, 0, 0] }),
    'QP2117',
    /several paths|no path/,
  ],
  'nodes that no path reaches': [
    regressor([STUMP], 1, {
      nodes_treeids: [0, 0, 0],
      nodes_modes: { strings: ['LEAF', 'LEAF', 'LEAF'] },
    }),
    'QP2117',
    /nodes that no path reaches/,
  ],
  'trees that are not listed one after the other': [
    regressor([STUMP, STUMP, STUMP], 1, { nodes_treeids: [0, 0, 0, 1, 1, 1, 0, 0, 0] }),
    'QP2117',
    /not listed together/,
  ],
  'a node that occurs twice': [broken({ nodes_nodeids: [0, 1, 1, 3, 4] }), 'QP2117', /two nodes 1/],
  'lists of different lengths': [broken({ nodes_featureids: [0] }), 'QP2117', /differ in length/],
  'no nodes': [broken({ nodes_nodeids: [] }), 'QP2117', /no nodes/],
  'an unknown mode': [
    broken({ nodes_modes: { strings: ['BRANCH_X', 'BRANCH_LT', 'LEAF', 'LEAF', 'LEAF'] } }),
    'QP2117',
    /"BRANCH_X" is no mode/,
  ],
  'a weight of a node that does not exist': [
    broken({ target_nodeids: [2, 3, 9] }),
    'QP2117',
    /node 9 of tree 0/,
  ],
  'a weight for a target that does not exist': [broken({ target_ids: [0, 1, 0] }), 'QP2117', /target 1 of 1/],
  'two weights for one target': [broken({ target_nodeids: [2, 2, 4] }), 'QP2117', /two weights for target 0/],
  'a threshold that is not a number': [
    broken({ nodes_values: { floats: [0, Number.NaN, 0, 0, 0] } }),
    'QP2109',
    /threshold is not a number/,
  ],
  'a weight that is not a number': [
    broken({ target_weights: { floats: [1, Number.NaN, 1] } }),
    'QP2109',
    /not a finite number/,
  ],
  'base values of another number': [
    broken({ base_values: { floats: [1, 2] } }),
    'QP2117',
    /2 base values for 1/,
  ],
  'a feature beyond the input': [
    broken({ nodes_featureids: [0, 2, 0, 0, 0] }),
    'QP2119',
    /feature 2, but its input has 2/,
  ],
  'no targets': [broken({ n_targets: 0 }), 'QP2117', /0 targets/],
  'more targets than memory': [broken({ n_targets: 2 ** 40 }), 'QP2112', /too large/],
  PROBIT: [broken({ post_transform: 'PROBIT' }), 'QP2102', /PROBIT/],
  'an unknown aggregate function': [broken({ aggregate_function: 'MEDIAN' }), 'QP2102', /MEDIAN/],
  'a classifier without classes': [classifier([STUMP], 1, {}), 'QP2118', /no classes/],
  'two classes of one name': [classifier([STUMP], 1, { classlabels_int64s: [2, 2] }), 'QP2118', /one name/],
  'a class that cannot be shown': [
    classifier([STUMP], 1, { classlabels_strings: { strings: ['a', 'b\u202e'] } }),
    'QP2118',
    /cannot be shown/,
  ],
  'a single class': [classifier([STUMP], 1, { classlabels_int64s: [1] }), 'QP2115', /single class/],
  'an operator set that does not exist': [{ ...broken({}), learnedOpset: 6 }, 'QP2104', /versions 1 to 5/],
  'an operator set that the file does not name': [
    { ...broken({}), learnedOpset: 0 },
    'QP2104',
    /does not name its operator set of ai.onnx.ml/,
  ],
};

describe('ensembles that are refused', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const [model, code, message] = CASES[name]!;
    const error: Error = await importOnnx(writeModel(buildOnnx(model))).then(
      () => Error('it was imported'),
      (cause) => cause,
    );
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
  });

  it('a tree deeper than any that was trained', async () => {
    const deep = { n_targets: 1 };
    const ids = Array.from({ length: 2403 }, (_, id) => id);
    const isLeaf = (id: number) => id % 2 === 0 && id > 0;
    const attributes: Record<string, AttributeSpec> = {
      ...deep,
      nodes_treeids: ids.map(() => 0),
      nodes_nodeids: ids,
      nodes_modes: { strings: ids.map((id) => (id === 2401 || isLeaf(id) ? 'LEAF' : 'BRANCH_LEQ')) },
      nodes_featureids: ids.map(() => 0),
      nodes_values: { floats: ids },
      nodes_missing_value_tracks_true: [],
      nodes_truenodeids: ids.map((id) => (id === 0 ? 1 : id + 2)),
      nodes_falsenodeids: ids.map((id) => (id === 0 ? 2 : id + 3)),
      target_treeids: [],
      target_nodeids: [],
      target_ids: [],
      target_weights: { floats: [] },
    };
    const path = writeModel(buildOnnx(regressor([], 1, attributes)));
    await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2112' });
  });
});
