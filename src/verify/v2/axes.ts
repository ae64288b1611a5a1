/**
 * The group of each feature of a part: the row-major index of its coordinates along `axes`.
 *
 * @param shape sizes of the part's dimensions
 * @param axes ascending, each below the length of `shape`; no axes give a single group
 * @returns function from the row-major index of a feature to its group
 */
export function groupOf(shape: readonly number[], axes: readonly number[]): (index: number) => number {
  if (axes.length === 0) return () => 0;
  if (axes.length === shape.length) return (index) => index;
  // Distance in features between neighbours along each dimension.
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  return (index) =>
    axes.reduce((group, axis) => {
      const size = shape[axis] as number;
      return group * size + (Math.floor(index / (strides[axis] as number)) % size);
    }, 0);
}

/** 1 for an empty list. */
export function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}
