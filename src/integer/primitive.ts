import type { Bounds } from './bounds.ts';
import type { IntegerNode } from './integer-graph.ts';

/**
 * What the compiler knows about one kind of integer node. A primitive is one file in this folder and one template in
 * `circuits/`.
 */
export interface Primitive<N extends IntegerNode> {
  /** Writes the proved ranges of the node's outputs; its sources' are there. */
  bound(node: N, bounds: Bounds): void;
  /** Writes the node's exact outputs; its sources' are there. */
  execute(node: N, values: Float64Array): void;
  /** The numbers the witness needs beside the outputs, once per graph: bounds decide what is decomposed. */
  auxiliary(node: N, bounds: Bounds): Auxiliary;
}

/** Decomposed values, running maxima and the like, in the order in which the template declares its signals. */
export interface Auxiliary {
  readonly count: number;
  /** Writes the numbers of one row to aux[at…]; all of them are non-negative. */
  write(values: Float64Array, aux: Float64Array, at: number): void;
}

export const NO_AUXILIARY: Auxiliary = { count: 0, write() {} };
