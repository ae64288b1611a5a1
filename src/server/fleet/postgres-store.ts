import { createHash, randomUUID } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { TAGS } from '@quietproof/verify';
import { readLogEntry } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import {
  type AnnouncedRecord,
  type AnswerStore,
  type AskedMark,
  type DrawnMark,
  type ErasedAnswer,
  type Erasure,
  isEntry,
  type MarkRecord,
  type RevealedMark,
  type SealedRecord,
  type StoredRecord,
} from '../serve/store/answer-store.ts';
import type { Lane } from '../serve/work-queue.ts';
import { aboutOf, insertAnswers, stateWhenSealed } from './answer-rows.ts';
import { type Database, LostCommit, type Sql, type Transaction } from './database.ts';
import type { InputsKey } from './inputs-key.ts';
import type { ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';

export interface PostgresStoreOptions {
  readonly database: Database;
  readonly queue: ProofQueue;
  readonly key: InputsKey;
  /** Name of the log. */
  readonly origin: string;
}

/** Milliseconds for which a server tries to learn whether a lost transaction was committed. */
const LEARN_FOR = 30_000;
const LEARN_EVERY = 200;
const BATCH = 1000;

interface Held {
  readonly transaction: Transaction;
  readonly token: string;
}

/**
 * The sealed answers of a fleet, in PostgreSQL. Any server may append. Who appends has the lock on the log's row from reading
 * `next` to committing, and a token that no other transaction has: a session that is ended meanwhile, since its process was
 * paused or cut off, commits nothing. The job that proves an answer is added in the transaction that seals it.
 */
export class PostgresStore implements AnswerStore {
  readonly #options: PostgresStoreOptions;
  #next = 0;
  #lastTime = 0;
  #held: Held | undefined;
  /** By model, the entry that announced it last, as this process knows it. */
  readonly #latest = new Map<string, number>();
  #seen = -1;

  constructor(options: PostgresStoreOptions) {
    this.#options = options;
  }

  get next(): number {
    return this.#next;
  }

  get lastTime(): number {
    return this.#lastTime;
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
    await this.#readPlace(this.#options.database, '');
  }

  #see({ modelId, index }: AnnouncedRecord): void {
    this.#latest.set(modelId, index);
    this.#seen = index;
  }

  async #readPlace(sql: Sql, lock: '' | 'for update'): Promise<void> {
    const { rows } = await sql.query<{ next: string; last_time: string }>(
      `select next, last_time from ${SCHEMA}.log ${lock}`,
    );
    [this.#next, this.#lastTime] = [Number(rows[0]!.next), Number(rows[0]!.last_time)];
  }

  async exclusively(write: () => Promise<void>): Promise<void> {
    const transaction = await this.#options.database.begin();
    try {
      const { rows } = await transaction.query<{ writer_token: string; next: string; last_time: string }>(
        `update ${SCHEMA}.log set writer_token = writer_token + 1 returning writer_token, next, last_time`,
      );
      const { writer_token: token, next, last_time } = rows[0]!;
      [this.#next, this.#lastTime] = [Number(next), Number(last_time)];
      this.#held = { transaction, token };
      await write();
    } finally {
      this.#held = undefined;
      await transaction.rollback();
    }
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    if (this.#held !== undefined) return this.#appendHeld(records, this.#held);
    if (!records.some(isEntry)) {
      await this.#options.database.transaction((sql) => this.#mark(sql, records.filter(isMark)));
      return;
    }
    await this.exclusively(() => this.append(records));
  }

  async #appendHeld(records: readonly StoredRecord[], { transaction, token }: Held): Promise<void> {
    const entries = records.filter(isEntry);
    const time = Math.max(this.#lastTime, ...entries.map((entry) => entry.time));
    const next = this.#next + entries.length;
    this.#requireInOrder(entries);
    const { rowCount } = await transaction.query(
      `update ${SCHEMA}.log set next = $1, last_time = $2 where writer_token = $3 and next = $4`,
      [next, time, token, this.#next],
    );
    if (rowCount !== 1) throw new QuietproofError('QP6575');
    await this.#insert(transaction, entries);
    await this.#mark(transaction, records.filter(isMark));
    await this.#commit(transaction, entries);
    [this.#next, this.#lastTime] = [next, time];
    for (const record of entries) if (record.kind === 'announced') this.#see(record);
  }

  #requireInOrder(entries: readonly { readonly index: number }[]): void {
    if (entries.every(({ index }, i) => index === this.#next + i)) return;
    throw new QuietproofError('QP6575', { what: 'Its entries do not follow the last one' });
  }

  /** @throws QP6571 if it is not committed, or nobody can tell for a long time */
  async #commit(transaction: Transaction, entries: readonly { index: number; entry: string }[]) {
    try {
      await transaction.commit();
    } catch (error) {
      const isLost = (error as QuietproofError).cause instanceof LostCommit;
      const [first] = entries;
      if (!isLost || first === undefined || !(await this.#wasCommitted(first))) throw error;
    }
  }

  /** Whether the log has this entry: asked once no other transaction can add it any more. */
  async #wasCommitted({ index, entry }: { index: number; entry: string }): Promise<boolean> {
    const end = performance.now() + LEARN_FOR;
    for (;;) {
      try {
        return await this.#options.database.transaction(async (sql) => {
          // The lost transaction has the lock for as long as it is not ended.
          await sql.query(`select 1 from ${SCHEMA}.log for update`);
          const { rows } = await sql.query<{ text: string }>(
            `select text from ${SCHEMA}.entry where index = $1`,
            [index],
          );
          return rows[0]?.text === entry;
        });
      } catch (error) {
        if (performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, LEARN_EVERY));
      }
    }
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
    const { modelId, index, entry: text } = record;
    // What others have announced decides whether there is anything to announce.
    const { rowCount } = await sql.query(`select 1 from ${SCHEMA}.announcement where index > $1`, [
      this.#seen,
    ]);
    if (rowCount !== 0) throw new QuietproofError('QP6575');
    await this.#options.queue.make(modelId);
    await sql.query(
      `insert into ${SCHEMA}.model (model_id, latest) values ($1, $2)
       on conflict (model_id) do update set latest = excluded.latest, retired = false`,
      [modelId, index],
    );
    const entry = readLogEntry(text);
    const retires = entry.kind === 'model' ? (entry.retires ?? []) : [];
    await sql.query(`update ${SCHEMA}.model set retired = true where model_id = any($1)`, [retires]);
    await sql.query(`insert into ${SCHEMA}.announcement (index, record) values ($1, $2)`, [index, record]);
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

  #about(index: number): string {
    return aboutOf(this.#options.origin, index);
  }

  async #mark(sql: Sql, marks: readonly MarkRecord[]): Promise<void> {
    for (const mark of marks) await this.#markOne(sql, mark);
  }

  async #markOne(sql: Sql, mark: MarkRecord): Promise<void> {
    const { time } = mark;
    if (mark.kind === 'asked') return this.#setLane(sql, mark.answer, 'asked', time);
    if (mark.kind === 'revealed') {
      const { rowCount } = await sql.query(
        `update ${SCHEMA}.answer set decided = true where index = $1 and not decided`,
        [mark.answer],
      );
      if (rowCount === 1 && mark.drawn) await this.#setLane(sql, mark.answer, 'drawn', time);
      return;
    }
    const { modelId, beacon, round, last, answers } = mark;
    await sql.query(
      `update ${SCHEMA}.answer set decided = true
       where model_id = $1 and beacon = $2 and round = $3 and index <= $4 and not decided`,
      [modelId, beacon, round, last],
    );
    for (const index of answers) await this.#setLane(sql, index, 'drawn', time);
  }

  /** Has an answer proved, or proved earlier. What was asked for stays so; what was given up is tried again. */
  async #setLane(sql: Sql, index: number, lane: Exclude<Lane, 'policy'>, time: number): Promise<void> {
    const { rows } = await sql.query<{
      model_id: string;
      job: string | null;
      lane: Lane | null;
      dead: unknown;
    }>(`select model_id, job, lane, dead from ${SCHEMA}.answer where index = $1 and not proved for update`, [
      index,
    ]);
    const [found] = rows;
    if (found === undefined || (found.lane === 'asked' && found.dead === null)) return;
    const isNew = found.job === null || found.dead !== null;
    const job = isNew ? randomUUID() : found.job!;
    await sql.query(
      `update ${SCHEMA}.answer set lane = $2, since = coalesce(since, $3), job = $4, dead = null where index = $1`,
      [index, found.lane === 'asked' ? 'asked' : lane, time, job],
    );
    const { queue } = this.#options;
    if (isNew) await queue.add(sql, found.model_id, [{ id: job, index, lane }]);
    else await queue.hasten(sql, found.model_id, job, lane);
  }

  async read(index: number): Promise<SealedRecord | undefined> {
    const { rows } = await this.#options.database.query<PrivateRow>(
      `select index, key_id, private from ${SCHEMA}.answer where index = $1`,
      [index],
    );
    return rows[0] && this.#unlocked(rows[0]);
  }

  async find(receiptId: string): Promise<SealedRecord | 'erased' | undefined> {
    const { rows } = await this.#options.database.query<PrivateRow>(
      `select index, key_id, private from ${SCHEMA}.answer where receipt_id = $1`,
      [receiptId],
    );
    if (rows[0] !== undefined) return this.#unlocked(rows[0]);
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

  #unlocked({ index, key_id: keyId, private: bytes }: PrivateRow): SealedRecord {
    const text = inflateRawSync(this.#options.key.unlock({ keyId, bytes }, this.#about(Number(index))));
    return JSON.parse(text.toString()) as SealedRecord;
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
        visit(this.#unlocked(row), position);
        for (const mark of marksOf(row)) visit(mark, position);
      }
      if (rows.length < BATCH) return;
      after = Number(rows.at(-1)!.index);
    }
  }

  async erase(
    { modelId, before, covered }: Erasure,
    first: (answers: readonly ErasedAnswer[]) => Promise<void>,
  ): Promise<void> {
    const { database } = this.#options;
    for (;;) {
      const { rows } = await database.query<{ index: string; receipt_id: string }>(
        `select index, receipt_id from ${SCHEMA}.answer
         where model_id = $1 and time < $2 and index < $3 order by time, index limit $4`,
        [modelId, before, covered, BATCH],
      );
      if (rows.length === 0) return;
      await first(rows.map(({ index, receipt_id: receiptId }) => ({ index: Number(index), receiptId })));
      await database.transaction(async (sql) => {
        await sql.query(`insert into ${SCHEMA}.erased select unnest($1::bytea[]) on conflict do nothing`, [
          rows.map(({ receipt_id }) => erasedPrefix(receipt_id)),
        ]);
        await sql.query(`delete from ${SCHEMA}.answer where index = any($1::bigint[])`, [
          rows.map(({ index }) => index),
        ]);
      });
    }
  }

  /** Whether an answer with this receipt was erased. */
  async wasErased(receiptId: string): Promise<boolean> {
    const { rowCount } = await this.#options.database.query(
      `select 1 from ${SCHEMA}.erased where receipt = $1`,
      [erasedPrefix(receiptId)],
    );
    return rowCount === 1;
  }

  async close(): Promise<void> {}
}

