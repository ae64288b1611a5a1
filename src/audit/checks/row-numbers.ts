import path from 'node:path';
import { rowOfBundle } from '@quietproof/verify/command/numbering';
import type { SourceEntry } from './checked-record.ts';

/** Numbers of one folder that no file has, between its first and its last. */
export interface MissingRows {
  readonly source: number;
  /** In its source; empty for the source itself. */
  readonly folder: string;
  /** Both included. */
  readonly from: number;
  readonly to: number;
}

interface NumberedFolder extends Pick<MissingRows, 'source' | 'folder'> {
  readonly rows: number[];
}

/** The numbers in the names of records, folder by folder. */
export class RowNumbers {
  readonly #folders = new Map<string, NumberedFolder>();
  #count = 0;

  /** Number of records whose name is a number. */
  get count(): number {
    return this.#count;
  }

  add({ source, path: inSource }: Pick<SourceEntry, 'source' | 'path'>): void {
    const row = rowOfBundle(inSource);
    if (row === undefined) return;
    this.#count += 1;
    const dirname = path.posix.dirname(inSource);
    const folder = dirname === '.' ? '' : `${dirname}/`;
    const known = this.#folders.get(`${source}:${folder}`);
    if (known === undefined) this.#folders.set(`${source}:${folder}`, { source, folder, rows: [row] });
    else known.rows.push(row);
  }

  /** The gaps, folder by folder. */
  missing(): MissingRows[] {
    return [...this.#folders.values()].flatMap(({ source, folder, rows }) => {
      rows.sort((a, b) => a - b);
      return rows.flatMap((row, at): MissingRows[] => {
        const before = at === 0 ? row - 1 : rows[at - 1]!;
        return row > before + 1 ? [{ source, folder, from: before + 1, to: row - 1 }] : [];
      });
    });
  }
}
