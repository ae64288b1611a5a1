import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { checkedLine, readCheckedLine } from '../../../store/checked-lines.ts';
import { writeStreamDurably } from '../../../store/durable-file.ts';

/** 64 bits each. */
export interface Row {
  readonly key: bigint;
  readonly value: bigint;
}

/** Which part of a sequence a run holds. */
export interface RunSpan {
  /** Numbers of the first part in it, and of the first behind it. */
  readonly from: number;
  readonly to: number;
  /** Says to whom writes it what is in runs up to here. */
  readonly mark: number;
  readonly rows: number;
}

const VERSION = 'quietproof/run/v1';
const PRIVATE = 0o600;
const PAGE = 4096;
const ROW = 16;
/** That are read together where all are. */
const PAGES_AT_ONCE = 64;
export const ROWS_PER_PAGE = 255;
/** Behind the rows: how many there are, and a checksum of all before it. */
const COUNT_AT = ROW * ROWS_PER_PAGE;
const CHECKSUM_AT = COUNT_AT + 2;
/** Near the place where evenly spread keys would be; from there on by bisection. */
const NEAR = 3;

/** A run cannot be read as it was written. What it says can be found out again from records and log. */
export class DamagedRun extends Error {}

/** Rows that ascend by their keys, in pages with checksums, so that few bytes are read and checked to find one. */
export class RunFile {
  readonly file: string;
  readonly span: RunSpan;

  private constructor(file: string, span: RunSpan) {
    [this.file, this.span] = [file, span];
  }

  /** @param pages each with rows, all but the last full. @throws QP8001–QP8008 */
  static async write(file: string, span: RunSpan, pages: AsyncIterable<readonly Row[]>): Promise<RunFile> {
    await writeStreamDurably(file, encoded(span, pages), PRIVATE);
    return new RunFile(file, span);
  }

  /** @returns undefined for a file that is not whole */
  static async open(file: string): Promise<RunFile | undefined> {
    const handle = await open(file);
    try {
      const header = await readPage(handle, 0);
      const span = readCheckedLine(header.subarray(0, header.indexOf('\n'))) as
        | (RunSpan & { readonly version: string })
        | undefined;
      if (span?.version !== VERSION) return undefined;
      const { size } = await handle.stat();
      return size === PAGE * (1 + pagesOf(span)) ? new RunFile(file, span) : undefined;
    } catch (error) {
      if (error instanceof DamagedRun) return undefined;
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** @throws DamagedRun */
  async find(key: bigint): Promise<bigint | undefined> {
    const handle = await open(this.file);
    try {
      let [low, high] = [0, pagesOf(this.span) - 1];
      let at = Number((key * BigInt(high + 1)) >> 64n);
      for (let looks = 1; low <= high; looks += 1) {
        const page = rowsIn(await readPage(handle, at + 1));
        if (key < page[0]!.key) high = at - 1;
        else if (key > page.at(-1)!.key) low = at + 1;
        else return page.find((row) => row.key === key)?.value;
        at = looks <= NEAR ? Math.min(high, Math.max(low, at)) : (low + high) >> 1;
      }
      return undefined;
    } finally {
      await handle.close();
    }
  }

  /** All rows, a page at a time. @throws DamagedRun */
  async *pages(): AsyncGenerator<readonly Row[]> {
    const handle = await open(this.file);
    try {
      const pages = pagesOf(this.span);
      for (let first = 0; first < pages; first += PAGES_AT_ONCE) {
        const count = Math.min(PAGES_AT_ONCE, pages - first);
        const bytes = Buffer.alloc(count * PAGE);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, (first + 1) * PAGE);
        if (bytesRead !== bytes.length) throw new DamagedRun();
        for (let at = 0; at < bytes.length; at += PAGE) yield rowsIn(bytes.subarray(at, at + PAGE));
      }
    } finally {
      await handle.close();
    }
  }
}

function pagesOf({ rows }: RunSpan): number {
  return Math.ceil(rows / ROWS_PER_PAGE);
}

async function* encoded(span: RunSpan, pages: AsyncIterable<readonly Row[]>): AsyncGenerator<Buffer> {
  const header = Buffer.alloc(PAGE);
  header.write(checkedLine({ version: VERSION, ...span }));
  yield header;
  for await (const rows of pages) {
    const page = Buffer.alloc(PAGE);
    for (const [i, { key, value }] of rows.entries()) {
      page.writeBigUInt64BE(key, i * ROW);
      page.writeBigUInt64BE(value, i * ROW + 8);
    }
    page.writeUInt16BE(rows.length, COUNT_AT);
    page.writeUInt32BE(crc32(page.subarray(0, CHECKSUM_AT)), CHECKSUM_AT);
    yield page;
  }
}

async function readPage(handle: FileHandle, at: number): Promise<Buffer> {
  const page = Buffer.alloc(PAGE);
  const { bytesRead } = await handle.read(page, 0, PAGE, at * PAGE);
  if (bytesRead !== PAGE) throw new DamagedRun();
  return page;
}

function rowsIn(page: Buffer): Row[] {
  const count = page.readUInt16BE(COUNT_AT);
  const isWhole = page.readUInt32BE(CHECKSUM_AT) === crc32(page.subarray(0, CHECKSUM_AT));
  if (!isWhole || count === 0 || count > ROWS_PER_PAGE) throw new DamagedRun();
  return Array.from({ length: count }, (_, i) => ({
    key: page.readBigUInt64BE(i * ROW),
    value: page.readBigUInt64BE(i * ROW + 8),
  }));
}
