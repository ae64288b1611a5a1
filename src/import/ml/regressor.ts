import { FLOAT } from '../onnx/data-types.ts';
import type { Operator, OperatorContext } from '../onnx/operator.ts';
import type { Value } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';
import { buildTrees } from './build-trees.ts';
import { partlyScored } from './classifier-scores.ts';
import { addEnsemble, aggregateOf } from './ensemble.ts';
import { checkTargets, floatsOf, malformed, readEnsemble } from './ensemble-table.ts';
import { MemberTrees, readMemberTable } from './member-trees.ts';
import { POST_TRANSFORMS, type PostTransform, postTransformOf, transformed } from './post-transform.ts';
import { type Scored, scoredClasses } from './scored-classes.ts';

/** The sum, average, minimum or maximum of what trees give. */
export const treeEnsembleRegressor: Operator = (context) => {
  const table = readEnsemble(context, 'target');
  const targets = targetCount(context);
  checkTargets(context, table, targets);
  const base = floatsOf(context, 'base_values');
  if (base.length !== 0 && base.length !== targets)
    throw malformed(context, `it has ${base.length} base values for ${targets} targets`);
  const scored = scoredClasses(table, targets);
  // ONNX Runtime adds a base value only to a target to which some leaf of the row writes.
  if (targets > 1 && scored.sometimes.some((target) => base[target])) throw partlyScored(context);
  const aggregate = aggregateOf(context, context.attributes.string('aggregate_function', 'SUM'));
  const transform = postTransformOf(context);
  const size = targets + 4 * table.nodeIds.length + table.writes.nodeIds.length;
  const build = buildTrees.bind(undefined, context, table, targets);
  return finished(
    context,
    addEnsemble(context, { targets, aggregate, base: written(base, targets, scored), size, build }),
    transform,
  );
};

function written(base: ArrayLike<number>, targets: number, { never }: Scored): number[] {
  return Array.from(base, (value, target) => (targets > 1 && never.includes(target) ? 0 : value));
}

/** The same with other attributes, and with tests of membership. */
export const treeEnsemble: Operator = (context) => {
  const table = readMemberTable(context);
  const targets = targetCount(context);
  if (table.targets.some((target) => !(target >= 0 && target < targets)))
    throw malformed(context, `a leaf is for a target beyond the ${targets} that it has`);
  const aggregate = aggregateOf(context, AGGREGATES[context.attributes.int('aggregate_function', 1)] ?? '');
  const transform = POST_TRANSFORMS[context.attributes.int('post_transform', 0)];
  if (transform === undefined) throw context.unsupported('with an unknown post_transform');
  // The numbers 1 and 2 are SOFTMAX and LOGISTIC in the specification, and the other way round in ONNX Runtime 1.30.
  if (targets > 1 && (transform === 'SOFTMAX' || transform === 'LOGISTIC'))
    throw context.unsupported(
      `with the post_transform ${transform}, which runtimes read in different ways`,
      WITHOUT,
    );
  const size = targets + 5 * table.modes.length + table.members.length;
  const build = (folder: ConstructorParameters<typeof MemberTrees>[2]) => {
    const trees = new MemberTrees(context, table, folder);
    return table.roots.map((root) => trees.build(root));
  };
  return finished(context, addEnsemble(context, { targets, aggregate, base: [], size, build }), transform);
};

const WITHOUT = 'Export without post_transform, and apply the function outside the model';

/** By number. */
const AGGREGATES = ['AVERAGE', 'SUM', 'MIN', 'MAX'];

function targetCount(context: OperatorContext): number {
  const targets = context.attributes.int('n_targets', 0);
  if (!Number.isSafeInteger(targets) || targets < 1) throw malformed(context, `it has ${targets} targets`);
  context.builder.checkSize(context.node, targets);
  return targets;
}

/** With a single target, ONNX Runtime applies no final function but PROBIT. */
function finished(context: OperatorContext, scores: TensorView, transform: PostTransform): Value {
  const isIgnored = scores.shape[1] === 1 && transform !== 'PROBIT';
  const value = transformed(context, scores, FLOAT, isIgnored ? 'NONE' : transform);
  if (value === undefined) throw context.unsupported(`with the post_transform ${transform}`);
  return value;
}