interface PrivateRow {
  readonly index: string;
  readonly key_id: string;
  readonly private: Buffer;
}

interface StateRow {
  readonly model_id: string;
  readonly lane: Lane | null;
  readonly since: string | null;
  readonly decided: boolean;
  readonly beacon: string | null;
  readonly round: string | null;
}

function marksOf(row: PrivateRow & StateRow): MarkRecord[] {
  const [modelId, answer, time] = [row.model_id, Number(row.index), Number(row.since ?? 0)];
  const marks: MarkRecord[] = [];
  const drawn = row.lane === 'drawn';
  if (row.decided && row.beacon !== null) {
    const own = {
      kind: 'drawn',
      modelId,
      beacon: row.beacon,
      round: Number(row.round),
      last: answer,
    } as const;
    marks.push({ ...own, answers: drawn ? [answer] : [], time } satisfies DrawnMark);
  } else if (row.decided)
    marks.push({ kind: 'revealed', modelId, answer, drawn, time } satisfies RevealedMark);
  if (row.lane === 'asked') marks.push({ kind: 'asked', modelId, answer, time } satisfies AskedMark);
  return marks;
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

const ERASED_BYTES = 8;

/** What is kept of an erased answer: the beginning of its leaf, which is in the log anyway. @param leaf in hex */
export function erasedPrefixOf(leaf: string): Buffer {
  return Buffer.from(leaf, 'hex').subarray(0, ERASED_BYTES);
}

function erasedPrefix(receiptId: string): Buffer {
  const leaf = createHash('sha256').update(TAGS.leafV2).update(Buffer.from(receiptId, 'hex'));
  return erasedPrefixOf(leaf.digest('hex'));
}
