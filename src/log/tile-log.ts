import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  checkCheckpoint,
  checkpointText,
  equal,
  HASH_BYTES,
  type Hash,
  type LogProof,
  leafHash,
  MAX_ENTRY,
  type ReadTile,
  readCheckpoint,
  readEntryBundle,
  TILE_WIDTH,
  TileTree,
  tilePath,
  tileWidth,
} from '@quietproof/verify/log';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { makeFolder, writeDurably } from '../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { writeTogether } from '../store/write-together.ts';
import type { LogTree } from './log-tree.ts';
import type { NoteSigner } from './note-signer.ts';
import { RightEdge } from './right-edge.ts';

export interface TileLogOptions {
  /** Names the log: its public address without the scheme, e.g. `log.example.com/credit`. */
  readonly origin: string;
  readonly signer: NoteSigner;
}

const CHECKPOINT = 'checkpoint';

/**
 * A transparency log as static files (C2SP tlog-tiles), with one writer. Any web server can serve the folder.
 *
 * A checkpoint is signed and published only when all tiles and entries that it covers are on disk, and the next tree
 * always begins with the published one; so after `kill -9` or a power failure the log continues from the last checkpoint.
 * Tiles of a larger tree may then be there already: nothing refers to them, and they are written again.
 *
 * The caller makes entries durable elsewhere before it appends them, and appends those that the checkpoint does not cover
 * again, in the same order, after a crash: a reader may have seen a checkpoint that a power failure took back.
 */
export class TileLog {
  readonly #folder: string;
  readonly #options: TileLogOptions;
  readonly #lock: FolderLock;
  #edge: RightEdge;
  #checkpoint: string;
  #appending: Promise<unknown> = Promise.resolve();
  #failed = false;

  private constructor(
    folder: string,
    options: TileLogOptions,
    lock: FolderLock,
    edge: RightEdge,
    checkpoint: string,
  ) {
    this.#folder = folder;
    this.#options = options;
    this.#lock = lock;
    this.#edge = edge;
    this.#checkpoint = checkpoint;
  }

