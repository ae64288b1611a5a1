import { perItem } from '../batch-items.ts';
import { convolution } from '../convolution.ts';
import type { OperatorContext } from './operator.ts';
import type { ViewValue } from './value.ts';
import { readWindow } from './window-attributes.ts';

/** Convolution over up to three spatial dimensions, with constant weights. */
export function conv(context: OperatorContext): ViewValue {
  const x = context.view(0);
  const weights = context.constant(1, 'weights');
  const bias = context.optionalConstant(2, 'biases')?.data;
  const spatial = x.shape.length - 2;
  if (spatial < 1 || spatial > 3) throw context.unsupported(`over ${spatial} dimensions`);
  if (weights.shape.length !== x.shape.length) throw context.misfit(x.shape, weights.shape);
  const groups = context.attributes.int('group', 1);
  if (!Number.isInteger(groups) || groups < 1 || groups > x.shape[1]!) {
    throw context.error('QP2110', `${groups} groups do not fit ${x.shape[1]} channels`);
  }
  const window = readWindow(context, x.shape.slice(2), weights.shape.slice(2));
  return context.viewOf(
    perItem(x, (item) => convolution(context.builder, context.node, item, weights, bias, { window, groups })),
  );
}
