import type { Block } from './report-blocks.ts';
import type { Column } from './table.ts';

export const text = (title: string, share = 1): Column => ({ title, kind: 'text', share });
export const number = (title: string, share = 0.5): Column => ({ title, kind: 'number', share });
export const id = (title: string, share = 1): Column => ({ title, kind: 'id', share });

export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): Block {
  return { kind: 'table', table: { caption, columns, rows } };
}
