import type { InputMode } from '@quietproof/verify';
import type { IntegerInput } from '../integer/integer-graph.ts';
import { ENFORCED_MAX } from './enforced-max.ts';

/** The declared range of a feature (from a model card); overrides calibration. */
export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** real = offset + step · u with 0 ≤ u ≤ levels, before ENFORCED_MAX turns `levels` into an enforceable bound. */
export interface FeatureEncoding {
  readonly offset: number;
  readonly step: number;
  readonly levels: number;
}

export type InputEncoding = Pick<IntegerInput, 'offset' | 'step' | 'max'>;

/** Values on a grid of at most this many steps (pixels, counts, one-hot columns) are encoded without rounding. */
const GRID_STEPS = 255;
/** Largest distance from a grid point, in steps: enough for float32 rounding, too small for other data. */
const GRID_TOLERANCE = 1e-3;
/** Margin on each side of a continuous feature, as a fraction of its calibrated span. */
const MARGIN = 1 / 8;

/**
 * Chooses an affine encoding per feature from calibration rows and declared ranges.
 *
 * All features share one encoding if their values lie on a common grid (pixels, word counts) or if the input has a
 * spatial shape, because convolutions need one scale. Otherwise each feature has its own.
 */
export function encodeInputs(
  rows: readonly Float64Array[],
  shape: readonly number[],
  bits: number,
  mode: InputMode,
  declared: readonly (FeatureRange | undefined)[] = [],
): InputEncoding {
  const features = shape.reduce((product, size) => product * size, 1);
  const encodings = chooseEncodings(rows, shape, features, bits, declared);
  const max = encodings.map(({ levels }) => ENFORCED_MAX[mode](levels));
  return {
    offset: Float64Array.from(encodings, (e) => e.offset),
    step: Float64Array.from(encodings, (e) => e.step),
    max: Float64Array.from(max),
  };
}

function chooseEncodings(
  rows: readonly Float64Array[],
  shape: readonly number[],
  features: number,
  bits: number,
  declared: readonly (FeatureRange | undefined)[],
): FeatureEncoding[] {
  const column = (feature: number) => rows.map((row) => row[feature]!);
  const isDeclared = declared.some((range) => range !== undefined);
  const spatial = shape.filter((size) => size > 1).length > 1;
  if (!isDeclared || spatial) {
    const all = distinctSorted(rows.flatMap((row) => Array.from(new Set(row))));
    const grid = commonGrid(all);
    if (spatial || grid !== undefined) {
      const range = isDeclared ? widestRange(declared) : undefined;
      const shared =
        range !== undefined
          ? uniform(range, bits)
          : grid !== undefined
            ? onGrid(grid, bits)
            : continuous(all, bits, 0);
      return Array.from({ length: features }, () => shared);
    }
  }
  return Array.from({ length: features }, (_, feature) => {
    const range = declared[feature];
    return range === undefined ? encodeFeature(column(feature), bits) : uniform(range, bits);
  });
}

function encodeFeature(values: readonly number[], bits: number): FeatureEncoding {
  const distinct = distinctSorted(values);
  // A constant column does not show its scale. One step of 1 is right for a one-hot column that was never set.
  if (distinct.length === 1) return { offset: distinct[0]!, step: 1, levels: 1 };
  if (distinct.length === 2)
    return onGrid({ offset: distinct[0]!, step: distinct[1]! - distinct[0]!, levels: 1 }, bits);
  return continuous(distinct, bits, MARGIN);
}

interface Grid extends FeatureEncoding {}

/** The grid that contains all values, if there is one with at most GRID_STEPS steps. */
function commonGrid(distinct: readonly number[]): Grid | undefined {
  if (distinct.length < 2 || distinct.length > GRID_STEPS + 1) return undefined;
  const offset = distinct[0]!;
  const span = distinct.at(-1)! - offset;
  let gap = span;
  for (let i = 1; i < distinct.length; i += 1) gap = Math.min(gap, distinct[i]! - distinct[i - 1]!);
  const levels = Math.floor(span / gap + 0.5);
  if (levels > GRID_STEPS) return undefined;
  const step = span / levels;
  const onIt = distinct.every((value) => {
    const place = (value - offset) / step;
    return Math.abs(place - Math.floor(place + 0.5)) <= GRID_TOLERANCE;
  });
  return onIt ? { offset, step, levels } : undefined;
}

function onGrid(grid: Grid, bits: number): FeatureEncoding {
  return grid.levels < 2 ** bits
    ? grid
    : uniform({ min: grid.offset, max: grid.offset + grid.step * grid.levels }, bits);
}

function continuous(distinct: readonly number[], bits: number, margin: number): FeatureEncoding {
  const low = distinct[0]!;
  const high = distinct.at(-1)!;
  const room = (high - low) * margin;
  // The margin does not extend below 0 if no value does (a length, an amount).
  const min = low >= 0 ? Math.max(0, low - room) : low - room;
  return uniform({ min, max: high + room }, bits);
}

function uniform(range: FeatureRange, bits: number): FeatureEncoding {
  const levels = 2 ** bits - 1;
  const span = range.max - range.min;
  return { offset: range.min, step: span > 0 ? span / levels : 1, levels: span > 0 ? levels : 1 };
}

function widestRange(declared: readonly (FeatureRange | undefined)[]): FeatureRange {
  const ranges = declared.filter((range) => range !== undefined);
  return {
    min: Math.min(...ranges.map((range) => range.min)),
    max: Math.max(...ranges.map((range) => range.max)),
  };
}

function distinctSorted(values: readonly number[]): number[] {
  const merged: number[] = [];
  for (const value of Array.from(new Set(values)).sort((a, b) => a - b)) {
    const before = merged.at(-1);
    // Equal grid values may differ in the last float32 digit.
    if (before === undefined || value - before > Math.abs(value) * 1e-6) merged.push(value);
  }
  return merged;
}
