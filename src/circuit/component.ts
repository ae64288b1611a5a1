import type { WireSource } from './wire-source.ts';

/** A template's argument: a number, or an array of one or two dimensions. */
export type Argument = number | readonly Argument[] | Int32Array | Float64Array;

/** One instance of a template from `circuits/` in a generated circuit. */
export interface Component {
  /** `layer3`, `layer3_1`: unique in the circuit. */
  readonly name: string;
  readonly template: string;
  /** For the comment above it and for cost tables: the layer's name, from the model. */
  readonly layer: string;
  readonly origin: readonly string[];
  readonly args: readonly Argument[];
  /** Value ids wired to `in[0]`, `in[1]`, …; a template with a scalar input has one. */
  readonly inputs: Int32Array;
  readonly scalarInput: boolean;
  /** Its outputs carry the values `[outputFirst, outputFirst + outputCount)`. */
  readonly outputFirst: number;
  readonly outputCount: number;
  readonly scalarOutput: boolean;
  /** Its own signals, by name: what the witness writes to each element. */
  readonly signals: ReadonlyMap<string, readonly WireSource[]>;
  /** Constraints, by this instance alone. */
  readonly cost: number;
}
