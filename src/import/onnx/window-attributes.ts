import { samePads, type WindowSpec } from '../windows.ts';
import type { OperatorContext } from './operator.ts';

/**
 * Reads kernel_shape, strides, dilations, pads and auto_pad, which Conv and the pools have in common.
 *
 * @param plane spatial shape of the operand
 * @param kernel the kernel's shape, if the weights determine it
 */
export function readWindow(
  context: OperatorContext,
  plane: readonly number[],
  kernel?: readonly number[],
): WindowSpec {
  const { attributes } = context;
  const shape = attributes.ints('kernel_shape') ?? kernel;
  if (shape === undefined) throw context.error('QP2111', `${context.node.op} is missing its kernel_shape`);
  const ones = plane.map(() => 1);
  const spec = {
    kernel: sizesPerAxis(context, 'kernel_shape', shape, plane.length),
    strides: sizesPerAxis(context, 'strides', attributes.ints('strides') ?? ones, plane.length),
    dilations: sizesPerAxis(context, 'dilations', attributes.ints('dilations') ?? ones, plane.length),
    ceilMode: attributes.int('ceil_mode', 0) !== 0,
  };
  return { ...spec, ...readPads(context, plane, spec) };
}

function readPads(context: OperatorContext, plane: readonly number[], spec: Parameters<typeof samePads>[1]) {
  const pads = context.attributes.ints('pads');
  const mode = context.attributes.string('auto_pad', 'NOTSET');
  if (mode.startsWith('SAME') && spec.dilations.some((dilation) => dilation > 1)) {
    // ONNX Runtime pads as if there were none, contrary to the specification, and refuses such a Conv.
    throw context.unsupported(`with auto_pad "${mode}" and dilations`, 'Write the pads out');
  }
  if (mode === 'SAME_UPPER') return samePads(plane, spec, 'upper');
  if (mode === 'SAME_LOWER') return samePads(plane, spec, 'lower');
  const zeros = plane.map(() => 0);
  if (mode === 'VALID' || (mode === 'NOTSET' && pads === undefined))
    return { padBegin: zeros, padEnd: zeros };
  if (mode !== 'NOTSET' || pads === undefined) throw context.unsupported(`with auto_pad "${mode}"`);
  if (pads.length !== 2 * plane.length || !pads.every((pad) => inRange(pad, 0))) {
    throw context.error('QP2111', `the pads [${pads}] of ${context.node.op} do not fit ${plane.length} axes`);
  }
  return { padBegin: pads.slice(0, plane.length), padEnd: pads.slice(plane.length) };
}

/** A list of sizes, one for each axis. @param low the smallest that is allowed */
export function sizesPerAxis(
  context: OperatorContext,
  name: string,
  values: readonly number[],
  axes: number,
  low = 1,
): readonly number[] {
  if (values.length === axes && values.every((value) => inRange(value, low))) return values;
  throw context.error('QP2111', `the ${name} [${values}] of ${context.node.op} do not fit ${axes} axes`);
}

/** The upper limit keeps sums of sizes exact. */
const inRange = (value: number, low: number): boolean =>
  Number.isInteger(value) && value >= low && value <= 2 ** 31;
