import { ZERO } from '../graph/float-graph.ts';

/** Throws an error that names the layer and the invariant if the invariant does not hold. */
export type Ensure = (holds: boolean, invariant: string) => void;

/** Whether a node whose first output is `end` may read a value. */
export function isReadable(id: number, end: number): boolean {
  return id === ZERO || (id >= 0 && id < end);
}

export function areReadable(ids: Int32Array, end: number): boolean {
  return ids.every((id) => isReadable(id, end));
}

export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
