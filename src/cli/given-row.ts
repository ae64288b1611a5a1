import { readJsonRows } from '../data/json-rows.ts';
import { readRows } from '../data/read-rows.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * Reads one row as a user gives it: JSON (`[0.1, 2]`), a data file with one row, or a data file and a row number
 * (`test.json#3`, counted from 0).
 *
 * @param shape shape of the model's input
 */
export async function readGivenRow(text: string, shape: readonly number[]): Promise<number[]> {
  const spec = { count: shape.reduce((product, size) => product * size, 1), shape };
  const { rows, wanted } = text.trimStart().startsWith('[')
    ? { rows: readJsonRows(text, spec, '--input').rows, wanted: undefined }
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
  return Array.from(row);
}

async function readFromFile(text: string, spec: Parameters<typeof readRows>[1]) {
  const [, file, number] = /^(.*?)(?:#(\d{1,9}))?$/s.exec(text)!;
  const { rows } = await readRows(file!, spec);
  return { rows, wanted: number === undefined ? undefined : Number(number) };
}
