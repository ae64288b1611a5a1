import type { Operator } from '../onnx/operator.ts';
import { anyOperand } from '../onnx/shape-operators.ts';

/**
 * Divides by a norm of the row. After a final function it only makes the probabilities of several sigmoids sum to 1, which
 * keeps their order.
 */
export const normalizer: Operator = (context) => {
  const norm = context.attributes.string('norm', 'MAX');
  const value = anyOperand(context);
  if (value.kind !== 'head' || value.head === 'argmax') {
    const fix = 'Do this before the model, and prove the model on its result';
    throw context.unsupported('of anything but probabilities', fix);
  }
  if (!['MAX', 'L1', 'L2'].includes(norm))
    throw context.unsupported(`by ${JSON.stringify(norm.slice(0, 30))}`);
  return { ...value, head: 'softmax' };
};
