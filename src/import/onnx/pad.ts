import { pickAxes } from '../rearrange.ts';
import { idRange } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { sized } from './repeats.ts';
import { operandShape } from './shape-operators.ts';

/** For each mode, where a position outside 0 … size − 1 reads; −1 for the fill value. */
const MODES: Readonly<Record<string, (at: number, size: number) => number>> = {
  __proto__: null as never,
  constant: () => -1,
  edge: (at, size) => (at < 0 ? 0 : size - 1),
  wrap: (at, size) => modulo(at, size),
  reflect: (at, size) => {
    const period = Math.max(1, 2 * (size - 1));
    const place = modulo(at, period);
    return place < size ? place : period - place;
  },
};

/** Adds a border in one of four modes, or crops if a pad is negative. Attributes before operator set 11, inputs since. */
export const pad: Operator = (context) => {
  const { attributes, opset } = context;
  const mode = attributes.string('mode', 'constant');
  const outside = MODES[mode];
  if (outside === undefined) throw context.unsupported(`in mode "${mode}"`, 'Use constant padding');
  const shape = operandShape(context.input(0));
  const fill =
    opset < 11 ? attributes.float('value', 0) : (context.optionalConstant(2, 'fill values')?.data[0] ?? 0);
  const pads = padsPerAxis(context, shape.length);
  const out = shape.map((size, axis) => Math.max(0, size + pads[axis]![0] + pads[axis]![1]));
  const makeMap = (size: number, axis: number) => axisMap(context, size, pads[axis]!, outside, mode);
  return sized(context, out, () => pickAxes(shape, shape.map(makeMap)), fill);
};

/** Before and after each axis. */
function padsPerAxis(context: OperatorContext, rank: number): (readonly [number, number])[] {
  const { attributes, opset } = context;
  const pads = opset < 11 ? attributes.ints('pads') : context.integers(1, 'pads');
  const given = opset < 18 ? undefined : context.optionalIntegers(3, 'axes');
  const axes = given?.map((axis) => context.axis(axis, rank)) ?? [...idRange(0, rank)];
  if (pads?.length !== 2 * axes.length || pads.some((size) => Math.abs(size) > 2 ** 31)) {
    throw context.error('QP2111', `the pads [${pads}] do not fit ${axes.length} axes`);
  }
  const result = Array.from({ length: rank }, (): readonly [number, number] => [0, 0]);
  for (const [i, axis] of axes.entries()) result[axis] = [pads[i]!, pads[i + axes.length]!];
  return result;
}

/** Negative pads crop first; the border then repeats what is left. */
function axisMap(
  context: OperatorContext,
  size: number,
  [before, after]: readonly [number, number],
  outside: (at: number, size: number) => number,
  mode: string,
): number[] {
  const first = Math.max(0, -before);
  const left = size - first - Math.max(0, -after);
  if (left < 1 && mode !== 'constant')
    throw context.error('QP2110', `pads of ${before} and ${after} leave nothing`);
  const length = Math.max(0, size + before + after);
  return Array.from({ length }, (_, p) => {
    const at = p - Math.max(0, before);
    if (at >= 0 && at < left) return first + at;
    const place = outside(at, left);
    return place < 0 ? -1 : first + place;
  });
}

const modulo = (value: number, size: number): number => ((value % size) + size) % size;
