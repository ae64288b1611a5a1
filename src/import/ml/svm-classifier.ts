import { Logic } from '../logic.ts';
import type { Operator, OperatorContext } from '../onnx/operator.ts';
import type { Label, Outputs } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';
import { classifierOutputs } from './classifier-scores.ts';
import { kernelSums } from './kernel-sums.ts';
import { readLabels } from './labels.ts';
import { featuresOf, linearScores } from './linear-scores.ts';
import { oppositeScores } from './opposite-scores.ts';
import { constantView, pairsOfClasses, pairVotes } from './pair-votes.ts';
import { type PostTransform, postTransformOf } from './post-transform.ts';
import { ignoreKernel, machineOf, misfitting } from './support-vectors.ts';

/** A label, and the scores of pairs of classes or of classes. The rules are ONNX Runtime's. */
export const svmClassifier: Operator = (context) => {
  const labels = readLabels(context, 'classlabels_ints');
  const transform = postTransformOf(context);
  if (labels.length === 1) throw context.error('QP2115', 'the machine has a single class');
  const perClass = context.attributes.ints('vectors_per_class') ?? [];
  const count = perClass.reduce((sum, own) => sum + own, 0);
  const hasProbabilities = readPlatt(context, labels.length);
  if (count === 0) return linearLabels(context, labels, transform, hasProbabilities);
  if (perClass.length !== labels.length || perClass.some((own) => own < 0))
    throw misfitting(context, `its vectors are of ${perClass.length} classes, not ${labels.length}`);
  const scores = pairScores(context, perClass, count);
  const outputs = labels.length === 2 ? twoClasses : manyClasses;
  const all = outputs(context, scores, labels, transform);
  return hasProbabilities ? labelAlone(all) : all;
};

/**
 * The probabilities of a machine that was trained with them are sigmoids of pairs, coupled by an iteration that stops when
 * it changes little. They have no effect on the label.
 */
function labelAlone({ values: [label] }: Outputs): Outputs {
  const refused = 'probabilities that an iteration couples from those of pairs of classes';
  return { kind: 'outputs', values: [label, undefined], refused };
}

/** @returns whether the scores are probabilities */
function readPlatt(context: OperatorContext, classes: number): boolean {
  const [a, b] = ['prob_a', 'prob_b'].map((name) => context.attributes.floats(name) ?? []);
  if (a!.length === 0 && b!.length === 0) return false;
  if (a!.length !== b!.length || a!.length < pairsOfClasses(classes).length)
    throw misfitting(
      context,
      `${a!.length} and ${b!.length} numbers do not make probabilities of ${classes} classes`,
    );
  return true;
}

/**
 * A score per pair of classes, from the vectors of both. Those of class i have their coefficients for the pair with class j
 * in row j, or in row j − 1 if j comes after i, since no class is paired with itself.
 */
function pairScores(context: OperatorContext, perClass: readonly number[], count: number): TensorView {
  const pairs = pairsOfClasses(perClass.length);
  const coefficients = context.attributes.floats('coefficients') ?? [];
  const rho = context.attributes.floats('rho') ?? [];
  if (coefficients.length < (perClass.length - 1) * count || rho.length < pairs.length)
    throw misfitting(
      context,
      `${coefficients.length} coefficients and ${rho.length} rho are too few for ${count} vectors`,
    );
  const x = featuresOf(context);
  const machine = machineOf(context, x, count);
  context.builder.checkSize(context.node, pairs.length * count);
  const starts = perClass.map((_, i) => perClass.slice(0, i).reduce((sum, own) => sum + own, 0));
  const weights = new Float64Array(pairs.length * count);
  for (const [k, [i, j]] of pairs.entries()) {
    for (const [own, row] of [
      [i, j - 1],
      [j, i],
    ] as const) {
      for (let v = starts[own]!; v < starts[own]! + perClass[own]!; v += 1)
        weights[k * count + v] = coefficients[row * count + v]!;
    }
  }
  return kernelSums(context, x, machine, { weights, bias: Float64Array.from(rho.slice(0, pairs.length)) });
}

/** The class that wins most pairs, the earliest of several. */
function manyClasses(
  context: OperatorContext,
  scores: TensorView,
  labels: readonly Label[],
  transform: PostTransform,
): Outputs {
  const logits = pairVotes(context, scores, labels.length);
  return classifierOutputs(context, { logits, labels, scores, transform });
}

/**
 * The first class if the score s is above 0, else the second one: of [−s, s] for the second and the first class, the first
 * value wins where both are 0. The scores are −s and s, with a sigmoid if that is the final function; any other one makes
 * them 1 − s and s, and is not applied.
 */
function twoClasses(
  context: OperatorContext,
  scores: TensorView,
  labels: readonly Label[],
  transform: PostTransform,
): Outputs {
  const s = scores.ids[0]!;
  const logits = oppositeScores(context, s);
  const isShown = transform === 'NONE' || transform === 'LOGISTIC';
  return classifierOutputs(context, {
    ...{ logits, labels: labels.toReversed(), scores: isShown ? logits : oppositeScores(context, s, 1) },
    transform: isShown || transform === 'PROBIT' ? transform : 'NONE',
  });
}

/**
 * Without support vectors, a linear score per class, all with the first rho. The class of the largest score wins; of two
 * classes the second one also where the largest score is above 0, or at least ½ if no coefficient is negative.
 */
function linearLabels(
  context: OperatorContext,
  labels: readonly Label[],
  transform: PostTransform,
  hasProbabilities: boolean,
): Outputs {
  ignoreKernel(context);
  const coefficients = context.attributes.floats('coefficients') ?? [];
  const [rho] = context.attributes.floats('rho') ?? [];
  if (rho === undefined) throw misfitting(context, 'it has no rho');
  const bias = labels.map(() => rho);
  const scores = linearScores(context, { targets: labels.length, coefficients, bias });
  if (labels.length > 2 || hasProbabilities)
    return classifierOutputs(context, { logits: scores, labels, scores, transform });
  const isPositive = coefficients.every((own) => own >= 0);
  const logits = secondOfTwo(context, scores, isPositive);
  return classifierOutputs(context, { logits, labels, scores, transform });
}

function secondOfTwo(context: OperatorContext, scores: TensorView, isPositive: boolean): TensorView {
  const logic = new Logic(context.builder, context.node);
  const at = (k: number): TensorView => ({ shape: [1, 1], ids: scores.ids.subarray(k, k + 1) });
  const limit = constantView(context, [isPositive ? 0.5 : 0]);
  const isLarge = isPositive ? logic.atLeast(at(0), limit) : logic.greater(at(0), limit);
  const isSecond = logic.or(logic.greater(at(1), at(0)), isLarge);
  return oppositeScores(context, isSecond.ids[0]!, 1);
}
