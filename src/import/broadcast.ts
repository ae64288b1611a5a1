import { type Rearrangement, walkAxes } from './rearrange.ts';

/** The common shape of two operands under NumPy's broadcasting rules; undefined if they are incompatible. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    const dimA = a[axis - rank + a.length] ?? 1;
    const dimB = b[axis - rank + b.length] ?? 1;
    if (dimA !== dimB && dimA !== 1 && dimB !== 1) return undefined;
    shape.push(dimA === 1 ? dimB : dimA);
  }
  return shape;
}

/** Repeats an operand until it has the common shape. */
export function broadcastTo(from: readonly number[], to: readonly number[]): Rearrangement {
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
  const walks = to.map((size, axis) => ({ size, start: 0, step: padded[axis] === size ? 1 : 0 }));
  return walkAxes(padded, walks);
}
