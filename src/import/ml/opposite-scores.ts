import type { OperatorContext } from '../onnx/operator.ts';
import type { TensorView } from '../tensor.ts';

/** total − s and s, [1, 2]: the first is the larger, or they are equal, exactly if s ≤ total / 2. */
export function oppositeScores({ builder, node }: OperatorContext, s: number, total = 0): TensorView {
  const operand = { shape: [1, 2], ids: Int32Array.of(s, s) };
  const scale = { shape: [1, 2], data: Float64Array.of(-1, 1) };
  const shift = { shape: [1, 2], data: Float64Array.of(total, 0) };
  return builder.affine(node, operand, scale, shift);
}
