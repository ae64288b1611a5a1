import type { OperatorContext } from '../onnx/operator.ts';

/** A list of trees as the attributes of ai.onnx.ml write it: one entry per node, and one per weight of a leaf. */
export interface EnsembleTable {
  readonly treeIds: readonly number[];
  /** Unique within a tree. */
  readonly nodeIds: readonly number[];
  readonly modes: readonly string[];
  readonly features: readonly number[];
  readonly values: ArrayLike<number>;
  readonly missingTracksTrue: readonly number[];
  readonly trueIds: readonly number[];
  readonly falseIds: readonly number[];
  readonly writes: {
    readonly treeIds: readonly number[];
    readonly nodeIds: readonly number[];
    readonly targets: readonly number[];
    readonly weights: ArrayLike<number>;
  };
}

/**
 * Reads the attributes that TreeEnsembleClassifier and TreeEnsembleRegressor share. Hit rates do not affect the result.
 *
 * @param prefix of the attributes about leaves: `class` or `target`
 * @throws QuietproofError QP2117 if lists that belong together differ in length
 */
export function readEnsemble(context: OperatorContext, prefix: 'class' | 'target'): EnsembleTable {
  const { attributes } = context;
  attributes.ignore('nodes_hitrates', 'nodes_hitrates_as_tensor');
  const ints = (name: string) => attributes.ints(name) ?? [];
  const table: EnsembleTable = {
    treeIds: ints('nodes_treeids'),
    nodeIds: ints('nodes_nodeids'),
    modes: attributes.strings('nodes_modes') ?? [],
    features: ints('nodes_featureids'),
    values: floatsOf(context, 'nodes_values'),
    missingTracksTrue: ints('nodes_missing_value_tracks_true'),
    trueIds: ints('nodes_truenodeids'),
    falseIds: ints('nodes_falsenodeids'),
    writes: {
      treeIds: ints(`${prefix}_treeids`),
      nodeIds: ints(`${prefix}_nodeids`),
      targets: ints(`${prefix}_ids`),
      weights: floatsOf(context, `${prefix}_weights`),
    },
  };
  checkLengths(context, table);
  return table;
}

/** A list of numbers, stored as floats or as a tensor of doubles. */
export function floatsOf(context: OperatorContext, name: string): ArrayLike<number> {
  const floats = context.attributes.floats(name);
  const tensor = context.attributes.tensor(`${name}_as_tensor`);
  if (tensor === undefined) return floats ?? [];
  if (floats !== undefined && floats.length > 0)
    throw malformed(context, `${name} is given twice, as floats and as a tensor`);
  return context.readTensor(tensor).tensor.data;
}

function checkLengths(context: OperatorContext, table: EnsembleTable): void {
  const { writes, missingTracksTrue, ...nodes } = table;
  const count = nodes.nodeIds.length;
  if (count === 0) throw malformed(context, 'it has no nodes');
  if (Object.values(nodes).some((list) => list.length !== count))
    throw malformed(context, 'the lists of its nodes differ in length');
  if (missingTracksTrue.length > count)
    throw malformed(context, 'nodes_missing_value_tracks_true is longer than the list of its nodes');
  if (Object.values(writes).some((list) => list.length !== writes.nodeIds.length))
    throw malformed(context, 'the lists of its weights differ in length');
}

/** @throws QuietproofError QP2117 if a leaf writes to a target or class that does not exist */
export function checkTargets(context: OperatorContext, { writes }: EnsembleTable, targets: number): void {
  const wrong = writes.targets.find((target) => !(target >= 0 && target < targets));
  if (wrong !== undefined) throw malformed(context, `a weight is for target ${wrong} of ${targets}`);
}

/** The error for an ensemble that is no list of trees (QP2117). */
export function malformed(context: OperatorContext, what: string) {
  return context.error('QP2117', what, 'Export the model again');
}
