/** How a kernel moves over a plane; every array has one entry per spatial axis. */
export interface WindowSpec {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padBegin: readonly number[];
  readonly padEnd: readonly number[];
  /** Include a last window that extends beyond the padded plane, unless it starts in the end padding. */
  readonly ceilMode?: boolean;
}

/** A tap that falls on padding. */
export const PADDING = -1;
/** A tap beyond the padding, in ceil mode. It is ignored even by an average that counts padding. */
export const BEYOND = -2;

/** The taps of every window. */
export interface Windows {
  /** Spatial shape of the output. */
  readonly shape: readonly number[];
  readonly positions: number;
  readonly taps: number;
  /** At [p · taps + t]: the position in the plane of tap t of window p, or PADDING or BEYOND. */
  readonly index: Int32Array;
}

/** Padding for `SAME`: output = ceil(input / stride). An odd cell goes to the end (`upper`) or the beginning. */
export function samePads(
  plane: readonly number[],
  spec: Pick<WindowSpec, 'kernel' | 'strides' | 'dilations'>,
  odd: 'upper' | 'lower',
): Pick<WindowSpec, 'padBegin' | 'padEnd'> {
  const totals = plane.map((size, axis) => {
    const out = Math.ceil(size / spec.strides[axis]!);
    return Math.max(0, (out - 1) * spec.strides[axis]! + reach(spec, axis) - size);
  });
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  return odd === 'upper' ? { padBegin: small, padEnd: large } : { padBegin: large, padEnd: small };
}

/** Output size along each axis; zero or less if the kernel does not fit. */
export function windowShape(plane: readonly number[], spec: WindowSpec): number[] {
  return plane.map((size, axis) => {
    const stride = spec.strides[axis]!;
    const padded = size + spec.padBegin[axis]! + spec.padEnd[axis]!;
    const steps = (padded - reach(spec, axis)) / stride;
    if (steps < 0) return 0;
    const out = (spec.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // PyTorch and ONNX Runtime: a window must start inside the input or its left padding.
    return spec.ceilMode && (out - 1) * stride >= size + spec.padBegin[axis]! ? out - 1 : out;
  });
}

/** Enumerates the windows in row-major order. The caller has checked the sizes with `windowShape`. */
export function enumerateWindows(plane: readonly number[], spec: WindowSpec): Windows {
  const shape = windowShape(plane, spec);
  let positions = 1;
  let taps = 1;
  let index = new Int32Array([0]);
  for (let axis = 0; axis < plane.length; axis += 1) {
    index = crossAxis(
      { positions, taps, index },
      axisTaps(plane[axis]!, shape[axis]!, spec, axis),
      plane[axis]!,
    );
    positions *= shape[axis]!;
    taps *= spec.kernel[axis]!;
  }
  return { shape, positions, taps, index };
}

const reach = (spec: Pick<WindowSpec, 'kernel' | 'dilations'>, axis: number): number =>
  (spec.kernel[axis]! - 1) * spec.dilations[axis]! + 1;

/** The windows along one axis. */
function axisTaps(size: number, positions: number, spec: WindowSpec, axis: number): Omit<Windows, 'shape'> {
  const taps = spec.kernel[axis]!;
  const index = new Int32Array(positions * taps);
  for (let p = 0; p < positions; p += 1) {
    const start = p * spec.strides[axis]! - spec.padBegin[axis]!;
    for (let t = 0; t < taps; t += 1) {
      const at = start + t * spec.dilations[axis]!;
      const inside = at >= 0 && at < size;
      index[p * taps + t] = inside ? at : at >= size + spec.padEnd[axis]! ? BEYOND : PADDING;
    }
  }
  return { positions, taps, index };
}

/** Combines windows over the outer axes with windows over one inner axis of the given size. */
function crossAxis(outer: Omit<Windows, 'shape'>, inner: Omit<Windows, 'shape'>, size: number) {
  const index = new Int32Array(outer.index.length * inner.index.length);
  let at = 0;
  for (let po = 0; po < outer.positions; po += 1) {
    for (let pi = 0; pi < inner.positions; pi += 1) {
      for (let to = 0; to < outer.taps; to += 1) {
        const base = outer.index[po * outer.taps + to]!;
        for (let ti = 0; ti < inner.taps; ti += 1) {
          const place = inner.index[pi * inner.taps + ti]!;
          index[at] = base < 0 || place < 0 ? Math.min(base, place, PADDING) : base * size + place;
          at += 1;
        }
      }
    }
  }
  return index;
}
