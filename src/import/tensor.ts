/** A tensor of activations: value ids in row-major order. The shape includes the batch dimension (always 1). */
export interface TensorView {
  readonly shape: readonly number[];
  readonly ids: Int32Array;
}

/** A tensor of constants in row-major order. Float32 weights are converted exactly. */
export interface ConstTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Number of elements of a shape; 1 for a scalar's empty shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** The ids first … first + count − 1. */
export function idRange(first: number, count: number): Int32Array {
  const ids = new Int32Array(count);
  for (let i = 0; i < count; i += 1) ids[i] = first + i;
  return ids;
}

/** A shape for messages: `1×28×28`, or `scalar`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}
