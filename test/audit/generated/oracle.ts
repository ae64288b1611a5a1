import { FINDING_KINDS, type FindingKind } from '../../../src/audit/findings/finding-kinds.ts';
import type { FindingRow } from '../corpus/make/expected.ts';

/** A file that is named like a record, and what is true of it by the way in which it was made. */
export interface PlantedRecord {
  readonly path: string;
  /** What keeps it from being accepted. */
  readonly wrong?: { readonly kind: FindingKind; readonly code: string; readonly isRead: boolean };
  /** The answer that it proves, by its place in the log for which it was made. */
  readonly answer: number;
  /** Equal for records of one statement. */
  readonly statement: string;
  /** It carries the proof that the log has it. */
  readonly isSealed: boolean;
  /** The number that it claims. */
  readonly claims?: number;
  readonly opening?: 'right' | 'wrong';
}

export interface Planted {
  readonly records: readonly PlantedRecord[];
  /** Paths, and the orders for which their records were to be made, as their places in the log. */
  readonly list: readonly (readonly [path: string, order: number])[];
  /** Places of the entries of answers in the log. */
  readonly logged: readonly number[];
  /** Findings that are of no record by itself. */
  readonly further: readonly FindingRow[];
}

/** All that is to be found, by comparing everything with everything. */
export function expectedRows({ records: unsorted, list, logged, further }: Planted) {
  const records = [...unsorted].sort((a, b) => compare(a.path, b.path));
  const accepted = records.filter(({ wrong }) => wrong === undefined);
  const rows: FindingRow[] = [...further];
  const add = (kind: FindingKind, found: readonly { readonly path: string }[], codes: string[] = []) => {
    if (found.length > 0) rows.push([kind, found.map(({ path }) => path), { codes }]);
  };
  for (const kind of Object.keys(FINDING_KINDS) as FindingKind[]) {
    const wrong = records.filter((one) => one.wrong?.kind === kind && kind !== 'not-a-file');
    add(kind, wrong, [...new Set(wrong.map((one) => one.wrong!.code))].sort());
  }
  const repeats = accepted.filter(
    (one, at) => accepted.findIndex(({ answer }) => answer === one.answer) < at,
  );
  const statements = (answer: number) =>
    new Set(accepted.filter((one) => one.answer === answer).map(({ statement }) => statement)).size;
  add(
    'copied-record',
    repeats.filter(({ answer }) => statements(answer) === 1),
  );
  add(
    'resealed-record',
    repeats.filter(({ answer }) => statements(answer) > 1),
  );
  add(
    'row-claims-differ',
    accepted.filter(({ path, claims }) => claims !== undefined && (numberOf(path) ?? claims) !== claims),
  );
  add(
    'time-confirmed',
    accepted.filter(({ isSealed }) => isSealed),
  );
  add(
    'record-not-logged',
    accepted.filter(
      ({ isSealed, statement }) => !isSealed && !logged.some((place) => statement === `${place}`),
    ),
  );
  add(
    'logged-without-record',
    logged
      .filter((place) => !accepted.some(({ statement }) => statement === `${place}`))
      .map((place) => ({ path: `entry ${place} of log/checkpoint` })),
  );
  add('missing-rows', missingRows(records));
  add(
    'opening-fails',
    accepted.filter(({ opening }) => opening === 'wrong'),
    ['QP7603'],
  );
  add(
    'opening-missing',
    accepted.filter(({ opening }) => opening === undefined),
  );
  const held = accepted.filter(({ opening }) => opening === 'right').length;
  if (held > 0) rows.push(['openings-hold', [], { count: held }]);
  const at = (path: string) => accepted.find((one) => one.path === path);
  const expected = list.map(([path, order], index) => ({ row: `row ${index + 1}`, found: at(path), order }));
  add(
    'expected-missing',
    expected.filter(({ found }) => found === undefined).map(({ row }) => ({ path: row })),
  );
  add(
    'other-context',
    expected.flatMap(({ found, order }) => (found !== undefined && found.answer !== order ? [found] : [])),
  );
  const known = new Set(expected.map(({ found }) => found?.answer));
  add(
    'not-expected',
    accepted.filter(({ answer }) => !known.has(answer)),
  );
  const unreadable = records.filter(({ wrong }) => wrong?.isRead === false).length;
  return {
    rows,
    totals: {
      accepted: accepted.length,
      unreadable,
      refused: records.length - accepted.length - unreadable,
      duplicates: repeats.length,
      undated: accepted.filter(({ isSealed }) => !isSealed).length,
      ...{ models: 1, logs: 1 },
    },
  };
}

/** As a folder is walked. */
function compare(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  const at = a.findIndex((part, index) => part !== b[index]);
  return a[at]! < b[at]! ? -1 : 1;
}

function numberOf(path: string): number | undefined {
  const digits = /([0-9]{6})\.proof\.json$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function missingRows(records: readonly PlantedRecord[]) {
  const numbers = records.flatMap(({ path }) => (path.startsWith('batch/') ? [numberOf(path)!] : []));
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  return Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at)
    .filter((number) => !numbers.includes(number))
    .map((number) => ({ path: `batch/${String(number).padStart(6, '0')}.proof.json` }));
}
