import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { TAGS } from '@quietproof/verify';
import { syncFolder, writeError } from '../../../store/durable-file.ts';

const BYTES = 8;

/**
 * Which receipts were given for answers that are erased: 8 bytes of each one's leaf, which is in the log anyway. Nobody
 * can tell from them anything about an answer.
 */
export class ErasedReceipts {
  readonly #handle: FileHandle;
  /** Sorted. */
  #known: BigUint64Array;
  #size: number;

  private constructor(handle: FileHandle, known: BigUint64Array, size: number) {
    [this.#handle, this.#known, this.#size] = [handle, known, size];
  }

  /** @throws QP8001–QP8008 */
  static async open(file: string): Promise<ErasedReceipts> {
    try {
      const handle = await open(file, 'a+', 0o600);
      await syncFolder(path.dirname(file));
      const content = await readFile(file);
      // A torn end is written again: its answers are not erased yet.
      const count = Math.floor(content.length / BYTES);
      const known = BigUint64Array.from({ length: count }, (_, i) => content.readBigUInt64BE(i * BYTES));
      await handle.truncate(count * BYTES);
      return new ErasedReceipts(handle, known.sort(), count * BYTES);
    } catch (error) {
      throw writeError(error, file);
    }
  }

  /** Durably. @throws system errors */
  async add(receiptIds: readonly string[]): Promise<void> {
    const added = receiptIds.map(prefixOf).filter((prefix) => !this.#has(prefix));
    const bytes = Buffer.alloc(added.length * BYTES);
    for (const [i, prefix] of added.entries()) bytes.writeBigUInt64BE(prefix, i * BYTES);
    await this.#handle.truncate(this.#size);
    await this.#handle.appendFile(bytes);
    await this.#handle.datasync();
    this.#size += bytes.length;
    const all = new BigUint64Array(this.#known.length + added.length);
    all.set(this.#known);
    all.set(added, this.#known.length);
    this.#known = all.sort();
  }

  has(receiptId: string): boolean {
    return this.#has(prefixOf(receiptId));
  }

  #has(prefix: bigint): boolean {
    let [low, high] = [0, this.#known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#known[middle]! < prefix) low = middle + 1;
      else high = middle;
    }
    return this.#known[low] === prefix;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function prefixOf(receiptId: string): bigint {
  const leaf = createHash('sha256').update(TAGS.leafV2).update(Buffer.from(receiptId, 'hex')).digest();
  return leaf.readBigUInt64BE();
}
