import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ExpectedSource } from '../findings/findings-types.ts';
import { sha256OfFile } from '../sources/sha256-of-file.ts';
import { CustomerCopies } from './customer-copies.ts';
import { ExpectedRows } from './expected-rows.ts';
import { readList } from './read-list.ts';
import { answersIn, WATCH_FILE } from './read-watch-copy.ts';

/** What others than the provider say that there was. */
export interface Expected {
  readonly sources: readonly ExpectedSource[];
  readonly rows: ExpectedRows;
  /** Missing where no copy of a watch is given. */
  readonly copies?: CustomerCopies;
}

/**
 * Reads lists of what is to be there: CSVs, and copies that the watches of customers keep, as folders or their
 * `records.jsonl`.
 *
 * @throws QP6601; the error of the system
 */
export async function readExpected(files: readonly string[]): Promise<Expected> {
  const [rows, copies] = [new ExpectedRows(), new CustomerCopies()];
  const sources: ExpectedSource[] = [];
  for (const [list, name] of files.entries()) {
    const isFolder = (await stat(name)).isDirectory();
    const file = isFolder ? path.join(name, WATCH_FILE) : name;
    sources.push(
      isFolder || (await isWatchCopy(file))
        ? await readCopy(file, { name, list }, rows, copies)
        : await readCsv(file, { name, list }, rows),
    );
  }
  return { sources, rows, ...(!copies.isEmpty && { copies }) };
}

interface Named {
  readonly name: string;
  readonly list: number;
}

async function readCsv(file: string, { name, list }: Named, rows: ExpectedRows): Promise<ExpectedSource> {
  const hash = createHash('sha256');
  const content = Readable.from(hashed(file, hash));
  const count = await readList(content, { list, where: name }, rows);
  return { name, kind: 'list', sha256: hash.digest('hex'), rows: count };
}

async function* hashed(file: string, hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
}

async function readCopy(
  file: string,
  { name, list }: Named,
  rows: ExpectedRows,
  copies: CustomerCopies,
): Promise<ExpectedSource> {
  let row = 0;
  copies.begin(file, name);
  for await (const answer of answersIn(file)) {
    row += 1;
    copies.add(answer);
    const { receiptId: record, proveBy } = answer;
    rows.add({ list, row, record, owedFrom: proveBy ?? Number.POSITIVE_INFINITY });
  }
  return { name, kind: 'watch', sha256: await sha256OfFile(file), rows: row };
}

/** By how its lines begin: with a checksum, and a list of JSON. */
async function isWatchCopy(file: string): Promise<boolean> {
  if (!(await stat(file)).isFile()) return false;
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(10), 0, 10, 0);
    return /^[0-9a-f]{8} \[$/.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}
