import { isPrintable } from '@quietproof/verify';
import { CsvError, parse } from 'csv-parse/sync';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ParsedRows, RowSpec } from './data-set.ts';

/** A line of the file. */
interface Line {
  readonly cells: readonly string[];
  /** Line number from 1; the last one if a quoted cell spans several lines. */
  readonly line: number;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A quoted number as most of Europe writes it: 5,1. */
const DECIMAL_COMMA = /^[+-]?\d+,\d+([eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/**
 * Reads rows from comma-separated text. The first line is a header if it contains text and the second one only numbers.
 * With a header, there may be one more column than the model takes, named `label`; it becomes the labels.
 *
 * @param source the file's name, for error messages
 */
export function readCsvRows(text: string, spec: RowSpec, source: string): ParsedRows {
  const lines = parseLines(text, source);
  const header = hasHeader(lines, spec) ? lines[0]!.cells : undefined;
  requireNames(header, source);
  const body = header === undefined ? lines : lines.slice(1);
  if (body.length === 0) throw new QuietproofError('QP1104', { where: source });
  const label = labelColumn(header, spec);
  const width = label === undefined ? spec.count : spec.count + 1;
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  for (const line of header === undefined ? body : [{ cells: header, line: 1 }, ...body]) {
    checkWidth(line, width, spec, source);
  }
  for (const line of body) {
    const numbers = line.cells.map((cell, column) => readCell(cell, { line, column, header, source }));
    if (label !== undefined) labels.push(...numbers.splice(label, 1));
    rows.push(Float64Array.from(numbers));
  }
  if (header === undefined) return { rows, notes: [] };
  const columns = header.filter((_, column) => column !== label);
  return { rows, columns, ...(label === undefined ? {} : { labels }), notes: notesOn(source, label) };
}

function notesOn(source: string, label: number | undefined): string[] {
  const note = `The first line of ${source} contains names and is used as a header`;
  return label === undefined
    ? [note]
    : [note, `Column ${label + 1} of ${source}, "label", is used as the labels`];
}

function parseLines(text: string, source: string): Line[] {
  try {
    const records = parse(text, { relaxColumnCount: true, skipEmptyLines: true, trim: true, info: true });
    return (records as unknown as { record: string[]; info: { lines: number } }[]).map((entry) => {
      return { cells: entry.record, line: entry.info.lines };
    });
  } catch (cause) {
    const lines = cause instanceof CsvError ? (cause as { lines?: unknown }).lines : undefined;
    const where = typeof lines === 'number' ? `${source}, line ${lines}` : source;
    const fix = 'Check the quotation marks';
    throw new QuietproofError('QP1101', { what: 'The CSV cannot be parsed', where, fix, cause });
  }
}

const isNumeric = (cell: string): boolean => NUMBER.test(cell) || NOT_FINITE.test(cell);

/** Numbers that are refused later, by a clearer message than a line that is taken for names, are numbers too. */
const isNumberLike = (cell: string): boolean => isNumeric(cell) || DECIMAL_COMMA.test(cell);

function hasHeader([first, second]: readonly Line[], spec: RowSpec): boolean {
  if (first === undefined || first.cells.every(isNumberLike)) return false;
  if (second !== undefined) return second.cells.every(isNumberLike);
  // Only names: a header without rows.
  return first.cells.length === spec.count && !first.cells.some(isNumberLike);
}

/** Messages and interfaces quote the names of columns. */
function requireNames(header: readonly string[] | undefined, source: string): void {
  const column = header?.findIndex((name) => !isPrintable(name)) ?? -1;
  if (column === -1) return;
  throw new QuietproofError('QP1131', {
    where: `${source}, line 1, column ${column + 1}`,
    fix: 'Use printable text, without control characters',
  });
}

function labelColumn(header: readonly string[] | undefined, spec: RowSpec): number | undefined {
  if (header === undefined || header.length !== spec.count + 1) return undefined;
  const column = header.indexOf('label');
  return column < 0 || header.lastIndexOf('label') !== column ? undefined : column;
}

function checkWidth({ cells, line }: Line, width: number, spec: RowSpec, source: string): void {
  if (cells.length === width) return;
  const what = `A line has ${cells.length} cells instead of ${width}`;
  throw new QuietproofError('QP1105', {
    what,
    where: `${source}, line ${line}`,
    fix: widthHint(cells, spec),
  });
}

function widthHint(cells: readonly string[], { count }: RowSpec): string {
  if (cells.length === 1 && /[;\t]/.test(cells[0]!)) return 'Separate cells with commas';
  if (cells.length === count + 1) {
    return `Keep the ${count} columns the model takes; leave out an index, and name a column of labels "label"`;
  }
  return `Keep the ${count} columns the model takes`;
}

const TEXT_HINT = 'Encode text columns as numbers, the way the model was trained';
const HEADER_HINT = 'A first line of names is a header if the second line contains only numbers';

interface CellPlace {
  readonly line: Line;
  /** Column number from 0. */
  readonly column: number;
  readonly header: readonly string[] | undefined;
  readonly source: string;
}

function readCell(cell: string, place: CellPlace): number {
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const name = place.header?.[place.column];
  const column = `column ${place.column + 1}${name === undefined ? '' : ` ("${name}")`}`;
  const where = `${place.source}, line ${place.line.line}, ${column}`;
  const fix = 'Fill or drop missing values before giving them to the model';
  if (isNumeric(cell))
    throw new QuietproofError('QP1107', { what: `${cell} is not a finite number`, where, fix });
  if (cell === '') throw new QuietproofError('QP1108', { what: 'A cell is empty', where, fix });
  if (DECIMAL_COMMA.test(cell)) {
    const point = cell.replace(',', '.');
    throw new QuietproofError('QP1132', {
      what: `${JSON.stringify(cell.slice(0, 20))} has a decimal comma`,
      where,
      fix: `Write decimal points, e.g. ${point.slice(0, 20)}`,
    });
  }
  const what = `${JSON.stringify(cell.slice(0, 20))} is not a number`;
  throw new QuietproofError('QP1108', { what, where, fix: place.line.line === 1 ? HEADER_HINT : TEXT_HINT });
}
