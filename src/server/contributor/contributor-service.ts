import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Phase1 } from '@quietproof/verify';
import {
  PROTOCOL,
  ROUND_ID,
  type RoundPart,
  type RoundRequest,
  type RoundStatus,
  type ServiceInfo,
} from '../../ceremony/rounds/round-types.ts';
import { sha256 } from '../../data/sha256.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { signStatement } from '../../sign/sign-statement.ts';
import type { SigningKey } from '../../sign/signing-key.ts';
import { removeTemporaries, writeDurably } from '../../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../../store/folder-lock.ts';
import { ContributionRecord } from './contribution-record.ts';
import { receiveFile } from './receive-file.ts';
import { isWhole, type Round, roundName, statusOf } from './round.ts';
import { RoundFolder, type RoundOutcome, type RoundRecord } from './round-folder.ts';
import { workOnRound } from './work-on-round.ts';

export interface ServiceOptions {
  /** Public name that contributions bear. */
  readonly name: string;
  readonly key: SigningKey;
  /** Phase-1 files with their digests. */
  readonly phase1: readonly (Phase1 & { readonly file: string })[];
  /** Of each file of a round. */
  readonly maxBytes: number;
  /** Rounds of one producer that are neither done nor failed. */
  readonly maxOpen: number;
  /** How long results are kept, and rounds that were begun, in seconds. */
  readonly keep: number;
  /** Seconds since 1970. */
  readonly now?: () => number;
  readonly onEvent?: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * Takes rounds of ceremonies from producers, one at a time, and keeps what it has done.
 *
 * A round is worked on once: the same request gets the same contribution, as often as it is sent. What was made is served
 * only after it, its statement and the entry of the record are on disk. A crash before that loses the secret with
 * everything that it has touched, none of which anybody has seen; the round is then worked on again.
 */
export class ContributorService {
  readonly #folder: string;
  readonly #options: ServiceOptions;
  readonly #lock: FolderLock;
  readonly #record: ContributionRecord;
  readonly #rounds = new Map<string, Round>();
  readonly #queue: Round[] = [];
  readonly #now: () => number;
  readonly #closing = new AbortController();
  #working: Promise<void> = Promise.resolve();
  #busy = false;

  private constructor(folder: string, options: ServiceOptions, lock: FolderLock, record: ContributionRecord) {
    this.#folder = folder;
    this.#options = options;
    this.#lock = lock;
    this.#record = record;
    this.#now = options.now ?? (() => Math.floor(Date.now() / 1000));
  }

