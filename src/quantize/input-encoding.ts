import { categoryEncoding, type InputMode, rank32Encoding } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { InputValues } from '../graph/float-graph.ts';
import { ENFORCED_MAX } from '../integer/enforced-max.ts';
import type { CodingOf, FeatureCoding, IntegerInput } from '../integer/integer-graph.ts';
import type { FeatureRange } from './feature-range.ts';
import { declaredGrid, type Grid, shownGrid } from './input-grid.ts';

/**
 * Whether the integers of a feature stand for the only values that it has: as declared by a card, so that rows off the
 * grid can be refused, or as the calibration rows show. 'none': other values are rounded to the nearest step.
 */
export type GridKind = 'declared' | 'shown' | 'none';

/** real = offset + step · u with 0 ≤ u ≤ levels, before ENFORCED_MAX turns `levels` into an enforceable bound. */
interface FeatureEncoding extends Grid {
  readonly grid: GridKind;
}

export interface InputEncoding extends Pick<IntegerInput, 'codings' | 'max'> {
  /** One entry per feature. */
  readonly grid: readonly GridKind[];
}

export interface InputOptions {
  /** By feature: its step group (`stepGroups`). */
  readonly groups: ArrayLike<number>;
  readonly bits: number;
  readonly mode: InputMode;
  readonly declared?: readonly (FeatureRange | undefined)[];
  /** By feature: what values the model's input may have. Default: real numbers. */
  readonly values?: readonly InputValues[];
  /** By feature: how it is coded if it is coded by rank or category (`rankedFeatures`). Default: none is. */
  readonly ranked?: RankedFeatures;
  /** By feature: whether it may be missing (`gappedFeatures`); only of features that are not ranked. Default: none may. */
  readonly gapped?: readonly boolean[];
}

/** By feature; undefined for one with an affine encoding. Default: all have one. */
export type RankedFeatures = readonly (CodingOf<'rank32' | 'category'> | undefined)[];

/** Margin on each side of a continuous feature, as a fraction of its calibrated span. */
const MARGIN = 1 / 8;

/**
 * Chooses an affine encoding per step group of features from calibration rows and declared ranges; ranked features need
 * none. All others share one encoding if the rows show a grid that they all lie on (pixels, word counts) and nothing is
 * declared.
 *
 * @throws QuietproofError QP3017 if features of one group are declared with different grids
 */
export function encodeInputs(rows: readonly Float64Array[], options: InputOptions): InputEncoding {
  const { groups, mode, ranked = [], gapped = [] } = options;
  const encodings = chooseEncodings(rows, options);
  const all = Array.from(groups, (group, i): FeatureCoding & { max: number; grid: GridKind } => {
    const rank = ranked[i];
    // The thermometer of such a feature enforces its exact range in every mode.
    if (rank !== undefined) return { ...rank, max: largestOf(rank), grid: 'none' };
    const { offset, step, levels, grid } = encodings.get(group)!;
    // One more integer, the last one, stands for a missing value.
    return gapped[i] === true
      ? { kind: 'affine', offset, step, nan: 'coded', max: ENFORCED_MAX[mode](levels + 1), grid }
      : { kind: 'affine', offset, step, max: ENFORCED_MAX[mode](levels), grid };
  });
  return {
    codings: all.map(({ max, grid, ...coding }) => coding),
    max: Float64Array.from(all, ({ max }) => max),
    grid: all.map(({ grid }) => grid),
  };
}

function largestOf(coding: NonNullable<RankedFeatures[number]>): number {
  return coding.kind === 'rank32' ? rank32Encoding(coding.nan).max : categoryEncoding(coding).max;
}

/** By group. */
function chooseEncodings(
  rows: readonly Float64Array[],
  { groups, bits, declared = [], ranked = [], values = [], gapped = [] }: InputOptions,
): Map<number, FeatureEncoding> {
  const members = new Map<number, number[]>();
  const every = Array.from({ length: groups.length }, (_, feature) => feature).filter(
    (feature) => ranked[feature] === undefined,
  );
  for (const feature of every) {
    const group = members.get(groups[feature]!) ?? [];
    members.set(groups[feature]!, group);
    group.push(feature);
  }
  const whole = new Map<number, FeatureEncoding>();
  for (const [group, features] of members) {
    const encoding = encodeIntegers(rows, features, declared, values);
    if (encoding !== undefined) whole.set(group, encoding);
  }
  const others = every.filter((feature) => !whole.has(groups[feature]!));
  const levelsOf = (features: readonly number[]) =>
    2 ** bits - 1 - (features.some((feature) => gapped[feature]) ? 1 : 0);
  const isDeclared = others.some((feature) => declared[feature] !== undefined);
  const shared = isDeclared || others.length === 0 ? undefined : shownGrid(rows, others);
  return new Map(
    Array.from(members, ([group, features]) => [
      group,
      whole.get(group) ??
        (shared === undefined
          ? encodeGroup(rows, features, levelsOf(features), declared)
          : onGrid(shared, levelsOf(features))),
    ]),
  );
}