  /**
   * Opens a log for writing, and creates it, with a checkpoint of no entries, if the folder has none.
   *
   * @throws QP6206 if another process has it; QP6401 if its checkpoint is not of this origin and key; QP6402 if its tiles
   *   do not lead to its checkpoint; QP8001–QP8008
   */
  static async open(folder: string, options: TileLogOptions): Promise<TileLog> {
    await makeFolder(folder);
    const lock = await lockFolder(folder, { purpose: 'change' });
    try {
      const found = await readIfThere(path.join(folder, CHECKPOINT));
      if (found !== undefined) {
        const text = new TextDecoder().decode(found);
        return new TileLog(folder, options, lock, await readEdge(folder, text, options), text);
      }
      const log = new TileLog(folder, options, lock, new RightEdge(), '');
      await log.append([]);
      return log;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Number of entries of the last checkpoint. */
  get size(): number {
    return this.#edge.size;
  }

  /** As published: signed by the log. */
  get checkpoint(): string {
    return this.#checkpoint;
  }

  /** As others see it who sign it. */
  get tree(): LogTree {
    return this.#treeOf(this.size, this.#checkpoint);
  }

  #treeOf(size: number, checkpoint: string): LogTree {
    const tiles = () => new TileTree(size, readingFiles(this.#folder));
    return { size, checkpoint, consistencyPath: async (older) => tiles().consistencyPath(older) };
  }

  /**
   * Appends entries and publishes a checkpoint that covers them. Calls are carried out one after another.
   *
   * @param entries of at most 65,535 bytes each
   * @param cosign gives the tree's checkpoint with more signatures, before it is published; the files of the tree are on disk
   * @returns the checkpoint
   * @throws QP6403 for a longer entry; QP8001–QP8008 if something cannot be written, and QP6404 for every call after that:
   *   the checkpoint on disk may be either one, which `open` finds out
   */
  append(entries: readonly Uint8Array[], cosign?: (tree: LogTree) => Promise<string>): Promise<string> {
    const appended = this.#appending.then(() => this.#append(entries, cosign));
    this.#appending = appended.catch(() => {});
    return appended;
  }

  async #append(
    entries: readonly Uint8Array[],
    cosign: (tree: LogTree) => Promise<string> = async ({ checkpoint }) => checkpoint,
  ): Promise<string> {
    if (entries.some(({ length }) => length > MAX_ENTRY)) throw new QuietproofError('QP6403', {});
    if (this.#failed) throw new QuietproofError('QP6404', { where: this.#folder });
    this.#failed = true;
    const edge = this.#edge.copy();
    const files = edge.append(entries);
    await writeTogether(
      new Map(Array.from(files, ([name, content]) => [path.join(this.#folder, name), content])),
    );
    const { origin, signer } = this.#options;
    const text = checkpointText(origin, { size: edge.size, root: await edge.root() });
    const signed = `${text}\n${signer.signatureLine(text)}`;
    const checkpoint = await cosign(this.#treeOf(edge.size, signed));
    await writeDurably(path.join(this.#folder, CHECKPOINT), checkpoint);
    [this.#edge, this.#checkpoint] = [edge, checkpoint];
    this.#failed = false;
    await this.#removePartial(files);
    return checkpoint;
  }

  /** Removes what a full tile or bundle replaces; a reader of an older tree takes the beginning of the full one. */
  async #removePartial(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const full = [...files.keys()].filter((name) => !name.includes('.p/'));
    const remove = (name: string) =>
      rm(path.join(this.#folder, `${name}.p`), { recursive: true, force: true });
    await Promise.all(full.map(remove)).catch(() => {});
  }

  /**
   * Publishes the last checkpoint with signatures of others, unless it has changed since.
   *
   * @param checkpoint as it was published
   * @param signed the same text with more signatures, which the caller has checked
   * @returns whether it is published
   * @throws QP8001–QP8008 if it cannot be written
   */
  publishSigned(checkpoint: string, signed: string): Promise<boolean> {
    if (readCheckpoint(signed).note.text !== readCheckpoint(checkpoint).note.text) {
      throw new TypeError('another checkpoint');
    }
    const published = this.#appending.then(async () => {
      if (this.#failed || this.#checkpoint !== checkpoint) return false;
      await writeDurably(path.join(this.#folder, CHECKPOINT), signed);
      this.#checkpoint = signed;
      return true;
    });
    this.#appending = published.catch(() => {});
    return published;
  }

  /**
   * A proof that the log has its `index`-th entry.
   *
   * @param checkpoint of this log, with whatever signatures; default: the last one
   */
  async proofOf(index: number, checkpoint = this.#checkpoint): Promise<LogProof> {
    const { size } = readCheckpoint(checkpoint);
    if (size > this.size) throw new RangeError(`no size ${size}`);
    if (!(Number.isInteger(index) && index >= 0 && index < size)) throw new RangeError(`no entry ${index}`);
    const hashes = await new TileTree(size, readingFiles(this.#folder)).inclusionPath(index);
    return { index, path: hashes, checkpoint };
  }

  /** Shows that the log of `older` entries is the beginning of the log of `newer`; default: of the last checkpoint. */
  async consistencyPath(older: number, newer = this.size): Promise<Hash[]> {
    for (const size of [older, newer]) {
      if (!(Number.isInteger(size) && size >= 0 && size <= this.size))
        throw new RangeError(`no size ${size}`);
    }
    if (older > newer) throw new RangeError(`${older} is above ${newer}`);
    return new TileTree(newer, readingFiles(this.#folder)).consistencyPath(older);
  }

  /** Waits for what is being appended, and lets other processes have the log: nothing is written after that. */
  async close(): Promise<void> {
    await this.#appending;
    this.#failed = true;
    this.#lock.release();
  }
}

/** Reads what appending needs, and checks that it leads to the checkpoint. */
async function readEdge(folder: string, text: string, options: TileLogOptions): Promise<RightEdge> {
  const { origin, signer } = options;
  const { size, root } = await ownCheckpoint(text, { origin, keys: [signer.key], witnesses: [] }, folder);
  const read = readingFiles(folder);
  const damaged = (cause?: unknown) => new QuietproofError('QP6402', { where: folder, cause });
  try {
    const levels: Uint8Array[] = [];
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, index, size);
      levels.push(width === 0 ? new Uint8Array() : await read({ level, index, width }));
    }
    const [index, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
    const bundle = width === 0 ? new Uint8Array() : await read({ level: 'entries', index, width });
    const edge = new RightEdge(size, levels, bundle);
    const leaves = Buffer.concat(readEntryBundle(bundle, width).map(leafHash));
    if (!equal(await edge.root(), root) || !equal(leaves, levels[0] ?? leaves)) throw damaged();
    return edge;
  } catch (error) {
    throw error instanceof QuietproofError ? error : damaged(error);
  }
}

async function ownCheckpoint(text: string, policy: Parameters<typeof checkCheckpoint>[1], folder: string) {
  try {
    return checkCheckpoint(text, policy);
  } catch (cause) {
    throw new QuietproofError('QP6401', { where: path.join(folder, CHECKPOINT), cause });
  }
}

/** Reads tiles; of one that has been filled since, its beginning. */
function readingFiles(folder: string): ReadTile {
  return async (place) => {
    const own = await readIfThere(path.join(folder, tilePath(place)));
    if (own !== undefined) return own;
    const full = await readFile(path.join(folder, tilePath({ ...place, width: TILE_WIDTH })));
    return full.subarray(0, place.width * HASH_BYTES);
  };
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