  /**
   * Opens the folder of a service, and goes on with what was not done.
   *
   * @throws QuietproofError QP6206 (another process has it), QP6513 (its record is damaged), QP8001–QP8008
   */
  static async open(folder: string, options: ServiceOptions): Promise<ContributorService> {
    await mkdir(path.join(folder, 'rounds'), { recursive: true, mode: 0o700 });
    const lock = await lockFolder(folder, { purpose: 'change' });
    try {
      const record = await ContributionRecord.open(path.join(folder, 'record'));
      const service = new ContributorService(folder, options, lock, record);
      await service.#load();
      return service;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get info(): ServiceInfo {
    const { name, key, phase1, maxBytes } = this.#options;
    return {
      version: PROTOCOL,
      name,
      keyId: key.id,
      key: key.public,
      phase1: phase1.map((one) => ({ blake2b: one.blake2b, name: one.name })),
      maxBytes,
    };
  }

  /** @throws QuietproofError QP6505–QP6510; system errors if its folder cannot be made, and it is as if nobody had asked */
  async announce(
    id: string,
    request: RoundRequest,
    by: { readonly producer: string; readonly keyId: string },
  ): Promise<RoundStatus> {
    if (!ROUND_ID.test(id))
      throw new QuietproofError('QP6505', { what: 'A round has an id of 32 hex digits' });
    const name = roundName(by.keyId, id);
    const known = this.#rounds.get(name);
    if (known !== undefined) {
      if (JSON.stringify(known.record.request) !== JSON.stringify(request))
        throw new QuietproofError('QP6508');
      await known.created;
      return this.#statusOf(known);
    }
    this.#requireAcceptable(request, by.keyId);
    const record = { id, producer: by.producer, keyId: by.keyId, request, announced: this.#now() };
    const round = this.#roundOf(record);
    this.#rounds.set(name, round);
    round.created = round.files.create(record);
    try {
      await round.created;
    } catch (error) {
      this.#rounds.delete(name);
      throw error;
    }
    return this.#statusOf(round);
  }

  /** @throws QuietproofError QP6504, QP6506, QP6508; the errors of the stream */
  async receive(
    id: string,
    keyId: string,
    part: RoundPart,
    digest: string,
    content: Readable,
  ): Promise<RoundStatus> {
    const round = this.#find(id, keyId);
    const expected = part === 'file' ? round.record.request.file : round.record.request.r1cs;
    if (expected === undefined) throw new QuietproofError('QP6506', { what: `The round has no ${part}` });
    if (digest !== expected.sha256) throw new QuietproofError('QP6508');
    if (round.state !== 'awaiting' || round.has.has(part)) {
      content.resume();
      return this.#statusOf(round);
    }
    if (round.receiving.has(part))
      throw new QuietproofError('QP6508', { what: 'The file is being received already' });
    round.receiving.add(part);
    try {
      const file = round.files.part(part, round.record.request.kind);
      await receiveFile(content, file, expected, this.#closing.signal);
      round.has.add(part);
    } finally {
      round.receiving.delete(part);
    }
    this.#enqueueIfWhole(round);
    return this.#statusOf(round);
  }

  /** @throws QuietproofError QP6506 */
  status(id: string, keyId: string): RoundStatus {
    return this.#statusOf(this.#find(id, keyId));
  }

  /** The path of a result. @throws QuietproofError QP6506, QP6511 */
  result(id: string, keyId: string, part: 'returned' | 'statement'): string {
    const round = this.#find(id, keyId);
    if (round.outcome?.state !== 'done' || round.state === 'gone') throw new QuietproofError('QP6511');
    return round.files.part(part, round.record.request.kind);
  }

  /** Deletes what was received and returned. @throws QuietproofError QP6506, QP6511 (it is being worked on) */
  async forget(id: string, keyId: string): Promise<RoundStatus> {
    const round = this.#find(id, keyId);
    if (round.state === 'working' || round.receiving.size > 0) throw new QuietproofError('QP6511');
    await this.#clear(round);
    return this.#statusOf(round);
  }

  /** Deletes what is older than it is to be kept. */
  async expire(): Promise<void> {
    const before = this.#now() - this.#options.keep;
    for (const round of this.#rounds.values()) {
      const since = round.outcome?.at ?? round.record.announced;
      const isIdle = round.state === 'ended' || (round.state === 'awaiting' && round.receiving.size === 0);
      if (isIdle && since < before) await this.#clear(round);
    }
  }

  /** Waits for the round that is being worked on. The others stay on disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
    this.#lock.release();
  }

  /** Resolves when nothing is queued. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #load(): Promise<void> {
    const root = path.join(this.#folder, 'rounds');
    const found: Round[] = [];
    for (const name of await readdir(root)) {
      const files = new RoundFolder(path.join(root, name));
      const record = await files.record();
      // A crash before its first file: nobody was told that it exists.
      if (record === undefined) continue;
      found.push(await this.#reload(record, files));
    }
    found.sort((one, other) => one.record.announced - other.record.announced);
    for (const round of found) {
      this.#rounds.set(roundName(round.record.keyId, round.record.id), round);
      this.#enqueueIfWhole(round);
    }
  }

  async #reload(record: RoundRecord, files: RoundFolder): Promise<Round> {
    await removeTemporaries(files.folder);
    const round = this.#roundOf(record);
    const { kind } = record.request;
    for (const part of ['file', 'r1cs'] as const) if (await files.has(part, kind)) round.has.add(part);
    const outcome = (await files.outcome()) ?? (await this.#recorded(record, files));
    if (await files.isGone()) {
      await files.clear(kind);
      round.state = 'gone';
    } else if (outcome !== undefined) round.state = 'ended';
    if (outcome !== undefined) round.outcome = outcome;
    return round;
  }

  /** What ended between the entry of the record and its own last file. */
  async #recorded(
    { keyId, id, request }: RoundRecord,
    files: RoundFolder,
  ): Promise<RoundOutcome | undefined> {
    if (!this.#record.has(roundName(keyId, id)) || (await files.isGone())) return undefined;
    return this.#end(files, await readFile(files.part('returned', request.kind)));
  }

  async #end(files: RoundFolder, returned: Uint8Array): Promise<RoundOutcome> {
    const digest = { sha256: sha256(returned), bytes: returned.length };
    const outcome = { state: 'done', ...digest, at: this.#now() } as const;
    await files.end(outcome);
    return outcome;
  }

  #roundOf(record: RoundRecord): Round {
    const folder = path.join(this.#folder, 'rounds', roundName(record.keyId, record.id));
    const files = new RoundFolder(folder);
    const created = Promise.resolve();
    return { record, files, has: new Set(), receiving: new Set(), created, state: 'awaiting' };
  }

  #requireAcceptable({ file, r1cs, phase1 }: RoundRequest, keyId: string): void {
    const { maxBytes, maxOpen } = this.#options;
    for (const one of [file, r1cs]) {
      if (one === undefined || one.bytes <= maxBytes) continue;
      throw new QuietproofError('QP6509', {
        what: `The file has ${one.bytes} bytes; the service takes ${maxBytes}`,
      });
    }
    if (phase1 !== undefined && this.#ptau(phase1) === undefined) throw new QuietproofError('QP6507');
    const open = [...this.#rounds.values()].filter(
      ({ record, state }) => record.keyId === keyId && state !== 'ended' && state !== 'gone',
    );
    if (open.length >= maxOpen) throw new QuietproofError('QP6510');
  }

  #ptau(blake2b: string): string | undefined {
    return this.#options.phase1.find((one) => one.blake2b === blake2b)?.file;
  }

  #find(id: string, keyId: string): Round {
    const round = this.#rounds.get(roundName(keyId, id));
    if (round === undefined) throw new QuietproofError('QP6506');
    return round;
  }

  #statusOf(round: Round): RoundStatus {
    return statusOf(round, this.#queue.indexOf(round) + 1);
  }

  #enqueueIfWhole(round: Round): void {
    if (!isWhole(round)) return;
    round.state = 'queued';
    this.#queue.push(round);
    if (!this.#busy) this.#working = this.#workThroughQueue();
  }

  async #workThroughQueue(): Promise<void> {
    this.#busy = true;
    for (;;) {
      const round = this.#closing.signal.aborted ? undefined : this.#queue.shift();
      if (round === undefined) break;
      round.state = 'working';
      await this.#work(round).catch((error: unknown) => this.#failed(round, error));
    }
    this.#busy = false;
  }

  async #work(round: Round): Promise<void> {
    const { record, files } = round;
    const { request } = record;
    const ptau = request.phase1 === undefined ? undefined : this.#ptau(request.phase1);
    if (request.phase1 !== undefined && ptau === undefined) throw new QuietproofError('QP6507');
    const read = (part: RoundPart) => readFile(files.part(part, request.kind));
    const work = {
      request,
      file: await read('file'),
      ...(request.r1cs !== undefined && { r1cs: await read('r1cs') }),
      ...(ptau !== undefined && { ptau }),
    };
    const { name, key } = this.#options;
    const { returned, statement } = await workOnRound(work, name, key);
    const envelope = signStatement(statement, key);
    await writeDurably(files.part('returned', request.kind), returned, 0o600);
    await writeDurably(files.part('statement', request.kind), envelope, 0o600);
    const id = roundName(record.keyId, record.id);
    const { producer, keyId } = record;
    await this.#record.add({ round: id, producer, keyId, statement: JSON.parse(envelope) });
    round.outcome = await this.#end(files, returned);
    round.state = 'ended';
    this.#options.onEvent?.('contributed', { round: record.id, producer, kind: request.kind });
  }

  /** What is wrong with the request ends the round. After what is wrong here, the next start works on it again. */
  async #failed(round: Round, error: unknown): Promise<void> {
    const { record, files } = round;
    this.#options.onEvent?.('failed', { round: record.id, producer: record.producer, error: String(error) });
    const isRequest = error instanceof QuietproofError && error.code.startsWith('QP5');
    const { code, what } = isRequest ? error : new QuietproofError('QP6514');
    round.outcome = { state: 'failed', code, what, at: this.#now() };
    round.state = 'ended';
    if (isRequest) await files.end(round.outcome).catch(() => {});
  }

  async #clear(round: Round): Promise<void> {
    const at = this.#queue.indexOf(round);
    if (at !== -1) this.#queue.splice(at, 1);
    round.state = 'gone';
    await round.files.clear(round.record.request.kind);
  }
}
