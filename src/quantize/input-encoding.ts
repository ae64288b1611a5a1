import type { InputMode } from '@quietproof/verify';
import type { IntegerInput } from '../integer/integer-graph.ts';
import { ENFORCED_MAX } from './enforced-max.ts';

/** A declared range of one feature (a model card's); overrides calibration. */
export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** real = offset + step · u with 0 ≤ u ≤ levels; `levels` before it becomes a bound that the input mode can enforce. */
export interface FeatureEncoding {
  readonly offset: number;
  readonly step: number;
  readonly levels: number;
}

export type InputEncoding = Pick<IntegerInput, 'offset' | 'step' | 'max'>;

/** Grids of up to this many steps are recognised (pixels, counts, one-hot columns) and encoded without rounding. */
const GRID_STEPS = 255;
/** How far from a grid point a value may lie, in steps: float32 noise, not data. */
const GRID_TOLERANCE = 1e-3;
/** Continuous features get this share of their calibrated span on each side. */
const MARGIN = 1 / 8;

/**
 * Chooses an affine encoding per feature from calibration rows and declared ranges.
 *
 * One encoding is shared by all features where they lie on a common grid (pixels, word counts) or where the input
 * has a spatial shape, because convolutions need it; tabular features of different size get one each.
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
  // A column that never changes says nothing about its scale: allow one step of 1, so that one-hot columns work.
  if (distinct.length === 1) return { offset: distinct[0]!, step: 1, levels: 1 };
  if (distinct.length === 2)
    return onGrid({ offset: distinct[0]!, step: distinct[1]! - distinct[0]!, levels: 1 }, bits);
  return continuous(distinct, bits, MARGIN);
}

interface Grid extends FeatureEncoding {}

/** The grid all values lie on, if there is one of at most GRID_STEPS steps. */
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
  // A feature that is never negative (a length, an amount) stays so.
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
    // The same grid value read through float32 twice may differ in the last place.
    if (before === undefined || value - before > Math.abs(value) * 1e-6) merged.push(value);
  }
  return merged;
}
