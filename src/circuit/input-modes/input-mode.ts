import type { IntegerGraph } from '../../integer/integer-graph.ts';
import type { SignalSlots } from '../../integer/statement.ts';

/** What one input mode adds to circuits. */
export interface InputModeCircuit {
  /** Number of constraints that the mode adds, exactly as circom counts them. */
  readonly cost: (graph: IntegerGraph) => number;
  /** Coefficients in the factors of these constraints beyond three each, nearly: each is in the proving key. */
  readonly furtherCoefficients: (graph: IntegerGraph) => number;
  readonly plan: (graph: IntegerGraph) => InputCircuit;
}

/** What a mode adds to one circuit, whose input is `signal input in[…]`. */
export interface InputCircuit {
  /** What is public about the input: for the comment at the top of the circuit. */
  readonly title: string;
  readonly includes: readonly string[];
  /** Further inputs and outputs of the main template, each a single signal. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Inputs of the main template that are public, in addition to the context. */
  readonly publicInputs: readonly string[];
  /** Lines of the main template after the assignment of its outputs. */
  readonly body: readonly string[];
  /** Slots of the signals it adds; its field elements start at `firstSlot` of the trace. */
  signals(firstSlot: number): SignalSlots;
  /** These field elements for one row. @throws RangeError if the mode takes a salt and none is given */
  fields(integers: ArrayLike<number>, salt: bigint | null): bigint[];
}
