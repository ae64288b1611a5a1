import { perItem } from '../batch-items.ts';
import { transposedConvolution } from '../transposed-convolution.ts';
import type { OperatorContext } from './operator.ts';
import type { ViewValue } from './value.ts';
import { sizesPerAxis } from './window-attributes.ts';

/** Transposed convolution over up to three spatial dimensions, with constant weights. */
export function convTranspose(context: OperatorContext): ViewValue {
  const x = context.view(0);
  const weights = context.constant(1, 'weights');
  const bias = context.optionalConstant(2, 'biases')?.data;
  const plane = x.shape.slice(2);
  if (plane.length < 1 || weights.shape.length !== x.shape.length)
    throw context.misfit(x.shape, weights.shape);
  if (plane.length > 3) throw context.unsupported(`over ${plane.length} dimensions`);
  const groups = context.attributes.int('group', 1);
  if (!Number.isInteger(groups) || groups < 1 || groups > x.shape[1]!) {
    throw context.error('QP2110', `${groups} groups do not fit ${x.shape[1]} channels`);
  }
  const { window, out } = placement(context, plane, weights.shape.slice(2));
  if (out.some((size) => size < 1)) throw context.misfit(x.shape, weights.shape);
  const spec = { window, groups };
  return context.viewOf(
    perItem(x, (item) =>
      transposedConvolution(context.builder, context.node, item, weights, bias, out, spec),
    ),
  );
}

/** The window of the convolution that this one transposes, and the size of the result. */
function placement(context: OperatorContext, plane: readonly number[], weightKernel: readonly number[]) {
  const { attributes } = context;
  const ones = plane.map(() => 1);
  const read = (name: string, otherwise: readonly number[], low: number) =>
    sizesPerAxis(context, name, attributes.ints(name) ?? otherwise, plane.length, low);
  const kernel = read('kernel_shape', weightKernel, 1);
  const strides = read('strides', ones, 1);
  const dilations = read('dilations', ones, 1);
  const extra = read(
    'output_padding',
    plane.map(() => 0),
    0,
  );
  const full = plane.map(
    (size, axis) => strides[axis]! * (size - 1) + extra[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1,
  );
  const { padBegin, padEnd, out } = padsOf(context, plane, strides, full);
  return { window: { kernel, strides, dilations, padBegin, padEnd }, out };
}

/** Pads as given, or those that lead to the given size or to that of auto_pad. @param full sizes without pads */
function padsOf(
  context: OperatorContext,
  plane: readonly number[],
  strides: readonly number[],
  full: readonly number[],
) {
  const { attributes } = context;
  const mode = attributes.string('auto_pad', 'NOTSET');
  const pads = attributes.ints('pads');
  // ONNX Runtime also takes the shape with the batch and the channels.
  const wanted = attributes.ints('output_shape')?.slice(-plane.length);
  const sameSize = mode.startsWith('SAME') ? plane.map((size, axis) => size * strides[axis]!) : undefined;
  const target = wanted ?? sameSize;
  if (target !== undefined) {
    const totals = full.map((size, axis) => Math.max(0, size - target[axis]!));
    const [small, large] = [totals.map((n) => Math.floor(n / 2)), totals.map((n) => Math.ceil(n / 2))];
    // ONNX Runtime does not extend a result that is too small for auto_pad, but does so for a given shape.
    const out = wanted ?? full.map((size, axis) => size - totals[axis]!);
    return mode === 'SAME_UPPER'
      ? { padBegin: small, padEnd: large, out }
      : { padBegin: large, padEnd: small, out };
  }
  const none = new Array<number>(2 * plane.length).fill(0);
  const checked = sizesPerAxis(context, 'pads', (mode === 'VALID' ? none : pads) ?? none, none.length, 0);
  const [padBegin, padEnd] = [checked.slice(0, plane.length), checked.slice(plane.length)];
  return { padBegin, padEnd, out: full.map((size, axis) => size - padBegin[axis]! - padEnd[axis]!) };
}
