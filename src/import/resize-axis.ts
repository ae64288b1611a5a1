/** Where one position of a resized axis reads: some places, and how much of each. */
export interface AxisTap {
  readonly places: readonly number[];
  /** One for each place. */
  readonly weights: readonly number[];
  /** Beyond the operand, where tf_crop_and_resize gives its extrapolation value. */
  readonly outside: boolean;
}

/** One axis of a Resize. */
export interface AxisSpec {
  readonly size: number;
  readonly out: number;
  readonly scale: number;
  /** The part of the axis to read, of tf_crop_and_resize: 0 is its first value, 1 its last. */
  readonly region: readonly [number, number];
}

const { fround } = Math;

type Coordinate = (place: number, axis: AxisSpec) => number;

/**
 * From a place in the result to one in the operand. ONNX Runtime computes them in float32, and what is nearest depends on
 * its rounding, so these do the same in the same order.
 */
export const COORDINATES: Readonly<Record<string, Coordinate>> = {
  __proto__: null as never,
  half_pixel: (at, { scale }) => halfPixel(at, scale),
  half_pixel_symmetric: (at, { scale, out, size }) => {
    const adjustment = fround(out / fround(scale * size));
    const center = fround(size / 2);
    return fround(fround(center * fround(1 - adjustment)) + halfPixel(at, scale));
  },
  pytorch_half_pixel: (at, { scale, out }) => (out > 1 ? halfPixel(at, scale) : 0),
  tf_half_pixel_for_nn: (at, { scale }) => fround(fround(at + 0.5) / scale),
  align_corners: (at, { out, size }) => (out === 1 ? 0 : fround(fround(at * (size - 1)) / (out - 1))),
  asymmetric: (at, { scale }) => fround(at / scale),
  tf_crop_and_resize: (at, { out, size, region: [start, end] }) =>
    out > 1
      ? fround(fround(start * (size - 1)) + fround(fround(at * fround(end - start) * (size - 1)) / (out - 1)))
      : fround(0.5 * fround(start + end) * (size - 1)),
};

const halfPixel = (at: number, scale: number): number => fround(fround(fround(at + 0.5) / scale) - 0.5);

/** From a real coordinate to the nearest place. `simple` is what Upsample and Resize before operator set 11 do. */
export const NEAREST: Readonly<Record<string, (at: number, scale: number) => number>> = {
  __proto__: null as never,
  round_prefer_floor: (at) => Math.ceil(at - 0.5),
  round_prefer_ceil: (at) => Math.floor(at + 0.5),
  floor: (at) => Math.floor(at),
  ceil: (at) => Math.ceil(at),
  simple: (at, scale) => (scale < 1 ? Math.ceil(at) : Math.trunc(at)),
};

/** How a value between two places is made. */
export type Filter =
  /** The nearest place; `round` is a mode of `NEAREST`. */
  | { readonly kind: 'nearest'; readonly round: string }
  /** A line between the two nearest. */
  | { readonly kind: 'linear' }
  /** Keys' cubic through the four nearest; those outside are the last place, or are left out. */
  | { readonly kind: 'cubic'; readonly a: number; readonly excludeOutside: boolean };

/** Where each position of a resized axis reads. */
export function axisTaps(axis: AxisSpec, coordinate: string, filter: Filter): AxisTap[] {
  const last = axis.size - 1;
  const isCropped = coordinate === 'tf_crop_and_resize';
  // An axis that keeps its size is copied, whatever the coordinates.
  const isCopied = axis.scale === 1 && axis.out === axis.size && !isCropped;
  return Array.from({ length: axis.out }, (_, p) => {
    if (isCopied) return { places: [p], weights: [1], outside: false };
    const at = COORDINATES[coordinate]!(p, axis);
    return { ...tapsAt(at, axis, filter), outside: isCropped && (at < 0 || at > last) };
  });
}

function tapsAt(at: number, { size, scale }: AxisSpec, filter: Filter): Omit<AxisTap, 'outside'> {
  const clamp = (place: number) => Math.min(Math.max(place, 0), size - 1);
  if (filter.kind === 'nearest') return { places: [clamp(NEAREST[filter.round]!(at, scale))], weights: [1] };
  if (filter.kind === 'linear') {
    const [low, part] = [Math.floor(clamp(at)), clamp(at) - Math.floor(clamp(at))];
    return { places: [low, clamp(low + 1)], weights: [1 - part, part] };
  }
  const first = Math.floor(at) - 1;
  const places = [first, first + 1, first + 2, first + 3];
  const weights = places.map((place) => {
    const isLeftOut = filter.excludeOutside && place !== clamp(place);
    return isLeftOut ? 0 : cubic(Math.abs(at - place), filter.a);
  });
  const total = filter.excludeOutside ? weights.reduce((sum, weight) => sum + weight, 0) : 1;
  return { places: places.map(clamp), weights: weights.map((weight) => weight / total) };
}

/** R. G. Keys, Cubic convolution interpolation for digital image processing, 1981. @param s distance below 2 */
function cubic(s: number, a: number): number {
  return s <= 1 ? ((a + 2) * s - (a + 3)) * s * s + 1 : ((a * s - 5 * a) * s + 8 * a) * s - 4 * a;
}
