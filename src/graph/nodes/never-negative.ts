import { ZERO } from '../float-graph.ts';

/** @param nonNegative by value id: 1 if it is known never to be negative */
export function cannotBeNegative(id: number, nonNegative: Uint8Array): boolean {
  return id === ZERO || nonNegative[id] === 1;
}
