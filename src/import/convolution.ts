import { type Block, ZERO } from '../graph/float-graph.ts';
import { biasPerRow } from './dense.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { byRow } from './rearrange.ts';
import { type ConstTensor, shapeText, sizeOf, type TensorView } from './tensor.ts';
import { enumerateWindows, type WindowSpec, type Windows, windowShape } from './windows.ts';

export interface ConvolutionSpec {
  readonly window: WindowSpec;
  /** Number of independent channel groups; a depthwise convolution has one group per channel. */
  readonly groups: number;
}

/**
 * A convolution over any number of spatial dimensions, with one block per group.
 *
 * @param x [rows, channels, …plane]
 * @param weights [outputs, channels / groups, …kernel]
 * @param bias one per output channel
 * @returns [rows, outputs, …positions]
 */
export function convolution(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  weights: ConstTensor,
  bias: Float64Array | undefined,
  { window, groups }: ConvolutionSpec,
): TensorView {
  if (x.shape[0]! > 1) {
    return byRow(x, (row) => convolution(builder, node, row, weights, bias, { window, groups }));
  }
  const [outputs, channels, plane] = [weights.shape[0]!, x.shape[1]!, x.shape.slice(2)];
  const fits =
    x.shape[0] === 1 &&
    weights.shape.length === x.shape.length &&
    weights.shape[1] === channels / groups &&
    outputs % groups === 0 &&
    weights.shape.slice(2).every((size, axis) => size === window.kernel[axis]) &&
    (bias === undefined || bias.length === outputs);
  if (!fits) {
    const what = `weights of shape ${shapeText(weights.shape)} in ${groups} group(s) do not fit an operand of shape ${shapeText(x.shape)}`;
    throw builder.error('QP2110', node, what);
  }
  const windows = checkedWindows(builder, node, plane, window, channels);
  const rows = outputs / groups;
  const blocks: Block[] = [];
  for (let group = 0; group < groups; group += 1) {
    blocks.push(groupBlock(x.ids, weights, windows, { group, rows, plane: sizeOf(plane) }));
  }
  const ids = builder.linear(node, { blocks, bias: biasPerRow(bias, outputs, windows.positions) });
  return { shape: [1, outputs, ...windows.shape], ids };
}

/** Enumerates windows, after checking that the kernel fits the plane and that the tables stay within limits. */
export function checkedWindows(
  builder: GraphBuilder,
  node: NodeInfo,
  plane: readonly number[],
  window: WindowSpec,
  channels: number,
): Windows {
  const shape = windowShape(plane, window);
  if (plane.length === 0 || shape.some((size) => size < 1)) {
    const what = `a window of ${shapeText(window.kernel)} does not fit a plane of ${shapeText(plane)}`;
    throw builder.error('QP2110', node, what);
  }
  builder.checkSize(node, sizeOf(shape) * sizeOf(window.kernel) * channels);
  return enumerateWindows(plane, window);
}

/** The block of one group. Taps are ordered by channel, then by kernel position. */
function groupBlock(
  ids: Int32Array,
  weights: ConstTensor,
  { positions, taps, index }: Windows,
  { group, rows, plane }: { group: number; rows: number; plane: number },
): Block {
  const channels = weights.shape[1]!;
  const width = channels * taps;
  const gather = new Int32Array(positions * width);
  let at = 0;
  for (let p = 0; p < positions; p += 1) {
    for (let c = 0; c < channels; c += 1) {
      const base = (group * channels + c) * plane;
      for (let t = 0; t < taps; t += 1) {
        const place = index[p * taps + t]!;
        gather[at] = place < 0 ? ZERO : ids[base + place]!;
        at += 1;
      }
    }
  }
  const data = weights.data.subarray(group * rows * width, (group + 1) * rows * width);
  return { rows, positions, taps: width, weights: data, gather };
}
