import type { EventType } from '../webhooks/message.ts';
import type { Sql } from './database.ts';
import { SCHEMA } from './schema.ts';

/** A notice that its receiver has not confirmed, with what is known of its answer. */
export interface OwedNotice {
  /** Names it. */
  readonly place: string;
  readonly type: EventType;
  readonly index: number;
  readonly receiptId: string;
  readonly modelId: string;
  readonly time: number;
  readonly since: number | null;
  readonly proved: boolean;
}

interface OwedRow {
  readonly place: string;
  readonly type: EventType;
  readonly index: string;
  readonly receipt_id: string;
  readonly model_id: string;
  readonly time: string;
  readonly since: string | null;
  readonly proved: boolean;
}

/** Has a receiver hear of answers from now on, unless it is known already. @param now in seconds. @throws QP6571 */
export async function addReceiver(sql: Sql, receiver: string, now: number): Promise<void> {
  await sql.query(`insert into ${SCHEMA}.webhook (receiver, since) values ($1, $2) on conflict do nothing`, [
    receiver,
    now,
  ]);
}

/** Owes all receivers the notice that an answer is proved, if that is committed. @throws QP6571 */
export async function oweProved(sql: Sql, index: number): Promise<void> {
  const type: EventType = 'proof.ready';
  await sql.query(
    `insert into ${SCHEMA}.notice (receiver, type, index)
     select receiver, $2, a.index from ${SCHEMA}.webhook w join ${SCHEMA}.answer a on a.time >= w.since
     where a.index = $1 on conflict do nothing`,
    [index, type],
  );
}

/** Answers of a model under one policy. */
export interface PolicyRange {
  readonly modelId: string;
  /** Indices above the first and up to the last. */
  readonly from: number;
  readonly to: number;
}

/**
 * Owes all receivers the notices about answers whose proof is late: once each, whichever servers do this at the same time.
 *
 * @param before those that were due since earlier than this. @throws QP6571
 */
export async function oweLate(sql: Sql, { modelId, from, to }: PolicyRange, before: number): Promise<void> {
  const type: EventType = 'proof.late';
  await sql.query(
    `with late as (
       update ${SCHEMA}.answer set late = true
       where model_id = $1 and index > $2 and index <= $3 and since < $4 and lane is not null and not proved and not late
       returning index, time
     ) insert into ${SCHEMA}.notice (receiver, type, index)
       select receiver, $5, late.index from ${SCHEMA}.webhook w join late on late.time >= w.since
       on conflict do nothing`,
    [modelId, from, to, before, type],
  );
}

/** A notice that is to be owed. */
export interface NewNotice {
  readonly receiver: string;
  readonly type: EventType;
  readonly index: number;
}

/** @throws QP6571 */
export async function owe(sql: Sql, notices: readonly NewNotice[]): Promise<void> {
  await sql.query(
    `insert into ${SCHEMA}.notice (receiver, type, index)
     select * from unnest($1::text[], $2::text[], $3::bigint[])`,
    [
      notices.map(({ receiver }) => receiver),
      notices.map(({ type }) => type),
      notices.map(({ index }) => index),
    ],
  );
}

/** Answers about which it was told that their proof is late. @throws QP6571 */
export async function rememberLate(sql: Sql, indices: readonly number[]): Promise<void> {
  await sql.query(`update ${SCHEMA}.answer set late = true where index = any($1::bigint[])`, [indices]);
}

/** @throws QP6571 */
export async function countNotices(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: string }>(`select count(*) from ${SCHEMA}.notice`);
  return Number(rows[0]!.count);
}

/** Notices that are owed to a receiver, the oldest first. @param besides these. @throws QP6571 */
export async function owedTo(
  sql: Sql,
  receiver: string,
  { besides, most }: { readonly besides: readonly string[]; readonly most: number },
): Promise<OwedNotice[]> {
  const { rows } = await sql.query<OwedRow>(
    `select place, type, index, receipt_id, model_id, time, since, proved
     from ${SCHEMA}.notice join ${SCHEMA}.answer using (index)
     where receiver = $1 and place <> all($2::bigint[]) order by place limit $3`,
    [receiver, besides, most],
  );
  return rows.map(
    ({ place, type, index, receipt_id: receiptId, model_id: modelId, time, since, proved }) => ({
      place,
      type,
      index: Number(index),
      receiptId,
      modelId,
      time: Number(time),
      since: since === null ? null : Number(since),
      proved,
    }),
  );
}

/** Notices that were received are owed no more. @throws QP6571 */
export async function confirmNotices(sql: Sql, places: readonly string[]): Promise<void> {
  if (places.length === 0) return;
  await sql.query(`delete from ${SCHEMA}.notice where place = any($1::bigint[])`, [places]);
}
