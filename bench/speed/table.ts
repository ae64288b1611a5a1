import type { Summary } from './samples.ts';

/** A Markdown table; columns after the first `names` hold numbers. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[], names = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, i) => (i < names ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** What was not measured. */
export const NONE = '–';

/** The median and, over several runs, the smallest and the largest; `scale` divides into the unit of the column. */
export function spread(summary: Summary | undefined, scale = 1): string {
  if (summary === undefined) return NONE;
  const { median, min, max, runs } = summary;
  const middle = significant(median / scale);
  return runs < 2 ? middle : `${middle} (${significant(min / scale)}–${significant(max / scale)})`;
}

/** Three significant digits, and never an exponent. */
export function significant(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? NONE : significant(bytes / 1e6);
}
