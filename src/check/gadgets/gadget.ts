import type { Auxiliaries } from '../../integer/auxiliary.ts';
import type { IntegerNode } from '../../integer/integer-graph.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';

/**
 * Proves that the rows of one node compute it.
 *
 * @param auxiliariesOf where the auxiliaries of an output of the node are said to be: hints, like all names
 */
export type Gadget<N extends IntegerNode, A extends Auxiliaries> = (
  walk: Walk,
  node: N,
  auxiliariesOf: (index: number) => AuxiliaryCursor<A>,
) => void;
