import { contextSignal, type Hex } from '@quietproof/verify';
import { CsvError, parse } from 'csv-parse/sync';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { CheckedRecord } from './checked-record.ts';

/** A line of the list: what it says of the record that is to be there. */
export interface ExpectedAnswer {
  /** From 1, without the header. */
  readonly row: number;
  /** In its source, with `/`. */
  readonly path?: string;
  /** Record id, identity, or statement digest. */
  readonly record?: Hex;
  /** What the proof was to be made for, e.g. an order number. */
  readonly context?: string;
}

const COLUMNS = ['path', 'record', 'context'] as const;
const HEX = /^[0-9a-f]{64}$/;
/** Contexts that a log has made part of a place are tried one by one. */
const MOST_TRIED = 4_000_000;

/**
 * Reads the list: a CSV whose first line names at least one of the columns path, record and context. Others are ignored.
 *
 * @throws QP6601
 */
export function parseExpected(text: string, where: string): ExpectedAnswer[] {
  const lines = parseLines(text, where);
  if (lines.length === 0) throw bad('The list has no rows', where);
  if (!COLUMNS.some((column) => column in lines[0]!)) {
    throw bad('Its first line names none of the columns path, record and context', where);
  }
  return lines.map((line, at) => {
    const cell = (column: (typeof COLUMNS)[number]) => (line[column] === '' ? undefined : line[column]);
    const [inSource, record, context] = [cell('path'), cell('record')?.toLowerCase(), cell('context')];
    const row = at + 1;
    if (inSource === undefined && record === undefined && context === undefined) {
      throw bad('A row says nothing of its record', `${where}, row ${row}`);
    }
    if (record !== undefined && !HEX.test(record)) {
      throw bad('A record is named by 64 characters from 0 to 9 and a to f', `${where}, row ${row}`);
    }
    return {
      row,
      ...(inSource !== undefined && { path: inSource }),
      ...(record !== undefined && { record }),
      ...(context !== undefined && { context }),
    };
  });
}

function parseLines(text: string, where: string): Readonly<Record<string, string>>[] {
  try {
    return parse(text, { bom: true, columns: true, skipEmptyLines: true, trim: true }) as never;
  } catch (cause) {
    const lines = cause instanceof CsvError ? (cause as { lines?: unknown }).lines : undefined;
    throw bad(
      'The CSV cannot be parsed',
      typeof lines === 'number' ? `${where}, line ${lines}` : where,
      cause,
    );
  }
}

function bad(what: string, where: string, cause?: unknown): QuietproofError {
  const fix = 'Pass a CSV with a header, e.g. of one column "context" with an order number in each row';
  return new QuietproofError('QP6601', { what, where, fix, ...(cause !== undefined && { cause }) });
}

/** What is kept of a record to find it in the list. */
interface Kept {
  readonly place: number;
  readonly path: string;
  readonly accepted: boolean;
  readonly identity?: Hex;
  readonly ids: readonly Hex[];
  readonly context?: string;
  readonly contextId?: Hex;
}

export interface ListComparison {
  /** Expected ones without an accepted record; `place` is that of one that is not accepted. */
  readonly missing: readonly { readonly expected: ExpectedAnswer; readonly place?: number }[];
  /** Places of accepted records that nothing in the list expects. */
  readonly unexpected: readonly number[];
  readonly otherContext: readonly { readonly expected: ExpectedAnswer; readonly place: number }[];
}

/** Compares the records with the list of what is to be there, both ways. */
export class ExpectedList {
  readonly #list: readonly ExpectedAnswer[];
  readonly #kept: Kept[] = [];

  constructor(list: readonly ExpectedAnswer[]) {
    this.#list = list;
  }

  add({ entry, verdict, held, standing }: CheckedRecord, place: number): void {
    const { identity, recordId, statementDigest, contextId } = verdict;
    this.#kept.push({
      place,
      path: entry.path,
      accepted: standing.result === 'accepted',
      ids: [identity, recordId, statementDigest].filter((id) => id !== undefined),
      ...(identity !== undefined && { identity }),
      ...(held !== undefined && { context: held.context }),
      ...(contextId !== undefined && { contextId }),
    });
  }

  /** @throws QP6601 if the list has more contexts than can be tried */
  compare(): ListComparison {
    const find = this.#finder();
    const missing: { expected: ExpectedAnswer; place?: number }[] = [];
    const otherContext: { expected: ExpectedAnswer; place: number }[] = [];
    const expectedIds = new Set<Hex>();
    const expectedPlaces = new Set<number>();
    for (const expected of this.#list) {
      const candidates = find(expected);
      const accepted = candidates.filter((one) => one.accepted);
      const fitting = accepted.filter((one) => fitsContext(one, expected));
      for (const { identity, place } of accepted) {
        expectedPlaces.add(place);
        if (identity !== undefined) expectedIds.add(identity);
      }
      const [other] = accepted;
      if (fitting.length > 0) continue;
      if (other !== undefined) otherContext.push({ expected, place: other.place });
      else missing.push({ expected, ...(candidates[0] !== undefined && { place: candidates[0].place }) });
    }
    // A copy of what is expected is expected: copies are found as such.
    const unexpected = this.#kept.filter(
      ({ accepted, place, identity }) =>
        accepted && !expectedPlaces.has(place) && !(identity !== undefined && expectedIds.has(identity)),
    );
    return { missing, otherContext, unexpected: unexpected.map(({ place }) => place) };
  }

  /** What a row names by path and id, or else by context. */
  #finder(): (expected: ExpectedAnswer) => readonly Kept[] {
    const byPath = indexed(this.#kept, ({ path }) => [path]);
    const byId = indexed(this.#kept, ({ ids }) => ids);
    const byContext = indexed(this.#kept, ({ context, contextId }) =>
      context === undefined || contextId !== undefined ? [] : [context],
    );
    const placed = this.#kept.filter(({ contextId }) => contextId !== undefined);
    const tried = this.#list.filter(({ path, record }) => path === undefined && record === undefined).length;
    if (placed.length * tried > MOST_TRIED) {
      throw bad(
        `${tried} contexts are too many to be tried with ${placed.length} records that have numbers of their own`,
        'the list of expected answers',
      );
    }
    return (expected) => {
      const { path, record, context } = expected;
      if (path === undefined && record === undefined) {
        const signal = `${contextSignal(new TextEncoder().encode(context))}`;
        const known = byContext.get(signal) ?? [];
        return [...known, ...placed.filter((one) => fitsContext(one, expected))];
      }
      const named = path === undefined ? undefined : (byPath.get(path) ?? []);
      const withId = record === undefined ? undefined : (byId.get(record) ?? []);
      return named === undefined ? withId! : named.filter((one) => withId?.includes(one) !== false);
    };
  }
}

function fitsContext({ context, contextId }: Kept, expected: ExpectedAnswer): boolean {
  if (expected.context === undefined) return true;
  const own = contextId === undefined ? undefined : new Uint8Array(Buffer.from(contextId, 'hex'));
  return context === `${contextSignal(new TextEncoder().encode(expected.context), own)}`;
}

function indexed(kept: readonly Kept[], keys: (one: Kept) => readonly string[]): Map<string, Kept[]> {
  const found = new Map<string, Kept[]>();
  for (const one of kept) {
    for (const key of new Set(keys(one))) {
      const known = found.get(key);
      if (known === undefined) found.set(key, [one]);
      else known.push(one);
    }
  }
  return found;
}
