import type { InputReading, RowValue } from '@quietproof/verify';
import { rowSpecOf } from '../artifact/row-spec.ts';
import { readJsonRows } from '../data/json-rows.ts';
import { readRows } from '../data/read-rows.ts';
import { rowValue } from '../data/row-value.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * Reads one row as a user gives it: JSON (`[0.1, 2]`, or with texts of categories `[0.1, "car"]`), a data file with one
 * row, or a data file and a row number (`test.json#3`, counted from 0).
 */
export async function readGivenRow(text: string, input: InputReading): Promise<RowValue[]> {
  const mixed = mixedRow(text);
  if (mixed !== undefined) return mixed;
  const spec = rowSpecOf(input);
  const { rows, wanted } = /^\s*[[{]/.test(text)
    ? { rows: readJsonRows(asRows(text), spec, '--input').rows, wanted: undefined }
    : await readFromFile(text, spec);
  if (wanted === undefined && rows.length !== 1) {
    throw new QuietproofError('QP1001', {
      what: `--input takes one row, and ${text} has ${rows.length}`,
      fix: `Say which one: ${text}#0`,
    });
  }
  const row = rows[wanted ?? 0];
  if (row === undefined) {
    throw new QuietproofError('QP1122', {
      what: `There is no row ${wanted}: the last one is ${rows.length - 1}`,
      where: text,
    });
  }
  return Array.from(row, (value, i) => rowValue(value, spec.accepts?.[i]));
}

/** A flat list with at least one text; undefined for anything else. */
function mixedRow(text: string): RowValue[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(row) || !row.some((item) => typeof item === 'string')) return undefined;
  return row.every((item) => typeof item === 'number' || typeof item === 'string') ? row : undefined;
}

async function readFromFile(text: string, spec: Parameters<typeof readRows>[1]) {
  const [, file, number] = /^(.*?)(?:#(\d{1,9}))?$/s.exec(text)!;
  const { rows } = await readRows(file!, spec);
  return { rows, wanted: number === undefined ? undefined : Number(number) };
}

/** A row that names its inputs is an object, and a file of such rows a list of them. */
function asRows(text: string): string {
  return text.trimStart().startsWith('{') ? `[${text}]` : text;
}
