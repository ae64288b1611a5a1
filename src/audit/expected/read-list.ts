import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ExpectedRows } from './expected-rows.ts';

const COLUMNS = ['path', 'record', 'context'] as const;
const HEX = /^[0-9a-f]{64}$/;

interface ListPlace {
  /** Index of the list. */
  readonly list: number;
  /** For messages. */
  readonly where: string;
}

/**
 * Reads a list: a CSV whose first line names at least one of the columns path, record and context. Others are ignored.
 *
 * @returns its number of rows
 * @throws QP6601
 */
export async function readList(content: Readable, place: ListPlace, rows: ExpectedRows): Promise<number> {
  const { where } = place;
  const parser = parse({ bom: true, columns: true, skipEmptyLines: true, trim: true });
  // Its failure ends the parser, and comes out of the loop.
  const done = pipeline(content, decoded(where), parser).catch(() => {});
  let row = 0;
  try {
    for await (const line of parser as AsyncIterable<Readonly<Record<string, string>>>) {
      row += 1;
      if (row === 1 && !COLUMNS.some((column) => column in line)) {
        throw badList('Its first line names none of the columns path, record and context', where);
      }
      addRow(line, row, place, rows);
    }
  } catch (cause) {
    throw cause instanceof CsvError ? notCsv(cause, where) : cause;
  } finally {
    await done;
  }
  if (row === 0) throw badList('The list has no rows', where);
  return row;
}

function addRow(
  line: Readonly<Record<string, string>>,
  row: number,
  { list, where }: ListPlace,
  rows: ExpectedRows,
): void {
  const cell = (column: (typeof COLUMNS)[number]) => (line[column] === '' ? undefined : line[column]);
  const [path, record, context] = [cell('path'), cell('record')?.toLowerCase(), cell('context')];
  if (path === undefined && record === undefined && context === undefined) {
    throw badList('A row says nothing of its record', `${where}, row ${row}`);
  }
  if (record !== undefined && !HEX.test(record)) {
    throw badList('A record is named by 64 characters from 0 to 9 and a to f', `${where}, row ${row}`);
  }
  rows.add({
    ...{ list, row },
    ...(path !== undefined && { path }),
    ...(record !== undefined && { record }),
    ...(context !== undefined && { context }),
    owedFrom: 0,
  });
}

/** The parser would take what is no UTF-8 for other characters. */
function decoded(where: string) {
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    try {
      for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
      yield decoder.decode();
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new QuietproofError('QP6601', { what: 'The list is no text in UTF-8', where, cause });
    }
  };
}

function notCsv(cause: CsvError, where: string): QuietproofError {
  const { lines } = cause as { lines?: unknown };
  const place = typeof lines === 'number' ? `${where}, line ${lines}` : where;
  return badList('The CSV cannot be parsed', place, cause);
}

export function badList(what: string, where: string, cause?: unknown): QuietproofError {
  const fix =
    'Pass a CSV with a header, e.g. of one column "context" with an order number in each row, or the folder of a watch';
  return new QuietproofError('QP6601', { what, where, fix, ...(cause !== undefined && { cause }) });
}
