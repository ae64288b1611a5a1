import type { Json } from '../canonical.ts';
import { mixedA } from './bases.ts';
import { type CorpusV2, fails, type OutcomeV2, VALID } from './corpus.ts';
import { put } from './edit.ts';
import { EVERY_KIND, MIXED_A, ROW_A, VALUES_A } from './models.ts';
import { type Toy, toyBundle, toyOpening } from './toy.ts';

/** Indices of features in the row. */
export const [AMOUNT, MONTHS, PURPOSE, FIRST] = [0, 1, 2, 3];

/** What is proved and what the caller asks, as changes of `mixed-a` by feature. */
export interface Ask {
  readonly proved?: Readonly<Record<number, number>>;
  /** Changes of the interface, by path. The pin is the id of the changed model. */
  readonly interface?: Readonly<Record<string, Json>>;
  /** `false`: no row is given. A text that begins with = is written into the JSON without quotes. */
  readonly row?: Readonly<Record<number, Json>> | false;
  /** The row of the opening; if missing, the opening has none. */
  readonly input?: Readonly<Record<number, string>>;
  readonly tolerance?: string;
}

export const replaced = <T>(list: readonly T[], changes: Readonly<Record<number, T>> = {}): T[] =>
  list.map((value, index) => changes[index] ?? value);

export const rowText = (changes: Readonly<Record<number, Json>>): string => {
  const row = ROW_A.map((value, index) => (index in changes ? changes[index] : value));
  return JSON.stringify(row).replace(/"=([^"]*)"/, '$1');
};

/** Adds cases that ask for a row of the model of `mixed-a`, with its opening. */
export function asker(
  corpus: CorpusV2,
): (id: string, what: string, ask: Ask, outcome?: string | OutcomeV2) => void {
  return (id, what, ask, outcome = 'valid') => {
    const modelInterface = structuredClone(EVERY_KIND);
    for (const [path, value] of Object.entries(ask.interface ?? {})) put(modelInterface, path, value);
    const toy: Toy = {
      ...MIXED_A,
      interface: modelInterface,
      values: replaced(VALUES_A, ask.proved),
      input: ask.input === undefined ? undefined : replaced(ROW_A.map(String), ask.input),
    };
    const row = ask.row ?? (ask.input === undefined ? {} : false);
    const expected = outcome === 'valid' ? VALID : typeof outcome === 'string' ? fails(outcome) : outcome;
    corpus.bundle(`input/${id}`, what, mixedA, toyBundle(toy), expected, {
      pin: 'own',
      opening: toyOpening(toy),
      ...(row !== false && { input: rowText(row) }),
      ...(ask.tolerance !== undefined && { tolerance: ask.tolerance }),
    });
  };
}

export type AskCase = ReturnType<typeof asker>;
