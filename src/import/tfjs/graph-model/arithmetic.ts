import { broadcastShape, broadcastTo } from '../../broadcast.ts';
import { dense } from '../../dense.ts';
import { permuteConst, rearrangeConst } from '../../rearrange.ts';
import { logSoftmaxOver, softmaxOver } from '../../softmax.ts';
import { type ConstTensor, sizeOf } from '../../tensor.ts';
import { FUNCTIONS, fused } from './fused.ts';
import type { GraphValue, Operation, OperationContext } from './operation.ts';

/** MatMul and _FusedMatMul with constant weights on the right. */
export const matMul: Operation = (context) => {
  const x = context.view(0, 2);
  const given = context.constant(1, 'weights');
  if (context.flag('transpose_a')) throw context.unsupported('with transpose_a');
  if (given.shape.length !== 2) throw context.misfit(given.shape);
  const weights = context.flag('transpose_b') ? given : permuteConst(given, [1, 0]);
  return fused(context, (bias, node) => dense(context.builder, node, x, weights, bias));
};

/** Along the last axis. */
export const biasAdd: Operation = (context) => {
  const bias = context.constant(1, 'biases');
  return { kind: 'view', view: context.builder.affine(context.node, context.view(0), undefined, bias) };
};

/** The sum or difference of two activations, or of one and constants. @param sign of the second operand */
export function sum(sign: 1 | -1): Operation {
  return (context) => {
    const [a, b] = [context.operand(0), context.operand(1)];
    const { builder, node } = context;
    if (a.kind === 'const' && b.kind === 'const') return folded(context, (x, y) => x + sign * y);
    if (a.kind === 'view' && b.kind === 'view') {
      return { kind: 'view', view: builder.add(node, a.view, b.view, sign) };
    }
    if (a.kind === 'view') {
      const shift = scaled(context.constant(1, 'operands'), sign);
      return { kind: 'view', view: builder.affine(node, a.view, undefined, shift) };
    }
    const factor = { shape: [], data: Float64Array.of(sign) };
    return {
      kind: 'view',
      view: builder.affine(node, context.view(1), factor, context.constant(0, 'operands')),
    };
  };
}

/** A product of two activations, or of one and constants. */
export const multiply: Operation = (context) => {
  const [a, b] = [context.operand(0), context.operand(1)];
  const { builder, node } = context;
  if (a.kind === 'const' && b.kind === 'const') return folded(context, (x, y) => x * y);
  if (a.kind === 'view' && b.kind === 'view') {
    return { kind: 'view', view: builder.binary(node, 'product', a.view, b.view) };
  }
  const view = a.kind === 'view' ? a.view : context.view(1);
  const factors = a.kind === 'const' ? a.tensor : context.constant(1, 'factors');
  return { kind: 'view', view: builder.affine(node, view, factors) };
};

export const divide: Operation = (context) => {
  const a = context.operand(0);
  const divisors = context.constant(1, 'divisors');
  if (divisors.data.includes(0)) throw context.error('QP2109', `${context.node.op} divides by zero`);
  if (a.kind === 'const') return folded(context, (x, y) => x / y);
  const factors = { ...divisors, data: divisors.data.map((x) => 1 / x) };
  return { kind: 'view', view: context.builder.affine(context.node, a.view, factors) };
};

/** scale · (x − mean) / √(variance + epsilon) + offset, along the last axis. */
export const fusedBatchNorm: Operation = (context) => {
  const x = context.view(0);
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map(
    (index) => context.constant(index, 'statistics').data,
  );
  const epsilon = context.float('epsilon', 1e-4);
  if (context.flag('is_training')) throw context.unsupported('in training');
  if (variance!.some((own) => !(own + epsilon > 0))) {
    throw context.error('QP2109', `a variance of ${context.node.op} is not positive`);
  }
  const factor = scale!.map((own, c) => own / Math.sqrt(variance![c]! + epsilon));
  const shift = offset!.map((own, c) => own - mean![c]! * factor[c]!);
  const along = (data: Float64Array): ConstTensor => ({ shape: [data.length], data });
  return { kind: 'view', view: context.builder.affine(context.node, x, along(factor), along(shift)) };
};

/** An operation that is a function of each value. */
export const elementwise: Operation = (context) => {
  const { builder, node } = context;
  return { kind: 'view', view: builder.activation(node, context.view(0), FUNCTIONS[node.op]!) };
};

export const leakyRelu: Operation = (context) => {
  const alpha = context.float('alpha', 0.2);
  return {
    kind: 'view',
    view: context.builder.activation(context.node, context.view(0), { kind: 'leaky-relu', alpha }),
  };
};

export const negate: Operation = (context) => {
  const value = context.operand(0);
  if (value.kind === 'const') return { kind: 'const', tensor: scaled(value.tensor, -1) };
  return { kind: 'view', view: context.negative(value.view) };
};

/** A product of a value with itself. */
export const square: Operation = (context) => {
  const x = context.view(0);
  return { kind: 'view', view: context.builder.binary(context.node, 'product', x, x) };
};

export const squaredDifference: Operation = (context) => {
  const { builder, node } = context;
  const difference = builder.add(node, context.anyView(0), context.anyView(1), -1);
  return { kind: 'view', view: builder.binary(node, 'product', difference, difference) };
};

export const sigmoid: Operation = (context) => ({
  kind: 'head',
  head: 'sigmoid',
  view: context.view(0),
  node: context.node,
});

/** Over the last axis: a head if that is all scores of a row. */
export const softmax: Operation = (context) => {
  const view = context.view(0);
  const { builder, node } = context;
  const last = view.shape.length - 1;
  if (view.shape[last]! * builder.batch === view.ids.length)
    return { kind: 'head', head: 'softmax', view, node };
  return { kind: 'view', view: softmaxOver(builder, node, view, [last]) };
};

/** The place of the largest score of a row, also where a softmax came before, which keeps their order. */
export const argMax: Operation = (context) => {
  const value = context.input(0);
  const isSoftmax = value.kind === 'head' && value.head === 'softmax';
  const view = isSoftmax ? value.view : context.view(0);
  const { builder, node } = context;
  const [given = 0] = context.integers(1, 'axes');
  const axis = given < 0 ? given + view.shape.length : given;
  const isWhole = view.shape[axis]! * builder.batch === view.ids.length && (builder.batch === 1 || axis > 0);
  if (!isWhole) throw context.unsupported('over only part of the output');
  return { kind: 'head', head: 'argmax', view, node };
};

/** log(softmax), over the last axis. */
export const logSoftmax: Operation = (context) => {
  const view = context.view(0);
  return { kind: 'view', view: logSoftmaxOver(context.builder, context.node, view, [view.shape.length - 1]) };
};

function folded(context: OperationContext, apply: (x: number, y: number) => number): GraphValue {
  const [a, b] = [context.constant(0, 'operands'), context.constant(1, 'operands')];
  const shape = broadcastShape(a.shape, b.shape);
  if (shape === undefined) throw context.misfit(a.shape, b.shape);
  context.builder.checkSize(context.node, sizeOf(shape));
  const [x, y] = [a, b].map((own) => rearrangeConst(own, broadcastTo(own.shape, shape)).data);
  return { kind: 'const', tensor: { shape, data: x!.map((own, i) => apply(own, y![i]!)) } };
}

const scaled = (tensor: ConstTensor, factor: number): ConstTensor => ({
  ...tensor,
  data: tensor.data.map((x) => factor * x),
});
