import { readLogEntry } from '@quietproof/verify/seal';
import type { AnnouncedRecord } from '../serve/store/answer-store.ts';
import type { Sql } from './database.ts';
import type { ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';

/** Has a model answer from an announcement on, and those that it retires no longer. Makes its queue. @throws QP6571 */
export async function insertModel(
  sql: Sql,
  queue: ProofQueue,
  { modelId, index, entry: text }: AnnouncedRecord,
): Promise<void> {
  await queue.make(modelId);
  await sql.query(
    `insert into ${SCHEMA}.model (model_id, latest) values ($1, $2)
     on conflict (model_id) do update set latest = excluded.latest, retired = false`,
    [modelId, index],
  );
  const entry = readLogEntry(text);
  const retires = entry.kind === 'model' ? (entry.retires ?? []) : [];
  await sql.query(`update ${SCHEMA}.model set retired = true where model_id = any($1)`, [retires]);
}

/** The announcement itself, whose entry is there. @throws QP6571 */
export async function insertAnnouncement(sql: Sql, record: AnnouncedRecord): Promise<void> {
  await sql.query(`insert into ${SCHEMA}.announcement (index, record) values ($1, $2)`, [
    record.index,
    record,
  ]);
}
