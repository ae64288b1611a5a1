import type { IntegerInput } from '../../integer/integer-graph.ts';
import type { SignalSlots } from '../../integer/statement.ts';

/** How circuits take their input under one mode. */
export interface InputModeCircuit {
  /** Constraints that the mode adds, exactly as circom counts them. */
  readonly cost: (input: IntegerInput) => number;
  readonly plan: (input: IntegerInput) => InputCircuit;
}

/** What the mode adds to one circuit, whose input is `signal input in[…]`. */
export interface InputCircuit {
  /** What a proof holds of the input, for the circuit's heading. */
  readonly title: string;
  readonly includes: readonly string[];
  /** Further inputs and outputs of the main template, one signal each. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Inputs of the main template that are public, beside the context. */
  readonly publicInputs: readonly string[];
  /** Lines of the main template, after its outputs are assigned. */
  readonly body: readonly string[];
  /** Slots of the signals it adds; its field elements start at `firstSlot` of the trace. */
  signals(firstSlot: number): SignalSlots;
  /** Those field elements for one row. @throws RangeError where the mode takes a salt, and none is given */
  fields(integers: ArrayLike<number>, salt: bigint | null): bigint[];
}
