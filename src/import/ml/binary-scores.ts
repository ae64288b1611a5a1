import { ZERO } from '../../graph/float-graph.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { Label } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';
import { type ClassifierScores, partlyScored } from './classifier-scores.ts';
import { type EnsembleTable, malformed } from './ensemble-table.ts';
import { oppositeScores } from './opposite-scores.ts';
import type { PostTransform } from './post-transform.ts';
import type { Scored } from './scored-classes.ts';

interface BinaryParts {
  /** What the leaves write to each class, [1, 2]. */
  readonly sums: TensorView;
  readonly table: EnsembleTable;
  readonly labels: readonly Label[];
  readonly base: ArrayLike<number>;
  readonly transform: PostTransform;
  readonly scored: Scored;
}

/**
 * Two classes, by the rules of ONNX Runtime (`TreeAggregatorClassifier`), which depend on the classes that leaves write to,
 * on the number of base values, and on whether any weight is negative:
 *
 * | leaves write to | base values | s, which decides | scores of the classes                                       |
 * | --------------- | ----------- | ---------------- | ----------------------------------------------------------- |
 * | class 0         | 0 or 1      | sum 0 + base     | 1 − s and s; if a weight is negative, or LOGISTIC, −s and s |
 * | class 0         | 2           | sum 0 + base 0   | s and 0                                                     |
 * | class 1         | 0 or 1      | sum 1            | 0 and s                                                     |
 * | both            | 0           | sum 1            | sum 0 and s                                                 |
 * | both            | 1           | sum 1            | sum 0 + base and s                                          |
 * | both            | 2           | sum 0 + base 1   | −s and s                                                    |
 *
 * Where leaves write to one class, the label is the second one if s > ½, or if s > 0 where a weight is negative. Where
 * they write to both, the label is 1 if s > 0 and else 0, whatever the integer labels are called.
 */
export function binaryScores(context: OperatorContext, parts: BinaryParts): ClassifierScores {
  const { scored, base, table } = parts;
  if (scored.sometimes.length > 0) throw partlyScored(context);
  const [only, ...more] = [0, 1].filter((target) => !scored.never.includes(target));
  if (only === undefined) throw context.error('QP2115', 'no leaf of the ensemble scores a class');
  // Weights of branches have no effect, except that they count as written here.
  if (new Set(table.writes.targets).size !== 1 + more.length)
    throw malformed(context, 'it has weights for a class to which no leaf writes');
  if (more.length > 0) return bothWritten(context, parts);
  if (only === 1 && base.length === 2)
    throw context.error('QP2115', 'ONNX Runtime takes the base values alone for this ensemble');
  const { labels, sums, transform } = parts;
  const isNegative = Array.from(table.writes.weights).some((weight) => weight < 0);
  const s = shifted(context, only === 0 ? sums.ids[0]! : sums.ids[1]!, only === 0 ? (base[0] ?? 0) : 0);
  const logits = oppositeScores(context, s, isNegative ? 0 : 1);
  if (only === 1)
    return { logits, labels, transform, scores: { shape: [1, 2], ids: Int32Array.of(ZERO, s) } };
  if (base.length === 2)
    return { logits, labels, transform, scores: { shape: [1, 2], ids: Int32Array.of(s, ZERO) } };
  const isSigmoid = transform === 'LOGISTIC';
  const scores = isSigmoid && !isNegative ? oppositeScores(context, s, 0) : logits;
  // Other final functions are not applied to a single score.
  return { logits, labels, scores, transform: isSigmoid || transform === 'PROBIT' ? transform : 'NONE' };
}

function bothWritten(
  context: OperatorContext,
  { sums, labels, base, transform }: BinaryParts,
): ClassifierScores {
  const own = typeof labels[0] === 'string' ? labels : [0, 1];
  if (base.length === 2) {
    const s = shifted(context, sums.ids[0]!, base[1]!);
    const scores = oppositeScores(context, s, 0);
    return { logits: scores, labels: own, scores, transform };
  }
  const ids = Int32Array.of(shifted(context, sums.ids[0]!, base[0] ?? 0), sums.ids[1]!);
  const logits = oppositeScores(context, sums.ids[1]!, 0);
  return { logits, labels: own, scores: { shape: [1, 2], ids }, transform };
}

/** The id of value + shift. */
function shifted({ builder, node }: OperatorContext, id: number, shift: number): number {
  const operand = { shape: [1], ids: Int32Array.of(id) };
  return builder.affine(node, operand, undefined, { shape: [1], data: Float64Array.of(shift) }).ids[0]!;
}
