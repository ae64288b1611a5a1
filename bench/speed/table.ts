import type { Summary } from './samples.ts';

/** A Markdown table. Columns after the first `names` contain numbers. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[], names = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, i) => (i < names ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** Shown for a figure that was not measured. */
export const NOT_MEASURED = '–';

/** The median, and minimum and maximum of several runs. `scale` converts to the unit of the column. */
export function spread(summary: Summary | undefined, scale = 1): string {
  if (summary === undefined) return NOT_MEASURED;
  const { median, min, max, runs } = summary;
  const middle = significant(median / scale);
  return runs < 2 ? middle : `${middle} (${significant(min / scale)}–${significant(max / scale)})`;
}

/** Three significant digits, without an exponent. */
export function significant(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? NOT_MEASURED : significant(bytes / 1e6);
}
