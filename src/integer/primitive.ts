import type { Auxiliaries, OutputAuxiliaries } from './auxiliary.ts';
import type { Bounds } from './bounds.ts';
import type { IntegerNode, OwnFields } from './integer-graph.ts';
import type { Ensure } from './invariants.ts';
import type { JointRange } from './joint-range.ts';
import type { JsonOf, MemberReaders } from './json-form.ts';

/**
 * The declaration of one kind of integer node: everything that the compiler, the executor, the witness and the checker
 * share about it. Its circuit is built in src/circuit and checked in src/check/gadgets. Both read this declaration, and
 * neither reads the other.
 */
export interface Primitive<N extends IntegerNode, A extends Auxiliaries = Auxiliaries> {
  readonly op: N['op'];
  /** The circom template that computes it, and the template's file in `circuits/`. */
  readonly template: { readonly name: string; readonly file: string };
  /** The template's internal signals, in the order of their declaration. */
  readonly auxiliaries: A;
  /** Every id that the node reads, in the arrays that the node holds. */
  sources(node: N): readonly Int32Array[];
  /** Checks the node's invariants, on which every later step relies. */
  check(node: N, ensure: Ensure): void;
  /** The fields that only this kind of node has, as integer-graph.json holds them. */
  writeJson(node: N): JsonOf<OwnFields<N>>;
  /** Readers of these fields: their form only. `check` says whether they fit together. */
  readonly fields: MemberReaders<OwnFields<N>>;
  /**
   * Writes the proved ranges of the node's outputs. Those of its sources are already in `bounds`.
   *
   * @throws QuietproofError QP3001 if a number could exceed `EXACT_LIMIT`, QP3035, QP3036 if a source's range does not fit
   */
  bound(node: N, bounds: Bounds): void;
  /** Groups of outputs that vary together: sums over them have narrower ranges. Default: none. */
  readonly joint?: (node: N) => readonly JointRange[];
  /** Computes the node's outputs exactly. Its sources are already in `values`. */
  execute(node: N, values: Float64Array): void;
  /** Prepares, once per graph, the writer of each output's auxiliary numbers; undefined if there are none. */
  auxiliary(node: N, bounds: Bounds): OutputAuxiliaries<A> | undefined;
  /** Bits of the widest decomposed number, or of the outputs' range if nothing is decomposed: for the bounds table. */
  widestBits(node: N, bounds: Bounds): number;
  /**
   * What calibration chose for the node. The manifest records it, so that the graph can be derived again without data.
   */
  calibrated(node: N): Calibrated;
}

export interface Calibrated {
  /** Bits by which a requantized value is shifted right. */
  readonly shift?: number;
  /** What a table adds to a value before the shift: where its first entry is. */
  readonly offset?: number;
}
