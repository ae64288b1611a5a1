import { QuietproofError } from '../errors/quietproof-error.ts';
import type { RowPart, RowSpec } from './data-set.ts';

/** Where the values of a row are among the columns of a table. */
export interface ColumnPlan {
  /** The column of each of the model's features. */
  readonly features: readonly number[];
  /** The column of labels, if there is one. */
  readonly label?: number;
  /** What was decided, as sentences for the user. */
  readonly notes: readonly string[];
}

/** Names of a column of labels, in any case. One of them is used where it is not one of the model's features. */
const LABEL_NAMES = ['label', 'labels', 'target', 'targets', 'class', 'y', 'outcome'];
/** Names of columns that number the rows, in any case. */
const ID_NAMES = ['id', 'index', 'idx', 'row', 'row_id', 'rowid'];
/** Label names that may well name a feature, such as the second coordinate. */
const FEATURE_TOO = ['y'];

/** The index that pandas adds: without a name, or as pandas names such a column when it reads it again. */
export const isIndexName = (name: string): boolean => name === '' || /^Unnamed: \d+(\.\d+)?$/.test(name);

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name.toLowerCase());

/**
 * Assigns the columns of a table to the model's features: by name where features have names, else in order. The index
 * that pandas adds, columns that number the rows and a column of labels are left out.
 *
 * @param header names of the columns
 * @param source the file's name, for messages
 * @throws QuietproofError QP1113 if the features' names are not in the header, QP1114 if a column that is an index or a
 *   label by its name would be a feature, QP1105 for a wrong number of columns, QP1115 for a name that occurs twice
 */
export function planColumns(header: readonly string[], spec: RowSpec, source: string): ColumnPlan {
  const named = matchNames(header, spec, source);
  const taken = new Set(named.filter((column) => column !== undefined));
  const free = header.map((_, column) => column).filter((column) => !taken.has(column));
  const split = splitFree(header, free, spec.count - taken.size, source);
  const rest = split.features.values();
  const features = Array.from({ length: spec.count }, (_, i) => named[i] ?? rest.next().value!);
  const label = spec.takesLabels === false ? undefined : split.label;
  const dropped = header.flatMap((_, column) =>
    split.dropped.includes(column) || (column === split.label && label === undefined) ? [column] : [],
  );
  const inOrder = features.every((column, i) => i === 0 || column > features[i - 1]!);
  const notes = [
    ...(taken.size === 0 || inOrder ? [] : [`The columns of ${source} are ordered by the features' names`]),
    ...(label === undefined
      ? []
      : [`Column ${label + 1} of ${source}, "${header[label]}", is used as the labels`]),
    ...leftOut(dropped, header, source),
  ];
  return { features, ...(label === undefined ? {} : { label }), notes };
}

function leftOut(columns: readonly number[], header: readonly string[], source: string): string[] {
  const [first, ...more] = columns;
  if (first === undefined) return [];
  if (more.length === 0) return [`Column ${first + 1} of ${source}, ${quoted(header[first]!)}, is left out`];
  const names = columns.map((column) => header[column]!);
  return [`${columns.length} columns of ${source} are left out: ${list(names)}`];
}

const quoted = (name: string): string => (name === '' ? 'without a name' : `"${name}"`);

/** The names that are looked for; undefined for a feature without one. */
export function wantedNames({ names, parts }: RowSpec): (string | undefined)[] {
  if (names === undefined) return parts === undefined ? [] : parts.flatMap(namesInPart);
  // An interface calls unnamed features by their position.
  return names.map((name, i) => (name === `feature ${i}` ? undefined : name));
}

/** An input of one value is a column of its name; the values of others are numbered from 0. */
function namesInPart({ name, count }: RowPart): string[] {
  if (count === 1) return [name];
  return Array.from({ length: count }, (_, i) => `${name}.${i}`);
}

/** The column of each feature that has a name. Case, spaces and underscores may differ where that is unambiguous. */
function matchNames(header: readonly string[], spec: RowSpec, source: string): (number | undefined)[] {
  const wanted = wantedNames(spec);
  const names = wanted.filter((name) => name !== undefined);
  // Columns that are only numbered are in the features' order.
  if (names.length === 0 || header.every((name) => isIndexName(name) || /^\d+$/.test(name))) return [];
  const loose = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, ' ');
  const isUnambiguous = [header, names].every((list) => new Set(list.map(loose)).size === list.length);
  const columns = wanted.map((name) => {
    if (name === undefined) return undefined;
    requireOnce(header, name, source);
    const exact = header.indexOf(name);
    return exact >= 0 || !isUnambiguous ? exact : header.findIndex((own) => loose(own) === loose(name));
  });
  const missing = names.filter((name) => columns[wanted.indexOf(name)] === -1);
  if (missing.length === 0) return columns;
  throw new QuietproofError('QP1113', {
    what: `The header lacks ${list(missing)}. It has ${list(header)}, and the model's features are ${list(names)}`,
    where: `${source}, line 1`,
    fix: 'Give the columns the names of the features, in any order',
  });
}

function requireOnce(header: readonly string[], name: string, source: string): void {
  if (header.indexOf(name) === header.lastIndexOf(name)) return;
  throw new QuietproofError('QP1115', {
    what: `Two columns are named "${name}"`,
    where: `${source}, line 1`,
  });
}

interface Split {
  readonly features: readonly number[];
  readonly label?: number;
  readonly dropped: readonly number[];
}

/** Chooses which of the columns that no feature's name claims are features, labels or neither. */
function splitFree(header: readonly string[], free: readonly number[], count: number, source: string): Split {
  const name = (column: number) => header[column]!;
  const isIndex = (column: number) => isIndexName(name(column)) || isOneOf(ID_NAMES, name(column));
  const dropped = free.filter(isIndex);
  const kept = free.filter((column) => !isIndex(column));
  const labels = kept.filter((column) => isOneOf(LABEL_NAMES, name(column)));
  // With a name for every feature, all other columns are extra.
  if (count === 0) {
    const extra = free.filter((column) => column !== labels[0]);
    return { features: [], ...(labels.length > 0 && { label: labels[0]! }), dropped: extra };
  }
  if (kept.length === count + 1 && labels.length === 1) {
    return { features: kept.filter((column) => column !== labels[0]), label: labels[0]!, dropped };
  }
  const isFull = kept.length === count;
  const suspect = isFull ? labels.find((column) => !isOneOf(FEATURE_TOO, name(column))) : dropped[0];
  if (suspect !== undefined && (isFull || free.length === count)) throw notAFeature(name(suspect), source);
  if (isFull) return { features: kept, dropped };
  throw wrongCount(header, count, source);
}

function notAFeature(name: string, source: string): QuietproofError {
  return new QuietproofError('QP1114', {
    what: `The column ${quoted(name)} would be a feature by its place, but is none by its name`,
    where: `${source}, line 1`,
    fix: 'If it is a feature, rename it, or name the features in the card; else a feature is missing',
  });
}

function wrongCount(header: readonly string[], count: number, source: string): QuietproofError {
  return new QuietproofError('QP1105', {
    what: `The header has ${header.length} columns, and the model takes ${count}: ${list(header)}`,
    where: `${source}, line 1`,
    fix: `Keep the ${count} columns the model takes${labelHint(header)}`,
  });
}

/** For a header without a column of labels. */
function labelHint(header: readonly string[]): string {
  return header.some((name) => isOneOf(LABEL_NAMES, name)) ? '' : '; name a column of labels "label"';
}

const MOST_LISTED = 20;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map(quoted);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
