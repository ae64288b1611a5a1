import type { ConstTensor } from '../tensor.ts';
import type { OperatorContext } from './operator.ts';
import type { ViewValue } from './value.ts';

/** scale · (x − mean) / √(variance + epsilon) + bias, per channel: an affine map of each value. */
export function batchNormalization(context: OperatorContext): ViewValue {
  const { attributes } = context;
  attributes.ignore('momentum');
  if (attributes.int('training_mode', 0) !== 0)
    throw context.unsupported('in training mode', 'Export in eval mode');
  if (attributes.int('spatial', 1) !== 1) throw context.unsupported('per position (spatial = 0)');
  const x = context.view(0);
  const epsilon = attributes.float('epsilon', Math.fround(1e-5));
  const [scale, bias, mean, variance] = ['scales', 'biases', 'means', 'variances'].map((role, i) => {
    return perChannel(context, context.constant(i + 1, role), x.shape);
  }) as [ConstTensor, ConstTensor, ConstTensor, ConstTensor];
  const factor = scale.data.map((s, c) => s / Math.sqrt(variance.data[c]! + epsilon));
  const shift = bias.data.map((b, c) => b - mean.data[c]! * factor[c]!);
  const { shape } = scale;
  return context.viewOf(
    context.builder.affine(context.node, x, { shape, data: factor }, { shape, data: shift }),
  );
}

/** Reshapes [channels] to [channels, 1, …], which broadcasts against [batch, channels, …plane]. */
function perChannel(context: OperatorContext, tensor: ConstTensor, shape: readonly number[]): ConstTensor {
  if (tensor.data.length !== shape[1]) throw context.misfit(shape, tensor.shape);
  return { shape: [tensor.data.length, ...shape.slice(2).map(() => 1)], data: tensor.data };
}
