import { median } from '../median.ts';

/** Figures of one measurement, by name with unit (`proveMs`, `peakRssBytes`). */
export type Sample = Readonly<Record<string, number>>;

/** One figure over several runs. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export function summarize(values: readonly number[]): Summary {
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    runs: values.length,
  };
}

/** Summarizes a figure over the samples that have it; undefined if none has. */
export function summaryOf(samples: readonly Sample[], figure: string): Summary | undefined {
  const values = samples.flatMap((sample) => sample[figure] ?? []);
  return values.length === 0 ? undefined : summarize(values);
}

/**
 * The ratio of the medians of `a` and `b`, with the smallest and largest ratio within one round. Measurements
 * alternate, so a disturbance in a round affects both.
 */
export function ratio(a: readonly number[], b: readonly number[]): Summary | undefined {
  const rounds = Math.min(a.length, b.length);
  if (rounds === 0) return undefined;
  const paired = Array.from({ length: rounds }, (_, i) => a[i]! / b[i]!);
  return { ...summarize(paired), median: median(a) / median(b) };
}
