import type { SignalGroup } from '@quietproof/verify';
import type { IntegerGraph } from '../../integer/integer-graph.ts';
import type { SignalSlots } from '../../integer/statement.ts';
import type { EnforcedRanges } from '../interval-propagation.ts';
import type { Walk } from '../walk.ts';

/** What is expected of a circuit's input under one mode. */
export type InputModeCheck = (graph: IntegerGraph) => InputCheck;

export interface InputCheck {
  /** Signals of the r1cs, the statement's outputs left out and the context included. */
  readonly counts: SignalCounts;
  readonly places: SignalPlaces;
  /** Ranges that verifiers enforce, by wire; what the circuit enforces itself `walkRanges` proves. */
  readonly enforced: EnforcedRanges;
  /** What the interface must say of the input's public signals. */
  readonly group: SignalGroup;
  /** Names of the signals the mode adds; its field elements start at `firstSlot` of the trace. */
  signals(firstSlot: number): SignalSlots;
  /** Matches the rows that hold the input in its range, before any gadget reads it. */
  walkRanges(walk: Walk): void;
  /** Matches the rows that tie the mode's own signals to the input. */
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
  /** Inputs of the mode's own, which may be any field element. */
  readonly freeWires: readonly number[];
}
