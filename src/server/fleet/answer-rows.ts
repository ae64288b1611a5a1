import { randomUUID } from 'node:crypto';
import { readLogEntry } from '@quietproof/verify/seal';
import type { SealedRecord } from '../serve/store/answer-store.ts';
import type { Lane } from '../serve/work-queue.ts';
import type { Sql } from './database.ts';
import type { InputsKey } from './inputs-key.ts';
import { PrivateRecords } from './private-records.ts';
import type { ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';

/** What has come of an answer. */
export interface AnswerProgress {
  /** Why its proof is due; missing while it is not. */
  readonly lane?: Lane;
  readonly since?: number;
  /** A draw has decided, whichever way. */
  readonly decided: boolean;
  readonly proved: boolean;
}

/** An answer has a date for its proof exactly where the policy proves all. */
export function stateWhenSealed({ proveBy, time }: SealedRecord): AnswerProgress {
  const due = proveBy === undefined ? {} : { lane: 'policy' as const, since: time };
  return { ...due, decided: false, proved: false };
}

/** Inserts answers of one model whose entries are there, and the jobs that prove what is due. */
export async function insertAnswers(
  sql: Sql,
  { queue, ...keys }: { readonly key: InputsKey; readonly queue: ProofQueue; readonly origin: string },
  records: readonly SealedRecord[],
  progressOf: (record: SealedRecord) => AnswerProgress,
): Promise<void> {
  const [first] = records;
  if (first === undefined) return;
  const locks = new PrivateRecords(keys);
  const rows = records.map((record) => {
    const progress = progressOf(record);
    const isDue = progress.lane !== undefined && !progress.proved;
    const locked = locks.lock(record);
    return { record, progress, locked, round: roundOf(record), job: isDue ? randomUUID() : null };
  });
  await sql.query(
    `insert into ${SCHEMA}.answer
       (model_id, index, receipt_id, time, beacon, round, decided, lane, since, proved, job, key_id, private)
     select $1, * from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::boolean[], $8::text[],
       $9::bigint[], $10::boolean[], $11::uuid[], $12::text[], $13::bytea[])`,
    [
      first.modelId,
      records.map(({ index }) => index),
      records.map(({ receiptId }) => receiptId),
      records.map(({ time }) => time),
      rows.map(({ round }) => round?.beacon ?? null),
      rows.map(({ round }) => round?.round ?? null),
      rows.map(({ progress }) => progress.decided),
      rows.map(({ progress }) => progress.lane ?? null),
      rows.map(({ progress }) => progress.since ?? null),
      rows.map(({ progress }) => progress.proved),
      rows.map(({ job }) => job),
      rows.map(({ locked }) => locked.keyId),
      rows.map(({ locked }) => locked.bytes),
    ],
  );
  const jobs = rows.flatMap(({ job, progress: { lane }, record: { index } }) =>
    job === null || lane === undefined ? [] : [{ id: job, index, lane }],
  );
  await queue.add(sql, first.modelId, jobs);
}

function roundOf({ entry: text }: SealedRecord) {
  const entry = readLogEntry(text);
  return entry.kind === 'answer' ? entry.draw : undefined;
}
