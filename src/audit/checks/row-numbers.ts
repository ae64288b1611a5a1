import path from 'node:path';
import { rowOfBundle } from '@quietproof/verify/command/numbering';
import type { SourceEntry } from './check-records.ts';

/** Numbers of one folder that no file has, between its first and its last. */
export interface MissingRows {
  readonly source: number;
  /** In its source; empty for the source itself. */
  readonly folder: string;
  /** Both included. */
  readonly from: number;
  readonly to: number;
}

/** The gaps in the numbers of the file names, folder by folder. */
export function missingRows(entries: readonly SourceEntry[]): MissingRows[] {
  const folders = new Map<string, { source: number; folder: string; rows: number[] }>();
  for (const { source, path: inSource, isRecord } of entries) {
    const row = isRecord ? rowOfBundle(inSource) : undefined;
    if (row === undefined) continue;
    const dirname = path.posix.dirname(inSource);
    const folder = dirname === '.' ? '' : `${dirname}/`;
    const known = folders.get(`${source}:${folder}`);
    if (known === undefined) folders.set(`${source}:${folder}`, { source, folder, rows: [row] });
    else known.rows.push(row);
  }
  return [...folders.values()].flatMap(({ source, folder, rows }) => {
    rows.sort((a, b) => a - b);
    return rows.flatMap((row, at): MissingRows[] => {
      const before = at === 0 ? row - 1 : rows[at - 1]!;
      return row > before + 1 ? [{ source, folder, from: before + 1, to: row - 1 }] : [];
    });
  });
}
