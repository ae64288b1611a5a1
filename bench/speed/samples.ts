import { median } from '../median.ts';

/** What one measurement gave: figures by name, the unit in the name (`proveMs`, `peakRssBytes`). */
export type Sample = Readonly<Record<string, number>>;

/** One figure over the runs. */
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

/** The figure of that name in the samples that have it; undefined where none has. */
export function summaryOf(samples: readonly Sample[], figure: string): Summary | undefined {
  const values = samples.flatMap((sample) => sample[figure] ?? []);
  return values.length === 0 ? undefined : summarize(values);
}

/**
 * How many times larger `a` is than `b`: the ratio of the medians, and the smallest and largest ratio within one round.
 * Both were measured in turn, so what disturbed a round disturbed both.
 */
export function ratio(a: readonly number[], b: readonly number[]): Summary | undefined {
  const rounds = Math.min(a.length, b.length);
  if (rounds === 0) return undefined;
  const paired = Array.from({ length: rounds }, (_, i) => a[i]! / b[i]!);
  return { ...summarize(paired), median: median(a) / median(b) };
}
