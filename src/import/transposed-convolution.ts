import { type ConvolutionSpec, convolution } from './convolution.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { byRow, permuteConst, pickAxes, rearrangeConst, rearrangeView, walkAxes } from './rearrange.ts';
import { type ConstTensor, shapeText, sizeOf, type TensorView } from './tensor.ts';

/**
 * A transposed convolution: the convolution of the operand with zeros between its elements, with the kernel reversed.
 * The zeros are no values, so it costs nothing more than a convolution.
 *
 * @param x [rows, channels, …plane]
 * @param weights [channels, outputs / groups, …kernel]
 * @param bias one per output channel
 * @param plane spatial shape of the result
 * @param spec `padBegin` and `padEnd` of the window are what the convolution that this one transposes pads
 * @returns [rows, outputs, …plane]
 */
export function transposedConvolution(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  weights: ConstTensor,
  bias: Float64Array | undefined,
  plane: readonly number[],
  spec: ConvolutionSpec,
): TensorView {
  if (x.shape[0]! > 1) {
    return byRow(x, (row) => transposedConvolution(builder, node, row, weights, bias, plane, spec));
  }
  const { kernel, dilations } = spec.window;
  const [channels, perGroup] = [weights.shape[0]!, weights.shape[1]!];
  const fits =
    x.shape.length === weights.shape.length &&
    x.shape[1] === channels &&
    channels % spec.groups === 0 &&
    weights.shape.slice(2).every((size, axis) => size === kernel[axis]);
  if (!fits) {
    const what = `weights of shape ${shapeText(weights.shape)} in ${spec.groups} group(s) do not fit an operand of shape ${shapeText(x.shape)}`;
    throw builder.error('QP2110', node, what);
  }
  const reaches = kernel.map((size, axis) => (size - 1) * dilations[axis]!);
  builder.checkSize(node, channels * sizeOf(plane.map((size, axis) => size + reaches[axis]!)));
  const spread = spreadOut(x, plane, reaches, spec.window);
  const none = new Array<number>(plane.length).fill(0);
  const window = { kernel, dilations, strides: none.map(() => 1), padBegin: none, padEnd: none };
  const reversed = reversedKernel(weights, spec.groups, perGroup);
  return convolution(builder, node, spread, reversed, bias, { window, groups: spec.groups });
}

/** The operand with zeros between its elements and around them. */
function spreadOut(
  x: TensorView,
  plane: readonly number[],
  reaches: readonly number[],
  { strides, padBegin }: ConvolutionSpec['window'],
): TensorView {
  const picks = plane.map((size, axis) => {
    const [stride, before, dim] = [strides[axis]!, reaches[axis]! - padBegin[axis]!, x.shape[axis + 2]!];
    return Array.from({ length: size + reaches[axis]! }, (_, place) => {
      const position = (place - before) / stride;
      return Number.isInteger(position) && position >= 0 && position < dim ? position : -1;
    });
  });
  const all = (dim: number) => Array.from({ length: dim }, (_, i) => i);
  return rearrangeView(x, pickAxes(x.shape, [all(x.shape[0]!), all(x.shape[1]!), ...picks]));
}

/** [channels, outputs / groups, …kernel] → [outputs, channels / groups, …reversed kernel] */
function reversedKernel(weights: ConstTensor, groups: number, perGroup: number): ConstTensor {
  const [channels, , ...kernel] = weights.shape as [number, number, ...number[]];
  const grouped = { data: weights.data, shape: [groups, channels / groups, perGroup, ...kernel] };
  const swapped = permuteConst(grouped, [0, 2, 1, ...kernel.map((_, axis) => axis + 3)]);
  const shape = [groups * perGroup, channels / groups, ...kernel];
  const walks = shape.map((size, axis) =>
    axis < 2 ? { size, start: 0, step: 1 } : { size, start: size - 1, step: -1 },
  );
  return rearrangeConst({ data: swapped.data, shape }, walkAxes(shape, walks));
}
