import { QuietproofError } from '../errors/quietproof-error.ts';
import { type Categories, categoryOf, noCategory } from './categories.ts';
import { expectedRow, FILL_IN, isAccepted, type ParsedRows, type RowPart, type RowSpec } from './data-set.ts';
import { findJsonFault } from './json-syntax.ts';

/**
 * Reads rows from JSON: an array of rows, or an object with `inputs` and optional `labels` and `outputs`; other keys
 * are ignored. A single flat array of `count` numbers is one row.
 *
 * @param source the file's name, for error messages
 */
export function readJsonRows(text: string, spec: RowSpec, source: string): ParsedRows {
  const value = parse(text, source);
  if (Array.isArray(value)) return { rows: readInputs(value, '', spec, source).rows, notes: [] };
  if (typeof value !== 'object' || value === null) throw notRows(source);
  const { inputs, labels, outputs } = value as Record<string, unknown>;
  if (!Array.isArray(inputs)) throw notRows(source);
  const { rows, single } = readInputs(inputs, 'inputs', spec, source);
  return {
    rows,
    ...(labels === undefined ? {} : { labels: readLabels(labels, rows.length, source) }),
    ...(outputs === undefined ? {} : { outputs: readOutputs(outputs, rows.length, single, source) }),
    notes: [],
  };
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    if (fault === undefined) throw new QuietproofError('QP1101', { where: source, cause });
    const where = `${source}, line ${fault.line}, column ${fault.column}`;
    if (/^-?(nan|inf|infinity)$/i.test(fault.found)) {
      throw notFinite(fault.found, where);
    }
    throw new QuietproofError('QP1101', { what: `The JSON is invalid at ${fault.found}`, where, cause });
  }
}

function notRows(source: string): QuietproofError {
  const what = 'The file contains neither an array of rows nor an object with "inputs"';
  return new QuietproofError('QP1101', { what, where: source, fix: 'Write [[1, 2, …], …]' });
}

function notFinite(found: string, where: string): QuietproofError {
  return new QuietproofError('QP1107', { what: `${found} is not a finite number`, where, fix: FILL_IN });
}

function readInputs(items: readonly unknown[], key: string, spec: RowSpec, source: string) {
  if (items.length === 0) throw new QuietproofError('QP1104', { where: source });
  // A bare row, `[0.1, 0.2]`.
  const isValue = (item: unknown, i: number) =>
    typeof item === 'number' || specialValue(item) !== undefined || typeof spec.accepts?.[i] === 'object';
  const single =
    items.length === spec.count && items.every((item, i) => !Array.isArray(item) && isValue(item, i));
  const rows = (single ? [items] : items).map((item, index) => {
    const where = `${source}, ${single ? key || 'the row' : `${key}[${index}]`}`;
    return readRow(item, spec, where);
  });
  return { rows, single };
}

/** Reads a row, flat or nested like `spec.shape`. */
function readRow(item: unknown, spec: RowSpec, where: string): Float64Array {
  const expected = `a row has ${expectedRow(spec)}`;
  const members = spec.parts === undefined ? undefined : asMembers(item);
  if (spec.parts !== undefined && members !== undefined) {
    return readMembers(members, { ...spec, parts: spec.parts }, where, expected);
  }
  if (!Array.isArray(item)) throw mistyped(item, where, expected);
  const isFlat = !item.some(Array.isArray);
  if (isFlat && item.length !== spec.count) {
    const what = `A row has ${item.length} values instead of ${spec.count}`;
    throw new QuietproofError('QP1105', { what, where, fix: `For this model ${expected}` });
  }
  const shape = isFlat ? [spec.count] : (spec.shape ?? [spec.count]);
  const { count, accepts } = spec;
  const target: Filling = { row: new Float64Array(count), filled: 0, path: [], where, expected, accepts };
  fill(target, item, shape);
  return target.row;
}

function asMembers(item: unknown): Record<string, unknown> | undefined {
  const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
  return isObject ? (item as Record<string, unknown>) : undefined;
}

/** Reads a row that names the inputs: each is one number, or numbers that are flat or nested like the input's shape. */
function readMembers(
  members: Record<string, unknown>,
  { parts, count, accepts }: RowSpec & { readonly parts: readonly RowPart[] },
  where: string,
  expected: string,
): Float64Array {
  const row = new Float64Array(count);
  const stray = Object.keys(members).find((key) => parts.every(({ name }) => name !== key));
  if (stray !== undefined) {
    const what = `The row has "${stray}", which is no input of the model`;
    throw new QuietproofError('QP1105', { what, where, fix: `For this model ${expected}` });
  }
  let filled = 0;
  for (const part of parts) {
    const given = Object.hasOwn(members, part.name) ? members[part.name] : undefined;
    if (given === undefined) {
      const what = `The row lacks the input "${part.name}"`;
      throw new QuietproofError('QP1105', { what, where, fix: `For this model ${expected}` });
    }
    const list = part.count === 1 && !Array.isArray(given) ? [given] : given;
    const end = filled + part.count;
    const own = {
      count: part.count,
      shape: part.shape,
      ...(accepts && { accepts: accepts.slice(filled, end) }),
    };
    row.set(readRow(list, own, `${where}.${part.name}`), filled);
    filled = end;
  }
  return row;
}

