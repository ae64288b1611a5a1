import { MOST_SERIES } from './plot.ts';

/** Which of many names have a series of their own: the largest, in a fixed order; the rest share the last one. */
export function largestSeries(
  sums: ReadonlyMap<string, number>,
  others: string,
): { readonly names: readonly string[]; indexOf(name: string): number } {
  const sorted = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
  const own = sorted.length <= MOST_SERIES ? sorted : sorted.slice(0, MOST_SERIES - 1);
  const places = new Map(own.map((name, index) => [name, index]));
  return {
    names: own.length === sorted.length ? own : [...own, others],
    indexOf: (name) => places.get(name) ?? own.length,
  };
}
