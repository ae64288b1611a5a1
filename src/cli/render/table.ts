import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title: string;
  /** Right for numbers, left for words. Default left. */
  readonly align?: 'left' | 'right';
}

/** A plain table: a header, padded cells, two spaces between columns, no trailing white space. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  header: (text: string) => string = (text) => text,
): string {
  const widths = columns.map((column, c) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[c] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, c) => pad(cells[c] ?? '', widths[c]!, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [header(line(columns.map((column) => column.title))), ...rows.map(line)].join('\n');
}

function pad(text: string, to: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(to - width(text));
  return align === 'right' ? space + text : text + space;
}

/** Width on the screen, without colour codes. */
function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** One `name  value` line per pair, with the values aligned. */
export function renderPairs(
  pairs: readonly (readonly [string, string])[],
  name = (text: string) => text,
): string {
  const widest = Math.max(...pairs.map(([key]) => width(key)));
  return pairs.map(([key, value]) => `${name(pad(key, widest, 'left'))}  ${value}`).join('\n');
}
