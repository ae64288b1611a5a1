import { parseOpening } from '../bundle/read-bundle.ts';
import { openInput, requireRow } from '../input/open-input.ts';
import type { InputInterface, InputMode } from '../interface/model-interface.ts';
import { Refusal } from '../refusal.ts';
import type { Checklist } from './checklist.ts';

export interface InputQuestion {
  readonly row?: readonly number[];
  /** Content of an `*.opening.json`. */
  readonly opening?: string | Uint8Array;
}

/** How the input of a proof is found, under one mode. */
interface InputReader {
  /** What is said of the input where nobody asks about it. */
  readonly described: string;
  /** The input as integers, where the public signals are enough to know it. */
  readonly shown: (signals: readonly bigint[]) => readonly number[] | undefined;
  /**
   * The input as integers, compared with what was asked.
   *
   * @throws Refusal QP7603 to QP7606
   */
  readonly compared: (
    input: InputInterface,
    signals: readonly bigint[],
    question: InputQuestion,
  ) => readonly number[];
}

const READERS: { readonly [M in InputMode]: InputReader } = {
  digest: {
    described: 'The input is a digest',
    shown: () => undefined,
    compared(input, [digest], { row, opening }) {
      if (opening === undefined) throw new Refusal('QP7606');
      return openInput(input, digest as bigint, parseOpening(opening), row);
    },
  },
  public: {
    described: 'The input is public and in the bundle',
    shown: (signals) => signals.map(Number),
    compared(input, signals, { row }) {
      if (row === undefined)
        throw new Refusal('QP7603', { what: 'The input is public: there is nothing to open' });
      const values = signals.map(Number);
      requireRow(input, row, values);
      return values;
    },
  },
};

/**
 * The check of the input, where the caller asks about it.
 *
 * @param signals the input's public signals
 * @returns the input as integers, where it is known
 */
export function examineInput(
  list: Checklist,
  input: InputInterface,
  signals: readonly bigint[],
  question: InputQuestion,
): readonly number[] | undefined {
  const reader = READERS[input.mode];
  if (question.row === undefined && question.opening === undefined) {
    list.skip('input', `${reader.described}; you did not say which input you expect`);
    return reader.shown(signals);
  }
  return list.run('input', 'The proof is about the input you gave', () =>
    reader.compared(input, signals, question),
  );
}
