import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { FLOAT } from '../onnx/data-types.ts';
import type { Operator } from '../onnx/operator.ts';
import { anyOperand } from '../onnx/shape-operators.ts';
import { reduceAxes } from '../pooling.ts';
import { magnitudesOf, overLength, overMagnitude, overMagnitudes } from '../row-norms.ts';
import type { TensorView } from '../tensor.ts';

/**
 * Divides by a norm of the row. After a final function it only makes the probabilities of several sigmoids sum to 1, which
 * keeps their order: it is left out.
 */
export const normalizer: Operator = (context) => {
  const name = context.attributes.string('norm', 'MAX');
  const norm = (['MAX', 'L1', 'L2'] as const).find((own) => own === name);
  if (norm === undefined) throw context.unsupported(`by ${JSON.stringify(name.slice(0, 30))}`);
  const value = anyOperand(context);
  if (value.kind === 'head' && value.head !== 'argmax') return { ...value, head: 'softmax' };
  const { builder, node } = context;
  const x = context.view(0);
  if (x.shape.length === 0 || x.shape.length > 2) throw context.misfit(x.shape);
  return { kind: 'view', view: NORMS[norm](builder, node, x, [x.shape.length - 1]), dataType: FLOAT };
};

/** By the norm of ai.onnx.ml; of all of them, a row of zeros stays as it is. */
const NORMS = { L1: overMagnitudes, L2: overLength, MAX: overLargest } as const;

/** x / m for the largest value m, not the largest magnitude, and x where m is 0: as −x / |m| where m is negative. */
function overLargest(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const zero = builder.constant(node, { shape: [1], data: new Float64Array(1) });
  const largest = reduceAxes(builder, node, x, axes, 'max');
  const isPositive = builder.binary(node, 'compare', largest, zero);
  const minus = builder.affine(node, x, { shape: [1], data: Float64Array.of(-1) });
  const signed = builder.select(node, isPositive, x, minus);
  return overMagnitude(builder, node, signed, magnitudesOf(builder, node, largest));
}
