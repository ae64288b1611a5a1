import { QuietproofError } from '../../errors/quietproof-error.ts';
import {
  type AnnouncedRecord,
  type AnswerStore,
  type ErasedAnswer,
  type Erasure,
  isEntry,
  type MarkRecord,
  type SealedRecord,
  type StoredRecord,
} from '../serve/store/answer-store.ts';
import { applyMarks, marksOf, type StateRow } from './answer-marks.ts';
import { insertAnswers, stateWhenSealed } from './answer-rows.ts';
import type { Database, Sql } from './database.ts';
import { eraseOld, wasErased } from './erased-rows.ts';
import type { InputsKey } from './inputs-key.ts';
import { commitTurn, type LogPlace, type LogTurn, movePlace, readPlace, takeTurn } from './log-turn.ts';
import { insertAnnouncement, insertModel } from './model-rows.ts';
import { PrivateRecords, type PrivateRow } from './private-records.ts';
import type { ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';

export interface PostgresStoreOptions {
  readonly database: Database;
  readonly queue: ProofQueue;
  readonly key: InputsKey;
  /** Name of the log. */
  readonly origin: string;
}

/** Records read together. */
const BATCH = 1000;

/**
 * The sealed answers of a fleet, in PostgreSQL. Any server may append. Who appends has the lock on the log's row from reading
 * `next` to committing, and a token that no other transaction has: a session that is ended meanwhile, since its process was
 * paused or cut off, commits nothing. The job that proves an answer is added in the transaction that seals it.
 */
export class PostgresStore implements AnswerStore {
  readonly #options: PostgresStoreOptions;
  readonly #records: PrivateRecords;
  #place: LogPlace = { next: 0, lastTime: 0 };
  #turn: LogTurn | undefined;
  /** By model, the entry that announced it last, as this process knows it. */
  readonly #latest = new Map<string, number>();
  #seen = -1;

  constructor(options: PostgresStoreOptions) {
    this.#options = options;
    this.#records = new PrivateRecords(options);
  }

  get next(): number {
    return this.#place.next;
  }

  get lastTime(): number {
    return this.#place.lastTime;
  }

  /** Reads where the log is, and announcements of others since the last call. @throws QP6571 */
  async refresh(visit: (record: AnnouncedRecord) => void): Promise<void> {
    const { rows } = await this.#options.database.query<{ record: AnnouncedRecord }>(
      `select record from ${SCHEMA}.announcement where index > $1 order by index`,
      [this.#seen],
    );
    for (const { record } of rows) {
      // One that this process has announced meanwhile.
      if (record.index <= this.#seen) continue;
      this.#see(record);
      visit(record);
    }
    this.#place = await readPlace(this.#options.database);
  }

  #see({ modelId, index }: AnnouncedRecord): void {
    this.#latest.set(modelId, index);
    this.#seen = index;
  }

  async exclusively(write: () => Promise<void>): Promise<void> {
    const transaction = await this.#options.database.begin();
    try {
      this.#turn = await takeTurn(transaction);
      this.#place = this.#turn;
      await write();
    } finally {
      this.#turn = undefined;
      await transaction.rollback();
    }
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    if (this.#turn !== undefined) return this.#appendInTurn(records, this.#turn);
    if (!records.some(isEntry)) {
      const { database, queue } = this.#options;
      return database.transaction((sql) => applyMarks(sql, queue, records.filter(isMark)));
    }
    await this.exclusively(() => this.append(records));
  }

  async #appendInTurn(records: readonly StoredRecord[], turn: LogTurn): Promise<void> {
    const { database, queue } = this.#options;
    const entries = records.filter(isEntry);
    const lastTime = Math.max(turn.lastTime, ...entries.map((entry) => entry.time));
    const place = { next: turn.next + entries.length, lastTime };
    requireInOrder(entries, turn.next);
    if (!(await movePlace(turn, place))) throw new QuietproofError('QP6575');
    await this.#insert(turn.transaction, entries);
    await applyMarks(turn.transaction, queue, records.filter(isMark));
    await commitTurn(database, turn, entries);
    this.#place = place;
    for (const record of entries) if (record.kind === 'announced') this.#see(record);
  }

  async #insert(sql: Sql, entries: readonly (SealedRecord | AnnouncedRecord)[]): Promise<void> {
    if (entries.length === 0) return;
    await sql.query(
      `insert into ${SCHEMA}.entry (index, text) select * from unnest($1::bigint[], $2::text[])`,
      [entries.map(({ index }) => index), entries.map(({ entry }) => entry)],
    );
    for (const record of entries) if (record.kind === 'announced') await this.#announce(sql, record);
    const sealed = entries.filter((record) => record.kind === 'sealed');
    for (const [modelId, own] of byModel(sealed)) {
      await this.#requireCurrent(sql, modelId);
      await this.#options.queue.make(modelId);
      await insertAnswers(sql, this.#options, own, stateWhenSealed);
    }
  }

  async #announce(sql: Sql, record: AnnouncedRecord): Promise<void> {
    // What others have announced decides whether there is anything to announce.
    const { rowCount } = await sql.query(`select 1 from ${SCHEMA}.announcement where index > $1`, [
      this.#seen,
    ]);
    if (rowCount !== 0) throw new QuietproofError('QP6575');
    await insertModel(sql, this.#options.queue, record);
    await insertAnnouncement(sql, record);
  }

  /** No answer of a model comes behind the entry that retires it, or under a policy that the log no longer says. */
  async #requireCurrent(sql: Sql, modelId: string): Promise<void> {
    const { rows } = await sql.query<{ latest: string; retired: boolean }>(
      `select latest, retired from ${SCHEMA}.model where model_id = $1`,
      [modelId],
    );
    const [found] = rows;
    if (found === undefined || found.retired) throw new QuietproofError('QP6559', { where: modelId });
    if (Number(found.latest) !== this.#latest.get(modelId)) {
      throw new QuietproofError('QP6577', { where: modelId });
    }
  }

  async read(index: number): Promise<SealedRecord | undefined> {
    const { rows } = await this.#options.database.query<PrivateRow>(
      `select index, key_id, private from ${SCHEMA}.answer where index = $1`,
      [index],
    );
    return rows[0] && this.#records.unlock(rows[0]);
  }

  async find(receiptId: string): Promise<SealedRecord | 'erased' | undefined> {
    const { rows } = await this.#options.database.query<PrivateRow>(
      `select index, key_id, private from ${SCHEMA}.answer where receipt_id = $1`,
      [receiptId],
    );
    if (rows[0] !== undefined) return this.#records.unlock(rows[0]);
    return (await this.wasErased(receiptId)) ? 'erased' : undefined;
  }

  async revealed(index: number): Promise<boolean | undefined> {
    const { rows } = await this.#options.database.query<{ drawn: boolean }>(
      `select lane is not distinct from 'drawn' drawn from ${SCHEMA}.answer
       where index = $1 and decided and beacon is null`,
      [index],
    );
    return rows[0]?.drawn;
  }

  /** Nothing is read again at a start: what is work is in the queue. */
  async settle(_modelId: string, position: number): Promise<number> {
    return position;
  }

  /** Marks are given as what has come of them. */
  async replay(visit: (record: StoredRecord, position: number) => void): Promise<void> {
    const { database } = this.#options;
    const announced = await database.query<{ record: AnnouncedRecord }>(
      `select record from ${SCHEMA}.announcement order by index`,
    );
    for (const { record } of announced.rows) visit(record, record.index);
    for (let after = -1; ; ) {
      const { rows } = await database.query<PrivateRow & StateRow>(
        `select index, key_id, private, model_id, lane, since, decided, beacon, round from ${SCHEMA}.answer
         where index > $1 order by index limit $2`,
        [after, BATCH],
      );
      for (const row of rows) {
        const position = Number(row.index);
        visit(this.#records.unlock(row), position);
        for (const mark of marksOf(row)) visit(mark, position);
      }
      if (rows.length < BATCH) return;
      after = Number(rows.at(-1)!.index);
    }
  }

  erase(period: Erasure, first: (answers: readonly ErasedAnswer[]) => Promise<void>): Promise<void> {
    return eraseOld(this.#options.database, period, first);
  }

  /** Whether an answer with this receipt was erased. */
  wasErased(receiptId: string): Promise<boolean> {
    return wasErased(this.#options.database, receiptId);
  }

  async close(): Promise<void> {}
}

/** @throws QP6575 */
function requireInOrder(entries: readonly { readonly index: number }[], next: number): void {
  if (entries.every(({ index }, i) => index === next + i)) return;
  throw new QuietproofError('QP6575', { what: 'Its entries do not follow the last one' });
}

function isMark(record: StoredRecord): record is MarkRecord {
  return !isEntry(record);
}

function byModel(records: readonly SealedRecord[]): Map<string, SealedRecord[]> {
  const all = new Map<string, SealedRecord[]>();
  for (const record of records) {
    const own = all.get(record.modelId) ?? [];
    own.push(record);
    all.set(record.modelId, own);
  }
  return all;
}
