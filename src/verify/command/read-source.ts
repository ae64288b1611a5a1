import fs, { constants, type Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { MAX_RECEIPT, Refusal } from '../index.ts';
import { UsageError } from './usage-error.ts';

// A descriptor and not a FileHandle, because a socket that reads a pipe takes over its descriptor.
const open = promisify(fs.open);
const fstat = promisify(fs.fstat);
const read = promisify(fs.read);
const close = promisify(fs.close);

/** One byte more than any file a verifier accepts is enough for it to be refused. */
const MOST = MAX_RECEIPT + 1;
const CHUNK = 1 << 16;
const MIN_CHUNK = 1 << 12;

/** Without O_NONBLOCK, opening a named pipe waits for a writer in a thread that nothing can interrupt. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const STDIN = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);
let stdinWasRead = false;

/** Whether a path that a user named stands for the standard input. */
export function isStdin(path: string): boolean {
  return STDIN.has(path);
}

/**
 * Reads what a user named: a file, or a stream (the standard input, a pipe, a shell's `<(…)`) to its end. The limit is
 * on the bytes that are read, because the size of a stream is 0 to the system.
 *
 * @returns at most one byte more than the largest file that a verifier accepts
 * @throws UsageError for the standard input a second time; the error of the system
 */
export async function readNamed(path: string): Promise<Uint8Array> {
  if (isStdin(path)) return readStdin();
  const fd = await open(path, FLAGS);
  const stats = await fstat(fd);
  if (stats.isFIFO()) {
    const { Socket } = await import('node:net');
    return readStream(new Socket({ fd, readable: true, writable: false }));
  }
  return readAndClose(fd, stats);
}

/**
 * Reads a file that was found in a folder: only a regular file, because nobody asked for anything else.
 *
 * @returns at most one byte more than the largest file that a verifier accepts, or why it was not read
 * @throws the error of the system where it says nothing about the file, e.g. EMFILE
 */
export async function readFound(path: string): Promise<Uint8Array | Refusal> {
  // One file after the other: in a thread that does nothing else, waiting for each is half the time.
  if (!isMainThread) return readFoundNow(path);
  try {
    const fd = await open(path, FLAGS);
    const stats = await fstat(fd);
    const kind = kindOf(stats);
    if (kind === undefined) return await readAndClose(fd, stats);
    await close(fd);
    return notRegular(path, kind);
  } catch (error) {
    return unreadable(path, error);
  }
}

function readFoundNow(path: string): Uint8Array | Refusal {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, FLAGS);
    const stats = fs.fstatSync(fd);
    const kind = kindOf(stats);
    return kind === undefined ? readAll(fd, stats) : notRegular(path, kind);
  } catch (error) {
    return unreadable(path, error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** @param kind e.g. "a named pipe" */
export function notRegular(path: string, kind: string): Refusal {
  return new Refusal('QP7013', { where: `${path}: ${kind}` });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOTDIR: 'part of its path is no folder',
  EISDIR: 'it is a folder',
  // What opening a socket gives.
  ENXIO: 'it is a socket or has no device',
  EIO: 'the disk or the network share failed',
};

/** Why a file was not read. @throws the error itself if it says nothing about the file */
export function unreadable(path: string, error: unknown): Refusal {
  const { code } = error as NodeJS.ErrnoException;
  const why = code !== undefined && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (why === undefined) throw error;
  return new Refusal('QP7014', { where: `${path}: ${why}` });
}

/** What something is that is not a regular file; undefined for one. */
export function kindOf(
  entry: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket'>,
): string | undefined {
  if (entry.isFile()) return undefined;
  if (entry.isDirectory()) return 'a folder';
  if (entry.isFIFO()) return 'a named pipe';
  return entry.isSocket() ? 'a socket' : 'a device';
}

async function readStdin(): Promise<Uint8Array> {
  if (stdinWasRead) {
    throw new UsageError('QP1001', { what: 'The standard input can be read only once', fix: 'Name it once' });
  }
  stdinWasRead = true;
  return readStream(process.stdin);
}

async function readStream(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST);
}

/** @param stats its size is only a hint */
async function readAndClose(fd: number, { size: hint }: Stats): Promise<Uint8Array> {
  try {
    const content = new FileChunks(hint);
    for (let chunk = content.next(); chunk !== undefined; chunk = content.next()) {
      const { bytesRead } = await read(fd, chunk, 0, chunk.length, null);
      content.took(chunk, bytesRead);
    }
    return content.whole;
  } finally {
    await close(fd);
  }
}

/** @param stats its size is only a hint */
function readAll(fd: number, { size: hint }: Stats): Uint8Array {
  const content = new FileChunks(hint);
  for (let chunk = content.next(); chunk !== undefined; chunk = content.next()) {
    content.took(chunk, fs.readSync(fd, chunk, 0, chunk.length, null));
  }
  return content.whole;
}

/** What was read of a file of unknown size, up to MOST bytes. */
class FileChunks {
  readonly #hint: number;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;

  constructor(hint: number) {
    this.#hint = hint;
  }

  /** Where to read next; undefined at the end. */
  next(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#ended || this.#size >= MOST) return undefined;
    const wanted = this.#size === 0 ? Math.max(this.#hint + 1, MIN_CHUNK) : CHUNK;
    return new Uint8Array(Math.min(wanted, MOST - this.#size));
  }

  /** @param bytes 0 at the end of the file */
  took(chunk: Uint8Array, bytes: number): void {
    this.#ended = bytes === 0;
    if (this.#ended) return;
    this.#chunks.push(chunk.subarray(0, bytes));
    this.#size += bytes;
  }

  get whole(): Uint8Array {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
  }
}
