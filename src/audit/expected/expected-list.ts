import { createHash } from 'node:crypto';
import { contextSignal, type Hex } from '@quietproof/verify';
import type { CheckedRecord } from '../checks/checked-record.ts';
import { BitList } from '../flat/bit-list.ts';
import { DigestIndex } from '../flat/digest-index.ts';
import { NumberList } from '../flat/number-list.ts';
import type { ExpectedAnswer, ExpectedRows } from './expected-rows.ts';
import { badList } from './read-list.ts';

/** Contexts that a log has made part of a place are tried one by one. */
const MOST_TRIED = 4_000_000;

export interface ListComparison {
  /** Expected ones without an accepted record; `place` is that of one that is not accepted. */
  readonly missing: readonly { readonly expected: ExpectedAnswer; readonly place?: number }[];
  /** Places of accepted records that nothing in the lists expects. */
  readonly unexpected: readonly number[];
  readonly otherContext: readonly { readonly expected: ExpectedAnswer; readonly place: number }[];
}

/**
 * Compares the records with the lists of what is to be there, both ways. Of a record that is expected, it keeps nothing,
 * and some 50 bytes of an accepted one.
 */
export class ExpectedList {
  readonly #rows: ExpectedRows;
  /** A row is found by its path, else by its record, else by its context. */
  readonly #keys = new DigestIndex();
  /** By number of key, the first of its rows; by row, the next. Plus one: 0 is none. */
  readonly #first = new NumberList();
  readonly #next: Uint32Array;
  /** Rows with nothing but a context. */
  readonly #contexts = new NumberList();
  readonly #fitting = new BitList();
  /** By row, places plus one: of an accepted record for another context, and of one that is not accepted. */
  readonly #other: Uint32Array;
  readonly #refused: Uint32Array;
  readonly #identities = new DigestIndex();
  readonly #expected = new BitList();
  /** Accepted records that no row names, with the numbers of their identities. */
  readonly #unnamed = new NumberList();
  readonly #unnamedIdentity = new NumberList();
  #tried = 0;

  constructor(rows: ExpectedRows) {
    this.#rows = rows;
    this.#next = new Uint32Array(rows.length);
    this.#other = new Uint32Array(rows.length);
    this.#refused = new Uint32Array(rows.length);
    for (let row = 0; row < rows.length; row += 1) this.#index(row);
  }

  #index(row: number): void {
    const { path, record, context } = this.#rows.at(row);
    if (path === undefined && record === undefined) this.#contexts.push(row);
    const { number, isNew } = this.#keys.add(
      path !== undefined
        ? keyOf('path', path)
        : record !== undefined
          ? keyOf('record', record)
          : keyOf('context', signalOf(context!)),
    );
    if (isNew) this.#first.push(row + 1);
    else {
      this.#next[row] = this.#first.at(number);
      this.#first.set(number, row + 1);
    }
  }

  /** @throws QP6601 if the lists have more contexts than can be tried */
  add(record: CheckedRecord, place: number): void {
    const accepted = record.standing.result === 'accepted';
    let isNamed = false;
    for (const row of this.#rowsOf(record)) {
      isNamed = true;
      if (!accepted) this.#refused[row] ||= place + 1;
      else if (fitsContext(record, this.#rows.at(row))) this.#fitting.add(row);
      else this.#other[row] ||= place + 1;
    }
    if (!accepted) return;
    const { identity } = record.verdict;
    const number = this.#identities.add(identity ?? keyOf('place', `${place}`)).number;
    if (isNamed) this.#expected.add(number);
    else {
      this.#unnamed.push(place);
      this.#unnamedIdentity.push(number);
    }
  }

  /** @param latest until when records that are owed have to be there: seconds since 1970 */
  compare(latest: number): ListComparison {
    const missing: { expected: ExpectedAnswer; place?: number }[] = [];
    const otherContext: { expected: ExpectedAnswer; place: number }[] = [];
    for (let row = 0; row < this.#rows.length; row += 1) {
      if (this.#fitting.has(row)) continue;
      const expected = this.#rows.at(row);
      const [other, refused] = [this.#other[row]!, this.#refused[row]!];
      if (other > 0) otherContext.push({ expected, place: other - 1 });
      else if (expected.owedFrom <= latest || expected.owedFrom === 0) {
        missing.push({ expected, ...(refused > 0 && { place: refused - 1 }) });
      }
    }
    // A copy of what is expected is expected: copies are found as such.
    const unexpected: number[] = [];
    for (let at = 0; at < this.#unnamed.length; at += 1) {
      if (!this.#expected.has(this.#unnamedIdentity.at(at))) unexpected.push(this.#unnamed.at(at));
    }
    return { missing, otherContext, unexpected };
  }

  /** Rows that name this record by path and id, or else by context. */
  *#rowsOf({ entry, verdict, held }: CheckedRecord): Generator<number> {
    const { identity, recordId, statementDigest, contextId } = verdict;
    const ids = new Set([identity, recordId, statementDigest].filter((id) => id !== undefined));
    for (const row of this.#rowsWith(keyOf('path', entry.path))) {
      const { record } = this.#rows.at(row);
      if (record === undefined || ids.has(record)) yield row;
    }
    for (const id of ids) yield* this.#rowsWith(keyOf('record', id));
    if (held === undefined) return;
    if (contextId === undefined) yield* this.#rowsWith(keyOf('context', held.context));
    else yield* this.#tryContexts(held.context, contextId);
  }

  *#rowsWith(key: Hex): Generator<number> {
    const number = this.#keys.find(key);
    let row = number === undefined ? 0 : this.#first.at(number);
    for (; row > 0; row = this.#next[row - 1]!) yield row - 1;
  }

  *#tryContexts(own: string, contextId: Hex): Generator<number> {
    this.#tried += this.#contexts.length;
    if (this.#tried > MOST_TRIED) {
      throw badList(
        `${this.#contexts.length} contexts are too many to be tried with records that have numbers of their own`,
        'the list of expected answers',
      );
    }
    for (let at = 0; at < this.#contexts.length; at += 1) {
      const row = this.#contexts.at(at);
      if (own === signalOf(this.#rows.at(row).context!, contextId)) yield row;
    }
  }
}

function keyOf(kind: 'path' | 'record' | 'context' | 'place', text: string): Hex {
  return createHash('sha256').update(`${kind}\n${text}`).digest('hex');
}

function signalOf(context: string, contextId?: Hex): string {
  const own = contextId === undefined ? undefined : new Uint8Array(Buffer.from(contextId, 'hex'));
  return `${contextSignal(new TextEncoder().encode(context), own)}`;
}

function fitsContext({ held, verdict }: CheckedRecord, { context }: ExpectedAnswer): boolean {
  return context === undefined || held?.context === signalOf(context, verdict.contextId);
}