function encodeGroup(
  rows: readonly Float64Array[],
  features: readonly number[],
  levels: number,
  declared: readonly (FeatureRange | undefined)[],
): FeatureEncoding {
  const ranges = features.map((feature) => declared[feature]).filter((range) => range !== undefined);
  if (ranges.length > 0) {
    const others = features.filter((feature) => declared[feature] === undefined);
    return encodeDeclared(ranges, others.length === 0 ? undefined : seen(rows, others), features[0]!, levels);
  }
  const grid = shownGrid(rows, features);
  if (grid !== undefined) return onGrid(grid, levels);
  const { min, max } = seen(rows, features);
  // What was the same in all rows does not show its scale: it may grow by its own size, or to 1 if it was always 0.
  if (min === max) return uniform(min, min + (Math.abs(min) || 1), levels);
  return continuous(min, max, levels);
}

/**
 * All integers of a range, whatever the bits: as declared, of the whole type if it has few, else around those of the
 * rows. Undefined where not all features are integers, or where there are too many: they are then rounded like others.
 */
function encodeIntegers(
  rows: readonly Float64Array[],
  features: readonly number[],
  declared: readonly (FeatureRange | undefined)[],
  values: readonly InputValues[],
): FeatureEncoding | undefined {
  const ranges = features.map((feature) => {
    const own = values[feature];
    return own?.kind === 'integer' ? integerRange(own, declared[feature], () => seen(rows, [feature])) : own;
  });
  let [low, high] = [Infinity, -Infinity];
  for (const range of ranges) {
    if (range === undefined || 'kind' in range) return undefined;
    low = Math.min(low, Math.ceil(range.min));
    high = Math.max(high, Math.floor(range.max));
  }
  const levels = Math.max(1, high - low);
  if (levels > MOST_INTEGERS) return undefined;
  const grid = features.every((feature) => declared[feature] !== undefined) ? 'declared' : 'shown';
  return { offset: low, step: 1, levels, grid };
}

/** Types with at most this many integers are encoded whole. */
const FEW = 256;
/** Integers of more bits are rounded, like other numbers. */
const MOST_INTEGERS = 2 ** 16 - 1;

function integerRange(
  { min, max }: Extract<InputValues, { kind: 'integer' }>,
  declared: FeatureRange | undefined,
  seenRange: () => FeatureRange,
): FeatureRange {
  if (declared !== undefined) return declared;
  if (max - min < FEW) return { min, max };
  const { min: low, max: high } = seenRange();
  const room = Math.ceil((high - low) * MARGIN);
  // As for real numbers, not below 0 if none is.
  const floor = low >= 0 ? Math.max(0, min) : min;
  return { min: Math.max(floor, low - room), max: Math.min(max, high + room) };
}

/** @param others the calibrated range of features of the group that are not declared, if there are any */
function encodeDeclared(
  ranges: readonly FeatureRange[],
  others: FeatureRange | undefined,
  feature: number,
  levels: number,
): FeatureEncoding {
  const min = Math.min(...ranges.map((range) => range.min));
  const max = Math.max(...ranges.map((range) => range.max));
  if (ranges.every(({ step }) => step === undefined)) {
    const [low, high] = [Math.min(min, others?.min ?? min), Math.max(max, others?.max ?? max)];
    return uniform(low, high, levels);
  }
  const grid = others === undefined ? declaredGrid(ranges, min, max) : undefined;
  if (grid !== undefined) return { ...grid, grid: 'declared' };
  throw new QuietproofError('QP3017', { where: `feature ${feature}` });
}

/** A grid is kept as it is if the bits suffice. */
function onGrid(grid: Grid, levels: number): FeatureEncoding {
  if (grid.levels <= levels) return { ...grid, grid: 'shown' };
  return uniform(grid.offset, grid.offset + grid.step * grid.levels, levels);
}

/** The margin does not extend below 0 if no value does (a length, an amount). */
function continuous(low: number, high: number, levels: number): FeatureEncoding {
  const room = (high - low) * MARGIN;
  return uniform(low >= 0 ? Math.max(0, low - room) : low - room, high + room, levels);
}

function uniform(min: number, max: number, levels: number): FeatureEncoding {
  return { offset: min, step: (max - min) / levels, levels, grid: 'none' };
}

/** 0 and 0 where all values are missing. */
function seen(rows: readonly Float64Array[], features: readonly number[]): FeatureRange {
  let [min, max] = [Infinity, -Infinity];
  for (const row of rows) {
    for (const feature of features) {
      const value = row[feature]!;
      if (Number.isNaN(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}
