import { roundV2 as nearest } from '@quietproof/verify';
import type { FeatureRange } from './feature-range.ts';

/** The values offset + step · u, 0 ≤ u ≤ levels. */
export interface Grid {
  readonly offset: number;
  readonly step: number;
  readonly levels: number;
}

/** A single feature shows a grid (that it is one of two values, or always 0) in this many rows. */
const ROWS_OF_ONE = 100;
/** Several features show one by this many values … */
const VALUES_OF_SEVERAL = 1000;
/** … in this many rows. */
const ROWS_OF_SEVERAL = 20;
/** Values on a grid of at most this many steps (pixels, counts, one-hot columns) are encoded without rounding. */
const GRID_STEPS = 255;
/** Largest distance from a grid point, in steps: enough for float32 rounding, too small for other data. */
const GRID_TOLERANCE = 1e-3;
/** What one declared feature may have at most: input values have up to 16 bits. */
const DECLARED_STEPS = 2 ** 16 - 1;

/** The grid of at most GRID_STEPS steps on which these features lie, if there are enough rows to show one. */
export function shownGrid(rows: readonly Float64Array[], features: readonly number[]): Grid | undefined {
  const isOne = features.length === 1;
  if (isOne ? rows.length < ROWS_OF_ONE : !isShownBySeveral(rows.length, features.length)) return undefined;
  const distinct = distinctSorted(rows, features);
  if (!isOne) return distinct === undefined ? undefined : commonGrid(distinct);
  const [low, high, ...more] = distinct ?? [];
  if (low === undefined || more.length > 0) return undefined;
  if (high !== undefined) return { offset: low, step: high - low, levels: 1 };
  // A one-hot column that was never set. Another constant does not show its unit.
  return low === 0 ? { offset: 0, step: 1, levels: 1 } : undefined;
}

function isShownBySeveral(rows: number, features: number): boolean {
  return rows >= ROWS_OF_SEVERAL && rows * features >= VALUES_OF_SEVERAL;
}

/** The one grid that a card declares for features of a step group; undefined if there is none. */
export function declaredGrid(ranges: readonly FeatureRange[], min: number, max: number): Grid | undefined {
  const step = ranges[0]!.step;
  if (step === undefined || ranges.some((range) => range.step !== step)) return undefined;
  const levels = wholeSteps(max - min, step);
  const fits = ranges.every((range) => wholeSteps(range.min - min, step) !== undefined);
  return levels !== undefined && fits ? { offset: min, step, levels } : undefined;
}

/** How many steps a span has, if that is a whole number that an input can have. */
export function wholeSteps(span: number, step: number): number | undefined {
  const steps = nearest(span / step);
  return Math.abs(span / step - steps) <= GRID_TOLERANCE && steps <= DECLARED_STEPS ? steps : undefined;
}

function commonGrid(distinct: readonly number[]): Grid | undefined {
  if (distinct.length < 2) return undefined;
  const offset = distinct[0]!;
  const span = distinct.at(-1)! - offset;
  let gap = span;
  for (let i = 1; i < distinct.length; i += 1) gap = Math.min(gap, distinct[i]! - distinct[i - 1]!);
  const levels = nearest(span / gap);
  if (levels > GRID_STEPS) return undefined;
  const step = span / levels;
  const onIt = distinct.every((value) => {
    const place = (value - offset) / step;
    return Math.abs(place - nearest(place)) <= GRID_TOLERANCE;
  });
  return onIt ? { offset, step, levels } : undefined;
}

/** Undefined if there are more values than a grid has. */
function distinctSorted(rows: readonly Float64Array[], features: readonly number[]): number[] | undefined {
  const distinct = new Set<number>();
  for (const row of rows) {
    for (const feature of features) if (!Number.isNaN(row[feature]!)) distinct.add(row[feature]!);
    // Equal grid values may differ in the last float32 digit.
    if (distinct.size > 4 * (GRID_STEPS + 1)) return undefined;
  }
  const merged: number[] = [];
  for (const value of Array.from(distinct).sort((a, b) => a - b)) {
    const before = merged.at(-1);
    if (before === undefined || value - before > Math.abs(value) * 1e-6) merged.push(value);
  }
  return merged.length > GRID_STEPS + 1 ? undefined : merged;
}