interface Filling {
  readonly row: Float64Array;
  filled: number;
  /** Indices of the current value. */
  readonly path: number[];
  readonly where: string;
  readonly expected: string;
  readonly accepts: RowSpec['accepts'];
}

/** Copies an array nested like `shape` into the row. */
function fill(target: Filling, item: unknown, shape: readonly number[]): void {
  const { row, path, where, expected, accepts } = target;
  const accepted = accepts?.[target.filled];
  if (shape.length === 0 && typeof accepted === 'object') {
    row[target.filled] = readCategory(item, accepted, where + path.map((index) => `[${index}]`).join(''));
    target.filled += 1;
    return;
  }
  const value = typeof item === 'number' && Number.isFinite(item) ? item : specialValue(item);
  if (value !== undefined && shape.length === 0 && isAccepted(value, accepted)) {
    row[target.filled] = value;
    target.filled += 1;
    return;
  }
  const place = where + path.map((index) => `[${index}]`).join('');
  if (shape.length === 0) {
    readNumber(item, place, expected);
  } else if (!Array.isArray(item) || item.length !== shape[0]) {
    const what = `There is ${kindOf(item)} instead of an array of ${shape[0]}`;
    throw new QuietproofError('QP1106', { what, where: place, fix: `For this model ${expected}` });
  } else {
    const rest = shape.slice(1);
    const depth = path.push(0) - 1;
    for (let i = 0; i < item.length; i += 1) {
      path[depth] = i;
      fill(target, item[i], rest);
    }
    path.pop();
  }
}

/** null is a missing text, as an empty cell is. */
function readCategory(item: unknown, categories: Categories, where: string): number {
  const text = item === null ? '' : item;
  if (typeof text !== 'string') {
    const what = `There is ${kindOf(item)} where this column has texts`;
    throw new QuietproofError('QP1108', { what, where, fix: 'Write it as a text, in quotation marks' });
  }
  const category = categoryOf(text, categories);
  if (category !== undefined) return category;
  throw noCategory(text, categories, where);
}

/** As openings and SPEC.md write them; null is a missing value. Truth values are numbers, as in NumPy. */
function specialValue(item: unknown): number | undefined {
  if (typeof item === 'boolean') return Number(item);
  if (item === null || item === 'NaN') return Number.NaN;
  if (item === 'Infinity') return Number.POSITIVE_INFINITY;
  return item === '-Infinity' ? Number.NEGATIVE_INFINITY : undefined;
}

function readNumber(item: unknown, where: string, expected: string): number {
  if (typeof item !== 'number') throw mistyped(item, where, expected);
  // JSON.parse returns Infinity for 1e999.
  if (!Number.isFinite(item)) throw notFinite('A number above 1.8e308', where);
  return item;
}

function mistyped(item: unknown, where: string, expected: string): QuietproofError {
  const what = `There is ${kindOf(item)} where ${expected}`;
  const fix = item === null ? FILL_IN : 'Write plain numbers';
  return new QuietproofError('QP1108', { what, where, fix });
}

function kindOf(item: unknown): string {
  if (item === null) return 'null';
  if (Array.isArray(item)) return `an array of ${item.length}`;
  if (typeof item === 'string') return `the text ${JSON.stringify(item.slice(0, 20))}`;
  return typeof item === 'object' ? 'an object' : `the ${typeof item} ${String(item)}`;
}

function readLabels(labels: unknown, rows: number, source: string): number[] {
  if (!Array.isArray(labels) || labels.length !== rows) throw mismatched('labels', labels, rows, source);
  return labels.map((label, i) => readNumber(label, `${source}, labels[${i}]`, 'a label is a number'));
}

/** Reads one array per row, or one number per row if there is only one output. */
function readOutputs(outputs: unknown, rows: number, single: boolean, source: string): Float64Array[] {
  const list = single && Array.isArray(outputs) && outputs.length !== 1 ? [outputs] : outputs;
  if (!Array.isArray(list) || list.length !== rows) throw mismatched('outputs', list, rows, source);
  const read = list.map((output, i) => {
    const flat: unknown[] = Array.isArray(output) ? output.flat(Number.POSITIVE_INFINITY) : [output];
    const where = `${source}, outputs[${i}]`;
    return Float64Array.from(flat, (value) => readNumber(value, where, 'an output has numbers'));
  });
  const mismatch = read.findIndex((output) => output.length !== read[0]!.length);
  if (mismatch < 0) return read;
  const what = `An output has ${read[mismatch]!.length} values, but the first one has ${read[0]!.length}`;
  throw new QuietproofError('QP1111', { what, where: `${source}, outputs[${mismatch}]` });
}

function mismatched(key: string, value: unknown, rows: number, source: string): QuietproofError {
  const found = Array.isArray(value) ? `${value.length} ${key}` : `"${key}" is not an array`;
  return new QuietproofError('QP1111', { what: `There are ${rows} rows, but ${found}`, where: source });
}
