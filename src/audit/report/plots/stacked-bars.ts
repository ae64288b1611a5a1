import { formatCount } from '../../../text/units.ts';
import type { Shape } from './plot.ts';

export interface Stack {
  /** Below the axis; not every one is written where there are many. */
  readonly label: string;
  /** By series. */
  readonly values: readonly number[];
}

export const SIZE = { width: 640, height: 240 } as const;
const LEFT = 52;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 26;
const MOST_LABELS = 8;
/** Of a column's width. */
const GAP = 0.18;
const WIDEST = 56;

/**
 * Bars that stand on each other.
 *
 * @param share the bars are shares of their column, drawn up to 100 %
 */
export function stackedBars(stacks: readonly Stack[], names: readonly string[], share: boolean): Shape[] {
  const sums = stacks.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const { top, step } = share ? { top: 1, step: 0.25 } : axisUpTo(Math.max(1, ...sums));
  const [width, height] = [SIZE.width - LEFT - RIGHT, SIZE.height - TOP - BOTTOM];
  const yOf = (value: number) => TOP + height * (1 - value / top);
  const shapes: Shape[] = [];
  for (let at = 0; at * step <= top + step / 1e6; at += 1) {
    const [value, y] = [at * step, yOf(at * step)];
    const [from, to] = [
      { x: LEFT, y },
      { x: LEFT + width, y },
    ];
    shapes.push({ kind: 'line', from, to, role: at === 0 ? 'axis' : 'grid' });
    const text = share ? `${value * 100} %` : formatCount(value);
    shapes.push({ kind: 'label', at: { x: LEFT - 6, y: y + 4 }, text, anchor: 'end' });
  }
  const pitch = width / stacks.length;
  const bar = Math.min(WIDEST, pitch * (1 - GAP));
  const every = Math.ceil(stacks.length / MOST_LABELS);
  for (const [at, { label, values }] of stacks.entries()) {
    const middle = LEFT + pitch * (at + 0.5);
    let below = 0;
    for (const [series, value] of values.entries()) {
      if (value === 0) continue;
      const part = share ? value / sums[at]! : value;
      const y = yOf(below + part);
      const amount = share ? `${(part * 100).toFixed(1)} % (${formatCount(value)})` : formatCount(value);
      const name = names[series] === undefined ? '' : `${names[series]}: `;
      const title = `${label}, ${name}${amount}`;
      shapes.push({ kind: 'bar', x: middle - bar / 2, y, width: bar, height: yOf(below) - y, series, title });
      below += part;
    }
    if (at % every === 0)
      shapes.push({ kind: 'label', at: { x: middle, y: SIZE.height - 8 }, text: label, anchor: 'middle' });
  }
  return shapes;
}

/** An axis with up to five even steps, of 1, 2 or 5 times a power of ten, up to at least `most`. */
export function axisUpTo(most: number): { readonly top: number; readonly step: number } {
  const least = most / 5;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= least)!);
  return { top: Math.ceil(most / step) * step, step };
}
