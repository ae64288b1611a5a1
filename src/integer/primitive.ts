import type { Auxiliaries, OutputAuxiliaries } from './auxiliary.ts';
import type { Bounds } from './bounds.ts';
import type { IntegerNode, OwnFields } from './integer-graph.ts';
import type { Ensure } from './invariants.ts';
import type { JsonOf } from './json-form.ts';

/**
 * The declaration of one kind of integer node: all that the compiler, the executor, the witness and the checker know of
 * it in common. How its circuit is built (src/circuit) and checked (src/check/gadgets) are separate files, which both
 * read this one and never each other.
 */
export interface Primitive<N extends IntegerNode, A extends Auxiliaries = Auxiliaries> {
  readonly op: N['op'];
  /** The circom template that computes it, and the template's file in `circuits/`. */
  readonly template: { readonly name: string; readonly file: string };
  /** The template's own signals, in its order. */
  readonly auxiliaries: A;
  /** Every id the node reads, as the arrays it holds. */
  sources(node: N): readonly Int32Array[];
  /** What every later step relies on. */
  check(node: N, ensure: Ensure): void;
  /** The node's own fields in integer-graph.json, and back. */
  writeJson(node: N): JsonOf<OwnFields<N>>;
  readJson(json: JsonOf<OwnFields<N>>): OwnFields<N>;
  /**
   * Writes the proved ranges of the node's outputs; its sources' are there.
   *
   * @throws QuietproofError QP3001 where a number would pass `EXACT_LIMIT`
   */
  bound(node: N, bounds: Bounds): void;
  /** Writes the node's exact outputs; its sources' are there. */
  execute(node: N, values: Float64Array): void;
  /** What the witness needs beside the outputs, output by output; undefined where that is nothing. Once per graph. */
  auxiliary(node: N, bounds: Bounds): OutputAuxiliaries<A> | undefined;
  /** Bits of the widest number that is decomposed, or of the range where none is: for the bounds table. */
  widestBits(node: N, bounds: Bounds): number;
  /** What calibration chose for the node: recorded in the manifest, so that the graph can be derived again without data. */
  calibrated(node: N): Calibrated;
}

export interface Calibrated {
  /** Bits a requantized value loses. */
  readonly shift?: number;
}
