import { createHash } from 'node:crypto';
import { TAGS } from '@quietproof/verify';
import type { StoredRecord } from './answer-store.ts';
import { SortedRuns } from './sorted-runs.ts';

/** Rows that are in memory at most while the index is made again. */
const MOST_ROWS = 1 << 17;

/**
 * Which place in the log the answer with a receipt has, for all answers ever, and which answers randomness of the caller has
 * decided about. A row holds 8 bytes of the answer's leaf, which is in the log anyway: nobody can tell from it anything about
 * an answer, so it stays when the answer is erased, and tells that there was one.
 *
 * All of it follows from the records and the log. What came since the last run was written is in memory.
 */
export class AnswerIndex {
  readonly #runs: SortedRuns;
  readonly #noted = new Map<bigint, bigint>();

  private constructor(runs: SortedRuns) {
    this.#runs = runs;
  }

  /** @throws QP8001–QP8008 */
  static async open(folder: string): Promise<AnswerIndex> {
    return new AnswerIndex(await SortedRuns.open(folder));
  }

  /** Everything of earlier positions is on disk, and everything of this one that was in files which were closed then. */
  get end(): number {
    return this.#runs.mark;
  }

  /** Rows in memory, and files. */
  get size(): { readonly rows: number; readonly files: number } {
    return { rows: this.#noted.size, files: this.#runs.files };
  }

  note(record: StoredRecord, position: number): void {
    if (position < this.end) return;
    if (record.kind === 'sealed') {
      const leaf = createHash('sha256').update(TAGS.leafV2).update(Buffer.from(record.receiptId, 'hex'));
      this.#noted.set(keyOf(leaf.digest()), BigInt(record.index));
    } else if (record.kind === 'revealed') {
      this.#noted.set(revealedKey(record.answer), BigInt(record.drawn));
    }
  }

  /** Notes an entry of the log. @param leaf in hex. @throws QP8001–QP8008 */
  async noteLeaf(leaf: string, index: number): Promise<void> {
    if (index < this.end) return;
    this.#noted.set(keyOf(Buffer.from(leaf, 'hex')), BigInt(index));
    if (this.#noted.size >= MOST_ROWS) await this.flush(index + 1);
  }

  /** Writes what was noted, when the log has so many entries. @throws QP8001–QP8008; then it stays in memory */
  async flush(position: number): Promise<void> {
    const rows = Array.from(this.#noted, ([key, value]) => ({ key, value }));
    if (rows.length === 0) return;
    await this.#runs.add(rows, position);
    for (const { key } of rows) this.#noted.delete(key);
  }

  /** The place that the answer with a receipt has, if there ever was one. @throws DamagedRun */
  async indexOf(receiptId: string): Promise<number | undefined> {
    const leaf = createHash('sha256').update(TAGS.leafV2).update(Buffer.from(receiptId, 'hex'));
    const found = await this.#find(keyOf(leaf.digest()));
    return found === undefined ? undefined : Number(found);
  }

  /** @throws DamagedRun */
  async revealed(index: number): Promise<boolean | undefined> {
    const found = await this.#find(revealedKey(index));
    return found === undefined ? undefined : found === 1n;
  }

  async #find(key: bigint): Promise<bigint | undefined> {
    return this.#noted.get(key) ?? (await this.#runs.find(key));
  }

  async clear(): Promise<void> {
    await this.#runs.clear();
    this.#noted.clear();
  }

  close(): Promise<void> {
    return this.#runs.close();
  }
}

function keyOf(hash: Buffer): bigint {
  return hash.readBigUInt64BE();
}

function revealedKey(index: number): bigint {
  return keyOf(createHash('sha256').update(`revealed ${index}`).digest());
}
