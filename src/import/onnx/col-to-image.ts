import { sizeOf } from '../tensor.ts';
import { enumerateWindows, windowShape } from '../windows.ts';
import type { OperatorContext } from './operator.ts';
import { sumAtPlaces } from './scatter.ts';
import type { ViewValue } from './value.ts';
import { sizesPerAxis } from './window-attributes.ts';

/** Puts columns back where windows over an image would have read them, and adds where they overlap. */
export function colToImage(context: OperatorContext): ViewValue {
  const { attributes, builder, node } = context;
  const x = context.view(0);
  const [image, block] = [context.integers(1, 'image sizes'), context.integers(2, 'block sizes')];
  const axes = image.length;
  const read = (name: string, otherwise: number, count: number) =>
    sizesPerAxis(
      context,
      name,
      attributes.ints(name) ?? new Array<number>(count).fill(otherwise),
      count,
      otherwise,
    );
  const [dilations, strides, pads] = [
    read('dilations', 1, axes),
    read('strides', 1, axes),
    read('pads', 0, 2 * axes),
  ];
  const kernel = sizesPerAxis(context, 'block shape', block, axes);
  const plane = sizesPerAxis(context, 'image shape', image, axes);
  const spec = { kernel, strides, dilations, padBegin: pads.slice(0, axes), padEnd: pads.slice(axes) };
  const channels = (x.shape[1] ?? 0) / sizeOf(kernel);
  const windows = windowShape(plane, spec);
  const fits = x.shape.length === 3 && x.shape[0] === 1 && Number.isInteger(channels) && channels > 0;
  if (!fits || windows.some((size) => size < 1) || x.shape[2] !== sizeOf(windows))
    throw context.misfit(x.shape, image, block);
  const shape = [1, channels, ...plane];
  builder.checkSize(node, Math.max(sizeOf(shape), x.ids.length));
  const { index, positions, taps } = enumerateWindows(plane, spec);
  const places = Int32Array.from(x.ids, (_, at) => {
    const [column, position] = [Math.floor(at / positions), at % positions];
    const place = index[position * taps + (column % taps)]!;
    return place < 0 ? -1 : Math.floor(column / taps) * sizeOf(plane) + place;
  });
  const summands = sumAtPlaces(places, x.ids, sizeOf(shape));
  const diagonals = summands.map((source) => ({ source, weights: new Float64Array(source.length).fill(1) }));
  return context.viewOf({
    shape,
    ids: builder.linear(node, { diagonals, bias: new Float64Array(sizeOf(shape)) }),
  });
}
