import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Checkpoint,
  checkCheckpoint,
  checkSignatures,
  EMPTY_ROOT,
  equal,
  isConsistent,
  type NoteKey,
  Refusal,
  readCheckpoint,
} from '@quietproof/verify/log';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { makeFolder, writeDurably } from '../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import type { NoteSigner } from './note-signer.ts';
import { readWitnessRequest, SIZE_TYPE } from './witness-request.ts';

export interface WitnessOptions {
  /** With a key for cosignatures that signs nothing else. */
  readonly signer: NoteSigner;
  /** Keys of the logs that it watches, by origin. */
  readonly logs: ReadonlyMap<string, readonly NoteKey[]>;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** What a witness answers to `add-checkpoint`. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType?: string;
  readonly body: string;
}

/** The last checkpoint that a witness cosigned of a log. */
interface Seen {
  readonly checkpoint: Checkpoint;
  readonly time: number;
}

/**
 * A witness of logs (C2SP tlog-witness): it cosigns a checkpoint only if the tree of the one before is its beginning, so
 * that nobody can show two histories of a log to those who ask for its signature. Of a log that it sees for the first
 * time, it believes the first checkpoint.
 */
export class Witness {
  readonly #folder: string;
  readonly #options: WitnessOptions;
  readonly #lock: FolderLock;
  /** By origin: comparing and writing are one step. */
  readonly #turns = new Map<string, Promise<unknown>>();

  private constructor(folder: string, options: WitnessOptions, lock: FolderLock) {
    this.#folder = folder;
    this.#options = options;
    this.#lock = lock;
  }

  /**
   * @param folder holds the last checkpoint of each log, and is made if it is missing
   * @throws QP6206 if another process has it; QP8001–QP8008
   */
  static async open(folder: string, options: WitnessOptions): Promise<Witness> {
    if (options.signer.key.kind !== 'cosignature') throw new TypeError('the key is none for cosignatures');
    await makeFolder(folder);
    return new Witness(folder, options, await lockFolder(folder, { purpose: 'change' }));
  }

  /**
   * Answers a request. What it cosigns is on disk before.
   *
   * @throws QP6411 if the file with the last checkpoint is damaged; QP8001–QP8008
   */
  async addCheckpoint(body: string): Promise<WitnessAnswer> {
    const request = readWitnessRequest(body);
    if (request === undefined) return { status: 400, body: 'no request\n' };
    const { older, path: proof, checkpoint: text } = request;
    const checkpoint = readOrRefuse(() => readCheckpoint(text));
    if (checkpoint === undefined) return { status: 400, body: 'no checkpoint\n' };
    const { origin } = checkpoint;
    const keys = this.#options.logs.get(origin);
    if (keys === undefined) return { status: 404, body: 'unknown log\n' };
    if (readOrRefuse(() => checkCheckpoint(text, { origin, keys, witnesses: [] })) === undefined) {
      return { status: 403, body: 'not signed by the log\n' };
    }
    if (older > checkpoint.size) return { status: 400, body: 'the old size is larger\n' };
    return this.#inTurn(origin, async () => {
      const seen = await this.#seen(origin);
      const last = seen?.checkpoint ?? { size: 0, root: EMPTY_ROOT };
      const isFork = last.size > 0 && checkpoint.size === last.size && !equal(checkpoint.root, last.root);
      if (older === last.size && !isFork) {
        if (isConsistent(last, checkpoint, proof)) return this.#cosign(checkpoint, seen);
        return { status: 422, body: 'not consistent\n' };
      }
      return { status: 409, contentType: SIZE_TYPE, body: `${last.size}\n` };
    });
  }

  async #cosign({ origin, note }: Checkpoint, seen: Seen | undefined): Promise<WitnessAnswer> {
    const { signer, now = () => Math.floor(Date.now() / 1000) } = this.#options;
    // A clock that was set back does not take back what was said at a later time.
    const line = signer.signatureLine(note.text, Math.max(now(), seen?.time ?? 0));
    await writeDurably(this.#fileOf(origin), `${note.text}\n${line}`);
    return { status: 200, body: line };
  }

  async #seen(origin: string): Promise<Seen | undefined> {
    const file = this.#fileOf(origin);
    const damaged = (cause?: unknown) => new QuietproofError('QP6411', { where: file, cause });
    try {
      const checkpoint = readCheckpoint(await readFile(file, 'utf8'));
      const [own] = checkSignatures(checkpoint.note, [this.#options.signer.key]);
      if (own?.time === undefined || checkpoint.origin !== origin) throw damaged();
      return { checkpoint, time: own.time };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error instanceof Refusal ? damaged(error) : error;
    }
  }

  #fileOf(origin: string): string {
    return path.join(this.#folder, createHash('sha256').update(origin).digest('hex'));
  }

  #inTurn<T>(origin: string, body: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(origin) ?? Promise.resolve()).then(body);
    this.#turns.set(
      origin,
      turn.catch(() => {}),
    );
    return turn;
  }

  /** Waits for what is being cosigned, and lets other processes have the folder. */
  async close(): Promise<void> {
    await Promise.all(this.#turns.values());
    this.#lock.release();
  }
}

function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
