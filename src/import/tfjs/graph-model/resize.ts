import { pickAxes, rearrangeView } from '../../rearrange.ts';
import { interpolate } from '../../resample.ts';
import { sizeOf, type TensorView } from '../../tensor.ts';
import type { Operation, OperationContext } from './operation.ts';

/** Rows and columns are repeated. */
export const resizeNearest: Operation = (context) => {
  const { x, sizes } = resized(context);
  if (context.flag('align_corners')) throw context.unsupported('with align_corners');
  const shift = context.flag('half_pixel_centers') ? 0.5 : 0;
  const picks = sizes.map((size, axis) =>
    Array.from({ length: size }, (_, i) => {
      return Math.min(Math.floor(((i + shift) * x.shape[axis]!) / size), x.shape[axis]! - 1);
    }),
  );
  return { kind: 'view', view: rearrangeView(x, pickAxes(x.shape, picks)) };
};

/** Values on lines between the nearest rows and columns. */
export const resizeBilinear: Operation = (context) => {
  const { x, sizes } = resized(context);
  const [aligned, centers] = [context.flag('align_corners'), context.flag('half_pixel_centers')];
  if (aligned && centers) throw context.unsupported('with align_corners and half_pixel_centers');
  const coordinate = aligned ? 'align_corners' : centers ? 'half_pixel' : 'asymmetric';
  return { kind: 'view', view: interpolate(context.builder, context.node, x, sizes, coordinate) };
};

/** The operand, and the size of the result along each axis. */
function resized(context: OperationContext): { x: TensorView; sizes: readonly number[] } {
  const x = context.view(0, 4);
  const given = context.integers(1, 'sizes');
  const [rows, columns] = given as [number, number];
  if (given.length !== 2 || !given.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw context.misfit(x.shape, given);
  }
  const sizes = [x.shape[0]!, rows, columns, x.shape[3]!];
  context.builder.checkSize(context.node, sizeOf(sizes));
  return { x, sizes };
}
