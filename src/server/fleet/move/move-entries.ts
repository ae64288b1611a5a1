import { deflateRawSync } from 'node:zlib';
import { TILE_WIDTH } from '@quietproof/verify/log';
import { readLogEntry } from '@quietproof/verify/seal';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { readLog } from '../../../log/examine/log-reader.ts';
import { RightEdge } from '../../../log/right-edge.ts';
import type { SealedRecord } from '../../serve/store/answer-store.ts';
import { type AnswerProgress, insertAnswers } from '../answer-rows.ts';
import type { Database, Sql } from '../database.ts';
import { storeTiles } from '../database-log.ts';
import { erasedPrefixOf, rememberErased } from '../erased-rows.ts';
import type { InputsKey } from '../inputs-key.ts';
import { insertAnnouncement, insertModel } from '../model-rows.ts';
import type { ProofQueue } from '../queue.ts';
import { SCHEMA } from '../schema.ts';
import { requireRoot } from './moved-otherwise.ts';
import type { MovedSource } from './moved-source.ts';
import { moveNotices, moveReceivers } from './notices.ts';
import { moveTimestamps } from './timestamps.ts';

/** What was moved, and read again from the database. */
export interface Moved {
  readonly entries: number;
  readonly answers: number;
  readonly proofs: number;
  /** Proofs that are due and not there: the fleet's work. */
  readonly waiting: number;
  /** Answers whose retention had ended. */
  readonly erased: number;
  /** Of checkpoints. */
  readonly timestamps: number;
  /** To webhooks, which are owed. */
  readonly notices: number;
}

type MovedEntries = Omit<Moved, 'timestamps'>;

/** What the database gets it into. */
export interface MoveTarget {
  readonly database: Database;
  readonly queue: ProofQueue;
  readonly key: InputsKey;
  readonly origin: string;
}

/** Moves all of it. @throws QP6578, QP6579; QP6571 */
export async function moveAll(sql: Sql, source: MovedSource, target: MoveTarget): Promise<Moved> {
  const { log, store } = source;
  const { rows } = await sql.query<{ next: string }>(`select next from ${SCHEMA}.log for update`);
  if (rows[0]!.next !== '0') throw new QuietproofError('QP6578');
  await sql.query(`update ${SCHEMA}.log set next = $1, last_time = $2, size = $1, checkpoint = $3`, [
    log.size,
    store.lastTime,
    log.checkpoint,
  ]);
  for (const record of source.announced) await insertModel(sql, target.queue, record);
  const edge = new RightEdge();
  await moveReceivers(sql, source.receivers);
  const counts = { entries: 0, answers: 0, proofs: 0, waiting: 0, erased: 0, notices: 0 };
  for (let at = 0; at < log.size; at += TILE_WIDTH) {
    const entries = await entriesFrom(source, at);
    const tiles = [...edge.append(entries)].filter(([name]) => !name.startsWith('tile/entries/'));
    await storeTiles(sql, tiles);
    const batch = await moveEntries(sql, { source, target }, at, entries);
    for (const [name, count] of Object.entries(batch)) counts[name as keyof typeof counts] += count;
  }
  for (const record of source.announced) await insertAnnouncement(sql, record);
  await requireRoot(edge, log.checkpoint);
  return { ...counts, timestamps: await moveTimestamps(sql, source.timestamps) };
}

function entriesFrom({ log, logFolder }: Pick<MovedSource, 'log' | 'logFolder'>, at: number) {
  return readLog(logFolder).bundle(at / TILE_WIDTH, Math.min(TILE_WIDTH, log.size - at));
}

async function moveEntries(
  sql: Sql,
  { source, target }: { readonly source: MovedSource; readonly target: MoveTarget },
  at: number,
  entries: readonly Uint8Array[],
): Promise<MovedEntries> {
  const texts = entries.map((bytes) => new TextDecoder().decode(bytes));
  await sql.query(
    `insert into ${SCHEMA}.entry (index, text) select * from unnest($1::bigint[], $2::text[])`,
    [texts.map((_, i) => at + i), texts],
  );
  const progress = new Map<SealedRecord, AnswerProgress>();
  const erased: Buffer[] = [];
  for (const [i, text] of texts.entries()) {
    const entry = readLogEntry(text);
    if (entry.kind !== 'answer') continue;
    const record = await source.store.read(at + i);
    if (record === undefined) erased.push(erasedPrefixOf(entry.leaf));
    else progress.set(record, await source.progressOf(record, await source.files.has(record.receiptId)));
  }
  const records = [...progress.keys()];
  for (const modelId of new Set(records.map((record) => record.modelId))) {
    const own = records.filter((record) => record.modelId === modelId);
    await insertAnswers(sql, target, own, (record) => progress.get(record)!);
  }
  const proved = records.filter((record) => progress.get(record)!.proved);
  const bundles = await Promise.all(proved.map(({ receiptId }) => source.files.read(receiptId)));
  await sql.query(
    `insert into ${SCHEMA}.proof (receipt_id, bundle) select * from unnest($1::text[], $2::bytea[])`,
    [proved.map(({ receiptId }) => receiptId), bundles.map((bundle) => deflateRawSync(bundle))],
  );
  await rememberErased(sql, erased);
  const { receivers, isOpen } = source;
  const told = records.map((record) => {
    return { ...record, proved: progress.get(record)!.proved, open: isOpen(record.receiptId) };
  });
  const notices = await moveNotices(sql, receivers, told);
  const waiting = [...progress.values()].filter(({ lane, proved: done }) => lane !== undefined && !done);
  return {
    entries: entries.length,
    answers: records.length,
    proofs: proved.length,
    waiting: waiting.length,
    erased: erased.length,
    notices,
  };
}
