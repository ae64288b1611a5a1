import type { FloatNode } from '../../graph/float-graph.ts';
import type { DisjointSets } from '../disjoint-sets.ts';
import type { LoweringContext } from './context.ts';

/** What the layers after a value do with it. */
export interface ValueUse {
  /** By value: 1 if it is rounded to the bits of an activation, directly or after a maximum. */
  readonly isRounded: Uint8Array;
  /** By value: the width of the range outside of which its readers tell no values apart; Infinity for most. */
  readonly passed: Float64Array;
}

/**
 * Notes one reader of a value.
 *
 * @param rounded 1 if it rounds the value
 * @param span the width of the range outside of which it tells no values apart
 */
export type NoteUse = (id: number, rounded: number, span: number) => void;

/** How one kind of float node becomes integers. What it computes is in src/graph/nodes, under the same name. */
export interface NodeLowering<N extends FloatNode> {
  /** The width of its own that the search for widths varies. */
  readonly searched: 'weights' | 'activations' | 'none';
  /** Ties values that need one step. */
  tie(node: N, sets: DisjointSets): void;
  /** Ties values that need one step because others do. @returns whether anything changed */
  tieAgain(node: N, sets: DisjointSets): boolean;
  /** Notes what the node does with each value that it reads. @param use what is known of the node's own values */
  noteUse(node: N, note: NoteUse, use: ValueUse): void;
  /**
   * The constraints that one bit more of some values costs where the node reads them; Infinity if it would round them.
   *
   * @param reads how often it reads any of them
   */
  costOfFiner(node: N, reads: number): number;
  /** Appends integer nodes and maps each of the node's values to an integer one, or to a constant. */
  lower(node: N, context: LoweringContext): void;
}
