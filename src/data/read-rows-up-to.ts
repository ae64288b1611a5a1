import { type FileHandle, open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { DataSet, RowSpec } from './data-set.ts';
import { decodeText, formatOf, MAX_BYTES, readRows } from './read-rows.ts';

/** Of a smaller file, all is read. */
const FIRST_BYTES = 2 ** 20;
const NEW_LINE = 10;

/**
 * `readRows` for somebody who needs the rows up to `last` only, counted from 0: of a large CSV file no more than twice as
 * much is read as they take, and nothing after them is judged. Other formats are read whole.
 *
 * @throws as `readRows` does
 */
export async function readRowsUpTo(
  file: string,
  spec: RowSpec,
  last: number | undefined,
): Promise<Omit<DataSet, 'sha256'>> {
  const found = last === undefined || !isCsv(file) ? undefined : await readBeginning(file, spec, last);
  return found ?? readRows(file, spec);
}

const isCsv = (file: string) => extname(file).toLowerCase() === '.csv';

/** @returns undefined where that takes the whole file, or `readRows` knows better what is wrong with it */
async function readBeginning(
  file: string,
  spec: RowSpec,
  last: number,
): Promise<Omit<DataSet, 'sha256'> | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const info = await handle.stat();
    if (!info.isFile()) return undefined;
    const source = basename(file);
    const { readFirstCsvRows } = await import('./csv-rows.ts');
    for (let bytes = FIRST_BYTES; bytes < Math.min(info.size, MAX_BYTES); bytes *= 2) {
      const lines = await wholeLines(handle, bytes);
      if (formatOf(lines, source) !== 'csv') return undefined;
      const parsed = readFirstCsvRows(decodeText(lines, source), spec, source, last + 1);
      if (parsed !== undefined) return { ...parsed, source };
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

/** The lines that end within the first bytes of a file. */
async function wholeLines(handle: FileHandle, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, buffer.lastIndexOf(NEW_LINE, bytesRead - 1) + 1);
}
