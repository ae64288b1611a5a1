import { convolution } from '../../convolution.ts';
import { averagePool, maxPool } from '../../pooling.ts';
import { permuteConst, permuteView } from '../../rearrange.ts';
import type { ConstTensor, TensorView } from '../../tensor.ts';
import { transposedConvolution } from '../../transposed-convolution.ts';
import { samePads, type WindowSpec } from '../../windows.ts';
import { fused } from './fused.ts';
import type { GraphValue, Operation, OperationContext } from './operation.ts';

const toFirst = (view: TensorView): TensorView => permuteView(view, [0, 3, 1, 2]);
const toLast = (view: TensorView): TensorView => permuteView(view, [0, 2, 3, 1]);

/** Conv2D and _FusedConv2D: the kernel is [rows, columns, channels, filters]. */
export const conv2D: Operation = (context) => {
  const x = toFirst(channelsLast(context, 0));
  const kernel = kernelOf(context, 1);
  const [rows, columns] = kernel.shape as [number, number];
  const window = windowOf(context, x.shape.slice(2), [rows, columns]);
  const weights = permuteConst(kernel, [3, 2, 0, 1]);
  return fused(context, (bias, node) =>
    toLast(convolution(context.builder, node, x, weights, bias, { window, groups: 1 })),
  );
};

/** The kernel is [rows, columns, channels, multiplier]; output c · multiplier + m reads channel c. */
export const depthwiseConv2D: Operation = (context) => {
  const x = toFirst(channelsLast(context, 0));
  const kernel = kernelOf(context, 1);
  const [rows, columns, channels, multiplier] = kernel.shape as [number, number, number, number];
  const window = windowOf(context, x.shape.slice(2), [rows, columns]);
  const { data } = permuteConst(kernel, [2, 3, 0, 1]);
  const weights: ConstTensor = { shape: [channels * multiplier, 1, rows, columns], data };
  return fused(context, (bias, node) =>
    toLast(convolution(context.builder, node, x, weights, bias, { window, groups: channels })),
  );
};

/** The gradient of a convolution with respect to its input: [shape, kernel, operand]. */
export const transposedConv2D: Operation = (context) => {
  const size = context.integers(0, 'shapes');
  const kernel = kernelOf(context, 1);
  const x = toFirst(channelsLast(context, 2));
  const [rows, columns] = kernel.shape as [number, number];
  const plane = size.slice(1, 3);
  const window = windowOf(context, plane, [rows, columns]);
  const weights = permuteConst(kernel, [3, 2, 0, 1]);
  const { builder, node } = context;
  const y = transposedConvolution(builder, node, x, weights, undefined, plane, { window, groups: 1 });
  return { kind: 'view', view: toLast(y) };
};

export function pool(kind: 'max' | 'mean'): Operation {
  return (context): GraphValue => {
    const x = toFirst(channelsLast(context, 0));
    const window = windowOf(context, x.shape.slice(2), context.plane('ksize'));
    const { builder, node } = context;
    const y =
      kind === 'max' ? maxPool(builder, node, x, window) : averagePool(builder, node, x, window, false);
    return { kind: 'view', view: toLast(y) };
  };
}

function channelsLast(context: OperationContext, index: number): TensorView {
  const format = context.text('data_format', 'NHWC');
  if (format !== 'NHWC') throw context.unsupported(`with the layout ${format}`, 'Convert it channels last');
  return context.view(index, 4);
}

function kernelOf(context: OperationContext, index: number): ConstTensor {
  const kernel = context.constant(index, 'weights');
  if (kernel.shape.length !== 4) throw context.misfit(kernel.shape);
  return kernel;
}

function windowOf(context: OperationContext, plane: readonly number[], kernel: [number, number]): WindowSpec {
  const spec = { kernel, strides: context.plane('strides'), dilations: context.plane('dilations') };
  const padding = context.text('padding', 'VALID');
  if (padding === 'SAME') return { ...spec, ...samePads(plane, spec, 'upper') };
  if (padding === 'VALID') return { ...spec, padBegin: [0, 0], padEnd: [0, 0] };
  if (padding !== 'EXPLICIT') throw context.unsupported(`with the padding ${padding}`);
  const pads = context.ints('explicit_paddings');
  const [, , top = 0, bottom = 0, left = 0, right = 0] = pads;
  return { ...spec, padBegin: [top, left], padEnd: [bottom, right] };
}
