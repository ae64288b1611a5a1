import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkedLine, readCheckedLine } from '../../../store/checked-lines.ts';
import { writeDurably } from '../../../store/durable-file.ts';

const FILE = 'settled';

/** Number of the first record of a series that may be work. 0 where nothing can be read: then more is replayed than need be. */
export async function readSettled(folder: string): Promise<number> {
  const content = await readFile(path.join(folder, FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return Buffer.alloc(0);
  });
  const first = readCheckedLine(content.subarray(0, -1));
  return Number.isSafeInteger(first) ? (first as number) : 0;
}

/** @throws QP8001–QP8008 */
export async function writeSettled(folder: string, first: number): Promise<void> {
  await writeDurably(path.join(folder, FILE), checkedLine(first), 0o600);
}
