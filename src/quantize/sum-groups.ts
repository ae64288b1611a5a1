import type { Calibration } from './calibrate.ts';
import { largestTerms } from './rounding-errors.ts';
import type { ScaledLayer } from './scale-source.ts';

/** The range of a sum counts as at least this share of its largest term, however its terms cancel. */
const SMALLEST_RANGE = 1 / 64;

/** The sums of one step group within a layer. */
export interface SumGroup {
  readonly outputs: number[];
  low: number;
  high: number;
  /** The width of the range that the readers of the sums tell apart. */
  passed: number;
  largestTerm: number;
  largestBias: number;
  /** Powers of two by which its steps are finer than the layer's. */
  finer: number;
}

/**
 * @param groups by value: its step group
 * @param passed by value (see ValueUse)
 */
export function groupSums(
  { linear, values }: ScaledLayer,
  { low, high }: Calibration,
  groups: Int32Array,
  passed: Float64Array,
): SumGroup[] {
  const terms = largestTerms(linear);
  const byName = new Map<number, SumGroup>();
  for (let i = 0; i < values.length; i += 1) {
    const id = values[i]!;
    const name = groups[id]!;
    const group = byName.get(name) ?? {
      ...{ outputs: [], low: Infinity, high: -Infinity },
      ...{ passed: 0, largestTerm: 0, largestBias: 0, finer: 0 },
    };
    byName.set(name, group);
    group.outputs.push(i);
    group.low = Math.min(group.low, low[id]!);
    group.high = Math.max(group.high, high[id]!);
    group.passed = Math.max(group.passed, passed[id]!);
    group.largestTerm = Math.max(group.largestTerm, terms[i]!);
    group.largestBias = Math.max(group.largestBias, Math.abs(linear.bias[i]!));
  }
  return Array.from(byName.values());
}

/** The real range of a group of sums, as far as errors are compared with it. */
export function rangeOf({ low, high, passed, largestTerm, largestBias }: SumGroup): number {
  if (largestTerm === 0) return largestBias;
  return Math.max(Math.min(high - low, passed), largestTerm * SMALLEST_RANGE);
}

export function magnitudeOf({ low, high }: SumGroup): number {
  return Math.max(-low, high);
}
