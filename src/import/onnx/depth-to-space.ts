import { permuteAxes } from '../rearrange.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape, rearranged } from './shape-operators.ts';

/** Moves groups of b² channels into blocks of b × b pixels. The mode says how channels are numbered. */
export const depthToSpace: Operator = (context) => {
  const [n, c, h, w, b] = planeAndBlock(context);
  const mode = context.attributes.string('mode', 'DCR');
  if (mode !== 'DCR' && mode !== 'CRD') throw context.unsupported(`in mode "${mode}"`);
  if (c % (b * b) !== 0) throw context.error('QP2110', `${c} channels are not a multiple of ${b * b}`);
  const depth = c / (b * b);
  const { index } =
    mode === 'DCR'
      ? permuteAxes([n, b, b, depth, h, w], [0, 3, 4, 1, 5, 2])
      : permuteAxes([n, depth, b, b, h, w], [0, 1, 4, 2, 5, 3]);
  return rearranged(context, { shape: [n, depth, h * b, w * b], index });
};

/** Moves blocks of b × b pixels into channels. */
export const spaceToDepth: Operator = (context) => {
  const [n, c, h, w, b] = planeAndBlock(context);
  if (h % b !== 0 || w % b !== 0) {
    throw context.error('QP2110', `a plane of ${h}×${w} cannot be cut into blocks of ${b}×${b}`);
  }
  const { index } = permuteAxes([n, c, h / b, b, w / b, b], [0, 3, 5, 1, 2, 4]);
  return rearranged(context, { shape: [n, c * b * b, h / b, w / b], index });
};

function planeAndBlock(context: OperatorContext): [number, number, number, number, number] {
  const shape = operandShape(context.input(0));
  const block = context.attributes.int('blocksize', 0);
  if (shape.length !== 4 || block < 1) throw context.misfit(shape);
  return [shape[0]!, shape[1]!, shape[2]!, shape[3]!, block];
}
