import { ZERO } from '../graph/float-graph.ts';

/** Refuses the graph, naming the layer, where an invariant of a node does not hold. */
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
