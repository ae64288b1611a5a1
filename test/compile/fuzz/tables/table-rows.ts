import type { Accepted } from '../../../../src/data/data-set.ts';
import type { FloatGraph } from '../../../../src/graph/float-graph.ts';
import { Dice } from '../../../graph/random-graph.ts';
import { HOSTILE, neighbours } from '../../../import/ml/ensembles.ts';
import type { Columns } from './table-maker.ts';

/** What a feature may be, and which of its values some test tells from their neighbours. */
export interface Feature {
  readonly accepted: Accepted;
  readonly type: Columns['type'];
  readonly unit: number;
  /** The smallest and the largest number, of integers. */
  readonly range: readonly [number, number];
  readonly turning: readonly number[];
}

/** @param accepted by feature, as rows are read */
export function featuresOf(
  graph: FloatGraph,
  inputs: readonly Columns[],
  accepted: readonly Accepted[] | undefined,
): Feature[] {
  const turning = turningPoints(graph);
  return graph.input.parts.flatMap(({ count, values }, k) => {
    const { type, unit } = inputs[k]!;
    const first = graph.input.parts.slice(0, k).reduce((sum, part) => sum + part.count, 0);
    const range = values.kind === 'integer' ? ([values.min, values.max] as const) : ([0, 0] as const);
    return Array.from({ length: count }, (_, i): Feature => {
      const own = { type, unit, range, turning: turning.get(first + i) ?? [] };
      return { ...own, accepted: accepted?.[first + i] ?? 'finite' };
    });
  });
}

/** By input: the ends of the intervals that trees test for, and the numbers beside them. */
function turningPoints({ nodes, input }: FloatGraph): ReadonlyMap<number, number[]> {
  const points = new Map<number, number[]>();
  for (const node of nodes) {
    if (node.op !== 'trees') continue;
    for (const { feature, passes } of node.trees.flatMap(({ branches }) => branches)) {
      const id = node.source[feature]!;
      if (id < 0 || id >= input.count) continue;
      const ends = passes.flatMap(({ low, high }) => [...neighbours(low), ...neighbours(high)]);
      points.set(id, [...(points.get(id) ?? []), ...ends]);
    }
  }
  return points;
}

/** Rows as data has them, or of the values at which implementations differ if any do. */
export function tableRows(
  features: readonly Feature[],
  rows: number,
  { seed, hostile }: { readonly seed: number; readonly hostile: number },
): Float64Array[] {
  const dice = new Dice(seed * 613 + 17);
  for (let k = 0; k < 5; k += 1) dice.real(0, 1);
  return Array.from({ length: rows }, () =>
    Float64Array.from(features, (feature) => {
      return dice.real(0, 1) < hostile ? hostileValue(feature, dice) : usualValue(feature, dice);
    }),
  );
}

function usualValue(feature: Feature, dice: Dice): number {
  const { accepted, type, unit, range } = feature;
  if (typeof accepted === 'object') return category(accepted, dice);
  if (allowsMissing(accepted) && dice.int(0, 5) === 0) return Number.NaN;
  if (type === 'flag') return dice.int(0, 1);
  if (type === 'integer' || type === 'small') return within(range, dice.int(-2, 8));
  return Math.fround((dice.real(-1, 1) + dice.real(-1, 1)) * unit);
}

function hostileValue(feature: Feature, dice: Dice): number {
  const { accepted, type, unit, range, turning } = feature;
  if (typeof accepted === 'object') return category(accepted, dice);
  const isRanked = accepted === 'infinite' || accepted === 'missing';
  if (allowsMissing(accepted) && dice.int(0, 3) === 0) return Number.NaN;
  if (type === 'flag') return dice.int(0, 1);
  if (type === 'integer' || type === 'small') {
    return within(
      range,
      Math.round(finite(dice.pick([...SMALL, ...(isRanked ? [...LARGE, ...turning] : [])]))),
    );
  }
  if (isRanked) {
    const value = dice.pick(dice.int(0, 1) === 0 && turning.length > 0 ? turning : HOSTILE);
    return Number.isNaN(value) && accepted === 'infinite' ? -0 : value;
  }
  return Math.fround(dice.pick([0, -0, 1, -1, 0.5, 3, -3, 2 ** -20, 0.1]) * unit);
}

/** Whole numbers that encoders know, and those that float32 rounds. */
const SMALL = [0, 1, -1, 2, 3, 7, 300, 8, 9];
const LARGE = [2 ** 24, 2 ** 24 + 1, -(2 ** 24) - 3, 2 ** 30 + 63];

const category = ({ values, unknown }: Exclude<Accepted, string>, dice: Dice): number =>
  dice.int(0, values.length - (unknown === 'coded' ? 0 : 1));

const allowsMissing = (accepted: Accepted): boolean =>
  accepted === 'missing' || accepted === 'finite or missing';

const finite = (value: number): number => (Math.abs(value) < 2 ** 31 ? value : 1);

const within = ([low, high]: readonly [number, number], value: number): number =>
  Math.min(Math.max(value, low), high) + 0;
