import type { Block } from '../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { rearrangeView } from './rearrange.ts';
import { type ConstTensor, shapeText, type TensorView } from './tensor.ts';

/**
 * Multiplies the last dimension by a matrix: x […, taps] → […, rows].
 *
 * @param weights [rows, taps]
 * @param bias one per row
 */
export function dense(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  weights: ConstTensor,
  bias?: Float64Array,
): TensorView {
  const [rows, taps] = [weights.shape[0]!, weights.shape[1]!];
  if (weights.shape.length !== 2 || x.shape.at(-1) !== taps || (bias !== undefined && bias.length !== rows)) {
    const what = `weights of shape ${shapeText(weights.shape)} do not fit an operand of shape ${shapeText(x.shape)}`;
    throw builder.error('QP2110', node, what);
  }
  const positions = x.ids.length / taps;
  const block: Block = { rows, positions, taps, weights: weights.data, gather: x.ids };
  const ids = builder.linear(node, { blocks: [block], bias: biasPerRow(bias, rows, positions) });
  const perPosition = rearrangeView({ shape: [rows, positions], ids }, transpose(rows, positions));
  return { shape: [...x.shape.slice(0, -1), rows], ids: perPosition.ids };
}

/** Repeats a bias per row over the positions of a block; zeros without a bias. */
export function biasPerRow(bias: Float64Array | undefined, rows: number, positions: number): Float64Array {
  const out = new Float64Array(rows * positions);
  if (bias === undefined) return out;
  for (let row = 0; row < rows; row += 1) out.fill(bias[row]!, row * positions, (row + 1) * positions);
  return out;
}

function transpose(rows: number, columns: number) {
  const index = new Int32Array(rows * columns);
  for (let c = 0; c < columns; c += 1)
    for (let r = 0; r < rows; r += 1) index[c * rows + r] = r * columns + c;
  return { shape: [columns, rows], index };
}
