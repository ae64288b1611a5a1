import type { Hex } from '@quietproof/verify';
import { NumberList } from '../flat/number-list.ts';
import { TextList } from '../flat/text-list.ts';

/** What is said of a record that is to be there. */
export interface ExpectedAnswer {
  /** The list that says it, by its index, and the number of its row, from 1. */
  readonly list: number;
  readonly row: number;
  /** In its source, with `/`. */
  readonly path?: string;
  /** Record id, identity, or statement digest. */
  readonly record?: Hex;
  /** What the proof was to be made for, e.g. an order number. */
  readonly context?: string;
  /** From when on there has to be a record, in seconds since 1970; 0: always; Infinity: there may be none. */
  readonly owedFrom: number;
}

/** Rows of all lists by their number, from 0, without an object for each. */
export class ExpectedRows {
  readonly #lists = new NumberList();
  readonly #rows = new NumberList();
  readonly #paths = new TextList();
  readonly #records = new TextList();
  readonly #contexts = new TextList();
  readonly #owedFrom = new NumberList(Float64Array);

  get length(): number {
    return this.#rows.length;
  }

  add({ list, row, path = '', record = '', context = '', owedFrom }: ExpectedAnswer): void {
    this.#lists.push(list);
    this.#rows.push(row);
    this.#paths.push(path);
    this.#records.push(record);
    this.#contexts.push(context);
    this.#owedFrom.push(owedFrom);
  }

  at(number: number): ExpectedAnswer {
    const [path, record, context] = [
      this.#paths.at(number),
      this.#records.at(number),
      this.#contexts.at(number),
    ];
    return {
      list: this.#lists.at(number),
      row: this.#rows.at(number),
      ...(path !== '' && { path }),
      ...(record !== '' && { record }),
      ...(context !== '' && { context }),
      owedFrom: this.#owedFrom.at(number),
    };
  }
}
