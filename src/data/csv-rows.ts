import { isPrintable } from '@quietproof/verify';
import { CsvError, parse } from 'csv-parse/sync';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { type Categories, categoryOf, noCategory } from './categories.ts';
import { planColumns, wantedNames } from './columns.ts';
import { hasHeader, isNumbered } from './csv-header.ts';
import { type Accepted, FILL_IN, isAccepted, type ParsedRows, type RowSpec } from './data-set.ts';
import { readLabels } from './labels.ts';

/** A line of the file. */
interface Line {
  readonly cells: readonly string[];
  /** Line number from 1; the last one if a quoted cell spans several lines. */
  readonly line: number;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A quoted number as most of Europe writes it: 5,1. */
const DECIMAL_COMMA = /^[+-]?\d+,\d+([eE][+-]?\d+)?$/;
/** As pandas writes columns of truth values, whatever the case. */
const TRUTH_VALUES: Readonly<Record<string, number>> = { __proto__: null as never, true: 1, false: 0 };
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/**
 * Reads rows from comma-separated text. The first line may be a header; `planColumns` then finds the features by name or
 * by place, and a column of labels.
 *
 * @param source the file's name, for error messages
 */
export function readCsvRows(text: string, spec: RowSpec, source: string): ParsedRows {
  const lines = parseLines(text, source, !hasOuterSpaces(spec));
  return beginsWithNames(lines, spec, source)
    ? withHeader(lines, spec, source)
    : withoutHeader(lines, spec, source);
}

/**
 * The first rows of a longer file, of which `text` is whole lines from its beginning.
 *
 * @returns undefined where more of the file is needed: for so many rows, or to tell whether its first line is one of names
 */
export function readFirstCsvRows(
  text: string,
  spec: RowSpec,
  source: string,
  count: number,
): ParsedRows | undefined {
  const lines = parseFirst(text, source, !hasOuterSpaces(spec), count + 1);
  // Where the first line numbers columns, all others decide what it is.
  if (lines.length <= count || isNumbered(lines[0]!.cells.map((cell) => cell.trim()))) return undefined;
  return beginsWithNames(lines, spec, source)
    ? withHeader(lines, spec, source)
    : withoutHeader(lines.slice(0, count), spec, source);
}

/** No lines where the text cannot be parsed: it may end in the middle of a quoted cell. */
function parseFirst(text: string, source: string, trim: boolean, count: number): Line[] {
  try {
    return parseLines(text, source, trim, count);
  } catch {
    return [];
  }
}

function beginsWithNames(lines: readonly Line[], spec: RowSpec, source: string): boolean {
  const names = wantedNames(spec).filter((name) => name !== undefined);
  const cells = lines.map((line) => line.cells.map((cell) => cell.trim()));
  return hasHeader(cells, { count: spec.count, names }, isNumberLike, source);
}

function withoutHeader(lines: readonly Line[], spec: RowSpec, source: string): ParsedRows {
  requireRows(lines, source);
  for (const line of lines) checkWidth(line, spec.count, spec, source);
  const rows = lines.map((line) => {
    return Float64Array.from(line.cells, (cell, column) =>
      readCell(cell, { line, column, source }, spec.accepts?.[column]),
    );
  });
  return { rows, notes: [] };
}

function withHeader([first, ...body]: readonly Line[], spec: RowSpec, source: string): ParsedRows {
  const header = first!.cells.map((cell) => cell.trim());
  requireNames(header, source);
  const { features, label, notes } = planColumns(header, spec, source);
  requireRows(body, source);
  for (const line of body) checkWidth(line, header.length, spec, source);
  const place = (line: Line, column: number): CellPlace => ({ line, column, header, source });
  const rows = body.map((line) => {
    return Float64Array.from(features, (column, i) =>
      readCell(line.cells[column]!, place(line, column), spec.accepts?.[i]),
    );
  });
  const columns = features.map((column) => header[column]!);
  const used = { rows, columns, notes: [headerNote(header, source), ...notes] };
  if (label === undefined) return used;
  const labels = readLabels(
    body.map((line) => line.cells[label]!.trim()),
    {
      classes: spec.classes,
      isNumber: isNumberLike,
      where: (row) => placeText(place(body[row]!, label)),
      readNumber: (cell, row) => readCell(cell, place(body[row]!, label)),
    },
  );
  if (labels !== undefined) return { ...used, labels };
  return {
    ...used,
    notes: [...used.notes, 'The labels are not used: neither the model nor a card names their classes'],
  };
}

function headerNote(header: readonly string[], source: string): string {
  return isNumbered(header)
    ? `The first line of ${source} numbers the columns and is used as a header`
    : `The first line of ${source} contains names and is used as a header`;
}

function requireRows(body: readonly Line[], source: string): void {
  if (body.length === 0) throw new QuietproofError('QP1104', { where: source });
}

/** Whether spaces around a cell tell categories apart, as in files that have a space after each comma. */
function hasOuterSpaces({ accepts = [] }: RowSpec): boolean {
  return accepts.some((own) => typeof own === 'object' && own.values.some((value) => value !== value.trim()));
}

/** @param trim whether spaces around cells are left out; `to`, the number of lines to parse, by default all */
function parseLines(text: string, source: string, trim: boolean, to = -1): Line[] {
  try {
    const records = parse(text, { relaxColumnCount: true, skipEmptyLines: true, trim, to, info: true });
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

const isNumeric = (cell: string): boolean =>
  NUMBER.test(cell) || NOT_FINITE.test(cell) || cell.toLowerCase() in TRUTH_VALUES;

/** Numbers that are refused later, by a clearer message than a line that is taken for names, are numbers too. */
const isNumberLike = (cell: string): boolean => isNumeric(cell) || DECIMAL_COMMA.test(cell);

/** Messages and interfaces quote the names of columns. */
function requireNames(header: readonly string[], source: string): void {
  const column = header.findIndex((name) => name !== '' && !isPrintable(name));
  if (column === -1) return;
  throw new QuietproofError('QP1131', {
    where: `${source}, line 1, column ${column + 1}`,
    fix: 'Use printable text, without control characters',
  });
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

const TEXT_HINT =
  'The model takes a number here: encode texts as it was trained, or put the encoder into the model';
const HEADER_HINT = 'A first line of names is a header if there are numbers below the names';

interface CellPlace {
  readonly line: Line;
  /** Column number from 0. */
  readonly column: number;
  readonly header?: readonly string[];
  readonly source: string;
}

/** Spaces around a cell count only where a category has them. */
function readCategory(given: string, place: CellPlace, categories: Categories): number {
  const cell = categories.values.includes(given) ? given : given.trim();
  const category = categoryOf(cell, categories);
  if (category !== undefined) return category;
  throw noCategory(cell, categories, placeText(place));
}

/** An empty cell is a missing value. Undefined for any other text that is not NaN or an infinity. */
function specialValue(cell: string): number | undefined {
  if (cell === '') return Number.NaN;
  if (!NOT_FINITE.test(cell)) return undefined;
  if (/nan/i.test(cell)) return Number.NaN;
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function placeText({ line, column, header, source }: CellPlace): string {
  const name = header?.[column];
  return `${source}, line ${line.line}, column ${column + 1}${name ? ` ("${name}")` : ''}`;
}

function readCell(given: string, place: CellPlace, accepted: Accepted = 'finite'): number {
  if (typeof accepted === 'object') return readCategory(given, place, accepted);
  const cell = given.trim();
  const value = NUMBER.test(cell) ? Number(cell) : (TRUTH_VALUES[cell.toLowerCase()] ?? Number.NaN);
  if (Number.isFinite(value)) return value;
  const special = specialValue(cell);
  if (special !== undefined && isAccepted(special, accepted)) return special;
  const where = placeText(place);
  const fix = FILL_IN;
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
