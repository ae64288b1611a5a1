import { roundsToAtLeast } from '../../graph/float-precision.ts';
import { float32OfRank, RANKS } from '../../graph/float32.ts';
import { FLOAT } from '../onnx/data-types.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { HeadValue, Value } from '../onnx/value.ts';
import { preimageOf } from './preimage.ts';
import { passing } from './rank-set.ts';

/** Operators that `decideLabel` may compute. */
export const DECIDING: ReadonlySet<string> = new Set(['Sum', 'Neg', 'Pow', 'Less', 'Add', 'Mul']);

/**
 * What an isolation forest computes from the sum of its trees, which decides the label: powers of 2, comparisons with
 * constants, and arithmetic on their results. All of it is monotone, so the circuit compares the sum itself. Undefined for
 * any other node.
 */
export function decideLabel(context: OperatorContext): Value | undefined {
  switch (context.node.op) {
    case 'Sum':
      return sumOfViews(context);
    case 'Neg':
      return negated(context);
    case 'Pow':
      return power(context);
    case 'Less':
      return below(context);
    case 'Add':
    case 'Mul':
      return ofLabels(context);
    default:
      return undefined;
  }
}

function sumOfViews(context: OperatorContext): Value | undefined {
  const { builder, node, inputs } = context;
  if (inputs.length < 2 || inputs.some((value) => value?.kind !== 'view')) return undefined;
  const views = inputs.map((_, i) => context.view(i));
  const sum = views.reduce((a, b) => builder.add(node, a, b));
  return context.viewOf(sum);
}

function negated(context: OperatorContext): Value | undefined {
  if (context.inputs[0]?.kind !== 'view') return undefined;
  const { builder, node } = context;
  const x = context.view(0);
  const view = builder.affine(node, x, { shape: [1], data: Float64Array.of(-1) });
  builder.exact.record(view.ids, x.ids, () => ({ kind: 'multiply', constant: -1, precision: 'float32' }));
  return context.viewOf(view);
}

/** A constant to the power of an activation: only its comparison can be proved. */
function power(context: OperatorContext): Value | undefined {
  const [base, exponent] = context.inputs;
  if (base?.kind !== 'const' || exponent?.kind !== 'view') return undefined;
  const [constant] = base.tensor.data;
  const isScalar = base.tensor.data.length === 1 && exponent.dataType === FLOAT;
  if (!isScalar || !(constant! > 1 && constant! < Infinity)) return undefined;
  const { builder, node } = context;
  const ids = builder.copyForTrees(node, exponent.view.ids);
  builder.exact.record(ids, exponent.view.ids, () => ({ kind: 'power', base: constant! }));
  return { ...exponent, view: { ...exponent.view, ids } };
}

/** Whether one score is below a constant: the label 1 if it is, else 0. */
function below(context: OperatorContext): HeadValue | undefined {
  const [score, limit] = context.inputs;
  if (score?.kind !== 'view' || limit?.kind !== 'const') return undefined;
  if (score.view.ids.length !== 1 || limit.tensor.data.length !== 1) return undefined;
  const { builder, node } = context;
  const { source, steps } = builder.exact.chainOf(score.view.ids[0]!);
  if (!steps.some(({ kind }) => kind === 'power')) return undefined;
  const passes = preimageOf(steps, passing('LT', limit.tensor.data[0]!, false));
  const [range, ...more] = passes?.ranges ?? [];
  const isBelow = range?.low === RANKS.lowest;
  if (range === undefined || more.length > 0 || (!isBelow && range.high !== RANKS.highest)) return undefined;
  // The real sum below which the runtime's float32 sum is one that passes, or from which on.
  const bound = roundsToAtLeast('float32', float32OfRank(isBelow ? range.high + 1 : range.low));
  const sign = isBelow ? 1 : -1;
  const operand = { shape: [1], ids: Int32Array.of(source) };
  const signed = builder.affine(node, operand, { shape: [1], data: Float64Array.of(sign) }).ids[0]!;
  const constant = builder.constant(node, { shape: [1], data: Float64Array.of(sign * bound) }).ids[0]!;
  const logits = { shape: [1, 2], ids: Int32Array.of(signed, constant) };
  const base = { kind: 'head', head: 'argmax', dataType: FLOAT, node } as const;
  return { ...base, logits, shape: score.view.shape, labels: [0, 1] };
}

/** A label plus or times a constant is another label. */
function ofLabels({ node, inputs }: OperatorContext): Value | undefined {
  const head = inputs.find(
    (value): value is HeadValue => value?.kind === 'head' && value.labels !== undefined,
  );
  const constant = inputs.find((value) => value?.kind === 'const');
  if (head === undefined || constant?.kind !== 'const' || constant.tensor.data.length !== 1) return undefined;
  const c = constant.tensor.data[0]!;
  const labels = head.labels!.map((label) => {
    if (typeof label === 'string') return Number.NaN;
    return node.op === 'Add' ? label + c : label * c;
  });
  return labels.every(Number.isSafeInteger)
    ? { ...head, labels: labels.map((label) => label + 0) }
    : undefined;
}
