import type { SignalGroup } from '@quietproof/verify';
import type { IntegerGraph } from '../../integer/integer-graph.ts';
import type { SignalSlots } from '../../integer/statement.ts';
import type { EnforcedRanges } from '../interval-propagation.ts';
import type { Walk } from '../walk.ts';

/** What the check expects of a circuit's input in one mode. */
export type InputModeCheck = (graph: IntegerGraph) => InputCheck;

export interface InputCheck {
  /** Numbers of signals in the r1cs, without the statement's outputs and including the context. */
  readonly counts: SignalCounts;
  readonly places: SignalPlaces;
  /** Ranges that verifiers enforce, by wire. `walkRanges` proves those that the circuit enforces. */
  readonly enforced: EnforcedRanges;
  /** What the interface must say about the input's public signals. */
  readonly group: SignalGroup;
  /** Names of the signals that the mode adds; its field elements start at `firstSlot` of the trace. */
  signals(firstSlot: number): SignalSlots;
  /** Matches the rows that enforce the input's range, before any gadget reads the input. */
  walkRanges(walk: Walk): void;
  /** Matches the rows that tie the mode's signals to the input. */
  walkSignals(walk: Walk, firstSlot: number): void;
}

export interface SignalCounts {
  readonly outputs: number;
  readonly public: number;
  readonly private: number;
}

/** Wires of the inputs, by position: the r1cs orders outputs, public inputs, private inputs. */
export interface SignalPlaces {
  readonly inputWire: (i: number) => number;
  readonly contextWire: number;
  /** Inputs that the mode adds and that may be any field element. */
  readonly freeWires: readonly number[];
}
