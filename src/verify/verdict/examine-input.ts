import {
  checkTolerance,
  type InputOpening,
  MAX_TOLERANCE,
  type OpenedInput,
  openInput,
  requireRow,
} from '../input/open-input.ts';
import type { InputMode } from '../interface/model-interface.ts';
import type { InputReading } from '../interface/reading.ts';
import { Refusal } from '../refusal.ts';
import type { Checklist } from './checklist.ts';
import { distanceSentence } from './decode-input.ts';
import type { InputQuestion, VerifyOptions } from './verify-options.ts';

/** What a bundle contains about the input of its proof, and how to read an opening of it. */
export interface ProvedInput {
  readonly reading: InputReading;
  readonly signals: readonly bigint[];
  /** Reads an opening of the bundle's version. @throws Refusal */
  readonly parseOpening: (source: string | Uint8Array) => InputOpening;
}

/** How to find the input of a proof in one input mode. */
interface InputReader {
  /** Sentence about the input when the caller does not ask about it. */
  readonly described: string;
  /** The input, if the public signals contain it. */
  readonly shown: (signals: readonly bigint[]) => OpenedInput | undefined;
  /** The input, after comparing it with the caller's question. @throws Refusal QP7603 to QP7606 */
  readonly compared: (input: ProvedInput, question: InputQuestion) => OpenedInput;
}

const READERS: { readonly [M in InputMode]: InputReader } = {
  digest: {
    described: 'The input is a digest',
    shown: () => undefined,
    compared({ reading, signals, parseOpening }, { row, opening }) {
      if (opening === undefined) throw new Refusal('QP7606');
      return openInput(reading, signals[0] as bigint, parseOpening(opening), row);
    },
  },
  public: {
    described: 'The input is public and in the bundle',
    shown: (signals) => ({ values: signals.map(Number) }),
    compared({ reading, signals }, { row, opening }) {
      const stray = opening !== undefined && reading.strayOpening === 'refused';
      if (row === undefined || stray)
        throw new Refusal('QP7603', { what: 'The input is public: there is nothing to open' });
      const values = signals.map(Number);
      return { values, given: requireRow(reading, row, values) };
    },
  },
};

/**
 * The check `input`, which runs when the caller asks about the input.
 *
 * @returns the input, if it is known
 */
export function examineInput(
  list: Checklist,
  input: ProvedInput,
  { input: question = {}, tolerance }: VerifyOptions,
): OpenedInput | undefined {
  const reader = READERS[input.reading.mode];
  const nothing = question.row === undefined && question.opening === undefined;
  if (nothing && tolerance === undefined) {
    list.skip('input', `${reader.described}; you did not say which input you expect`);
    return reader.shown(input.signals);
  }
  const describe = (opened: OpenedInput) => distanceSentence(input.reading, opened);
  return list.run('input', describe, () => {
    const opened = nothing ? { values: [] } : reader.compared(input, question);
    if (tolerance !== undefined) checkTolerance(input.reading, opened, tolerance);
    return opened;
  });
}

/** @throws RangeError, because a bad tolerance is a mistake of the caller, not of the bundle */
export function requireTolerance({ tolerance }: VerifyOptions): void {
  if (tolerance === undefined || (tolerance >= 0 && tolerance <= MAX_TOLERANCE)) return;
  throw new RangeError(`A tolerance is 0 to ${MAX_TOLERANCE} steps, not ${tolerance}`);
}
