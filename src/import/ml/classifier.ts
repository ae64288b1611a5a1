import type { Operator, OperatorContext } from '../onnx/operator.ts';
import type { Label } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';
import { binaryScores } from './binary-scores.ts';
import { buildTrees } from './build-trees.ts';
import { type ClassifierScores, classifierOutputs, partlyScored } from './classifier-scores.ts';
import { addEnsemble } from './ensemble.ts';
import { checkTargets, type EnsembleTable, floatsOf, malformed, readEnsemble } from './ensemble-table.ts';
import { readLabels } from './labels.ts';
import { type PostTransform, postTransformOf } from './post-transform.ts';
import { type Scored, scoredClasses } from './scored-classes.ts';

/** A label, and the scores of all classes after a final function. The rules are ONNX Runtime's. */
export const treeEnsembleClassifier: Operator = (context) => {
  const table = readEnsemble(context, 'class');
  const labels = readLabels(context);
  checkTargets(context, table, labels.length);
  const base = floatsOf(context, 'base_values');
  const transform = postTransformOf(context);
  if (labels.length === 1) throw context.error('QP2115', 'the ensemble has a single class');
  const isBaseSize =
    base.length === 0 || base.length === labels.length || (labels.length === 2 && base.length === 1);
  if (!isBaseSize) throw malformed(context, `it has ${base.length} base values for ${labels.length} classes`);
  const sums = addSums(context, table, labels.length);
  if (sums.shape[0] !== 1) throw context.unsupported('of several rows');
  const scored = scoredClasses(table, labels.length);
  const result =
    labels.length === 2
      ? binaryScores(context, { sums, table, labels, base, transform, scored })
      : manyScores(context, { sums, labels, base, transform, scored });
  return classifierOutputs(context, result);
};

function addSums(context: OperatorContext, table: EnsembleTable, targets: number): TensorView {
  const size = targets + 4 * table.nodeIds.length + table.writes.nodeIds.length;
  const build = buildTrees.bind(undefined, context, table, targets);
  return addEnsemble(context, { targets, aggregate: 'sum', base: [], size, build });
}

interface ManyParts {
  readonly sums: TensorView;
  readonly labels: readonly Label[];
  readonly base: ArrayLike<number>;
  readonly transform: PostTransform;
  readonly scored: Scored;
}

/** Without base values, ONNX Runtime passes over a class that no leaf of the row scored. */
function manyScores(
  context: OperatorContext,
  { sums, labels, base, transform, scored }: ManyParts,
): ClassifierScores {
  const { builder, node } = context;
  if (base.length > 0) {
    const shift = { shape: [base.length], data: Float64Array.from(base) };
    const scores = builder.affine(node, sums, undefined, shift);
    return { logits: scores, labels, scores, transform };
  }
  if (scored.sometimes.length > 0 && !scored.someIsPositive) throw partlyScored(context);
  const kept = [...labels.keys()].filter((target) => !scored.never.includes(target));
  if (kept.length < 2) throw context.error('QP2115', 'the ensemble scores fewer than two classes');
  const ids = Int32Array.from(kept, (target) => sums.ids[target]!);
  const logits = { shape: [1, kept.length], ids };
  return { logits, labels: kept.map((target) => labels[target]!), scores: sums, transform };
}
