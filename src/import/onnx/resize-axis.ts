/** Where one position of a resized axis reads: two places and how much of the second. */
export interface AxisTap {
  readonly low: number;
  readonly high: number;
  /** From 0 to 1. */
  readonly part: number;
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

/** Where each position of a resized axis reads. @param nearest a mode of `NEAREST`; undefined interpolates */
export function axisTaps(axis: AxisSpec, coordinate: string, nearest: string | undefined): AxisTap[] {
  const last = axis.size - 1;
  const clamp = (place: number) => Math.min(Math.max(place, 0), last);
  return Array.from({ length: axis.out }, (_, p) => {
    // An axis that keeps its size is copied, whatever the coordinates.
    const isCopied = axis.scale === 1 && axis.out === axis.size && coordinate !== 'tf_crop_and_resize';
    const at = isCopied ? p : COORDINATES[coordinate]!(p, axis);
    const outside = coordinate === 'tf_crop_and_resize' && (at < 0 || at > last);
    if (nearest !== undefined) {
      const place = clamp(NEAREST[nearest]!(at, axis.scale));
      return { low: place, high: place, part: 0, outside };
    }
    const inside = clamp(at);
    const low = Math.floor(inside);
    const high = Math.min(low + 1, last);
    return { low, high, part: high === low ? 0 : inside - low, outside };
  });
}
