import { sizeOf } from '../../../src/import/tensor.ts';
import { Dice } from '../../graph/random-graph.ts';
import type { Choices } from './choices.ts';

/** How the values of one column are distributed. */
type Column = (dice: Dice) => number;

const normal: Column = (dice) => dice.real(-1, 1) + dice.real(-1, 1) + dice.real(-1, 1);

/** Distributions as they occur in data: bell-shaped, counts, flags, mostly 0, heavy tails, constants. */
const COLUMNS: readonly Column[] = [
  normal,
  (dice) => dice.real(0, 1),
  (dice) => dice.int(0, 1),
  (dice) => dice.int(0, 9),
  (dice) => (dice.int(0, 19) === 0 ? 1 : 0),
  (dice) => 0.05 / (dice.real(0, 1) + 0.005),
  (dice) => normal(dice) * (dice.int(0, 49) === 0 ? 20 : 1),
  () => 0.75,
];

const CONTINUOUS = [0, 1, 5, 6];

const UNITS = [1, 100, 0.001, 40000, 1e-5];

/** What rows look like: one distribution and unit per column, or per channel, or for all values. */
export interface RowKind {
  readonly columns: readonly number[];
  readonly units: readonly number[];
  readonly shifts: readonly number[];
  readonly seed: number;
}

/** @param shape of a row */
export function chooseRows(choices: Choices, shape: readonly number[]): RowKind {
  const count = sizeOf(shape);
  const per = choices.pick(['all', 'channel', 'value'] as const);
  const groups = per === 'all' ? 1 : per === 'channel' ? shape[0]! : count;
  const own = Array.from({ length: Math.min(groups, 12) }, () => ({
    column: choices.upTo(COLUMNS.length - 1),
    unit: choices.once(3) ? choices.pick(UNITS) : 1,
    shift: choices.once(5) ? choices.pick([-3, 10]) : 0,
  }));
  // Flags and counts alone have too few distinct rows to judge a contract on.
  if (own.every(({ column }) => !CONTINUOUS.includes(column))) own[0] = { ...own[0]!, column: 0 };
  const of = (i: number) => own[Math.floor((i * groups) / count) % own.length]!;
  const places = Array.from({ length: count }, (_, i) => of(i));
  return {
    columns: places.map(({ column }) => column),
    units: places.map(({ unit }) => unit),
    shifts: places.map(({ shift }) => shift),
    seed: choices.upTo(999),
  };
}

/** Rows of float32 numbers. @param part which of several independent sets */
export function makeRows(
  { columns, units, shifts, seed }: RowKind,
  rows: number,
  part: number,
): Float64Array[] {
  const dice = new Dice(seed * 31 + part * 7 + 1);
  return Array.from({ length: rows }, () =>
    Float64Array.from(columns, (column, i) => Math.fround((COLUMNS[column]!(dice) + shifts[i]!) * units[i]!)),
  );
}
