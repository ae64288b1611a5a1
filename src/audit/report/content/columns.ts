import type { Block } from './report-blocks.ts';
import type { Column, Table } from './table.ts';

export const text = (title: string, share = 1): Column => ({ title, kind: 'text', share });
export const number = (title: string, share = 0.5): Column => ({ title, kind: 'number', share });
export const id = (title: string, share = 1): Column => ({ title, kind: 'id', share });

export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): Block {
  return { kind: 'table', table: withoutEmpty({ caption, columns, rows }) };
}

/** Without columns that say nothing in any row: they would take the room of the others. */
export function withoutEmpty({ caption, columns, rows }: Table): Table {
  const says = columns.map((_, at) => rows.length === 0 || rows.some((row) => row[at] !== ''));
  return {
    caption,
    columns: columns.filter((_, at) => says[at]),
    rows: rows.map((row) => row.filter((_, at) => says[at])),
  };
}
