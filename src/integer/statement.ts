import { INPUT_MODES } from '@quietproof/verify';
import type { IntegerGraph, StatedOutput } from './integer-graph.ts';

/** Name of the circuit's output signals. */
export const OUTPUT_SIGNALS: { readonly [K in StatedOutput]: string } = {
  logits: 'logits',
  label: 'label',
  mixed: 'outputs',
};

export const STATED_OUTPUTS = Object.keys(OUTPUT_SIGNALS) as readonly StatedOutput[];

/** Counts the outputs, the signals of the input mode, and the context. */
export function publicSignalCount({ statement, input }: IntegerGraph): number {
  return statement.outputs.length + INPUT_MODES[statement.input].signalCount(input.count) + 1;
}

/**
 * Where a trace holds the signals of a statement, by their names in circom's `.sym` file: their slots, or the one slot
 * whose bits they are.
 */
export type SignalSlots = ReadonlyMap<string, readonly number[] | BitsOfSlot>;

export interface BitsOfSlot {
  readonly slot: number;
  readonly bits: number;
}

/** First slots of the field elements that follow the integers of a trace. */
export interface StatementSlots {
  readonly context: number;
  readonly contextSquared: number;
  /** First slot of the input mode's field elements, if it has any. */
  readonly input: number;
}

export function statementSlots(integerSlots: number): StatementSlots {
  return { context: integerSlots, contextSquared: integerSlots + 1, input: integerSlots + 2 };
}

/** The statement's field elements in the order of their slots. */
export function statementFields(
  elements: Readonly<Record<'context' | 'contextSquared', bigint>> & { readonly input: readonly bigint[] },
): bigint[] {
  return [elements.context, elements.contextSquared, ...elements.input];
}

export function contextSignals({ context, contextSquared }: StatementSlots): SignalSlots {
  return new Map([
    ['context', [context]],
    ['contextSquared', [contextSquared]],
  ]);
}
