import type { FloatNode, Shape } from './float-graph.ts';

/** A node whose values have no ids yet. */
export type NewNode = Unplaced<FloatNode>;
export type Unplaced<N extends FloatNode> = N extends FloatNode ? Omit<N, 'first'> : never;

/** Throws an error that names the node if the invariant does not hold. */
export type Expect = (holds: boolean, what: string) => void;

/**
 * The declaration of one kind of float node: all that the graph's tools need to know of it. How it becomes integers is in
 * a table with the same keys, src/quantize/lower/node-lowerings.ts. A pass tests for a kind only if it transforms it.
 */
export interface NodeKind<N extends FloatNode> {
  /** Whether ABSENT may be among the ids that it reads. */
  readonly mayReadAbsent: boolean;
  /** Every list of ids that the node reads. */
  sources(node: Unplaced<N>): Int32Array[];
  /** The node with each list of ids that it reads translated. */
  translated(node: Unplaced<N>, translate: (ids: Int32Array) => Int32Array): Unplaced<N>;
  /** The numbers that the node holds, all of which must be finite. */
  numbers(node: N): Float64Array[];
  /** Checks sizes and parameters. The ids, numbers and the name are checked for all kinds alike. */
  check(node: N, expect: Expect): void;
  /**
   * Computes the node's values with + − × ÷ and comparisons only, in a fixed order: calibrated scales depend on them and
   * must not depend on the machine. Its sources are already in `values`.
   */
  execute(node: N, values: Float64Array): void;
  /** The node without most of the outputs that are not needed. @param needed by output: 1 if it is; at least one is */
  shrink(node: N, needed: Uint8Array): Shrunk;
  /** What `inspect` shows. */
  describe(node: N): KindDescription;
  /** Marks outputs that are never negative. @param nonNegative by value id: 1 if it is known never to be negative */
  markNonNegative(node: N, nonNegative: Uint8Array): void;
  /**
   * The node rewritten for operands that each lack a positive factor; records the factors that its own outputs then lack.
   * Undefined if the factors can be neither absorbed nor passed on.
   *
   * @param factors by value id: multiplying the value by it gives the original one
   */
  withoutFactors(node: N, factors: Float64Array): FloatNode | undefined;
}

export interface Shrunk {
  readonly node: NewNode;
  /** The old indices of the outputs that stay. */
  readonly places: Int32Array;
}

export interface KindDescription {
  /** For display: `linear`, `sum` (over windows), `add`, `scale`, `max`, or the kind of activation. */
  readonly kind: string;
  /** [rows, positions] if the outputs have that form, else [count]. */
  readonly shape: Shape;
  /** Multiply-accumulates by the usual convention: padding counts; sums and scales by ±1 do not. */
  readonly macs: number;
  /** Stored weights plus one bias per row. */
  readonly params: number;
}

/** The description of a node without weights. */
export function plainDescription(kind: string, count: number): KindDescription {
  return { kind, shape: [count], macs: 0, params: 0 };
}
