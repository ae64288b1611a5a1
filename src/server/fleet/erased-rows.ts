import { createHash } from 'node:crypto';
import { TAGS } from '@quietproof/verify';
import type { ErasedAnswer, Erasure } from '../serve/store/answer-store.ts';
import type { Database, Sql } from './database.ts';
import { SCHEMA } from './schema.ts';

const KEPT_BYTES = 8;
/** Answers that are erased together. */
const BATCH = 1000;

/** What is kept of an erased answer: the beginning of its leaf, which is in the log anyway. @param leaf in hex */
export function erasedPrefixOf(leaf: string): Buffer {
  return Buffer.from(leaf, 'hex').subarray(0, KEPT_BYTES);
}

function prefixOfReceipt(receiptId: string): Buffer {
  const leaf = createHash('sha256').update(TAGS.leafV2).update(Buffer.from(receiptId, 'hex'));
  return erasedPrefixOf(leaf.digest('hex'));
}

/** Whether an answer with this receipt was erased. @throws QP6571 */
export async function wasErased(sql: Sql, receiptId: string): Promise<boolean> {
  const { rowCount } = await sql.query(`select 1 from ${SCHEMA}.erased where receipt = $1`, [
    prefixOfReceipt(receiptId),
  ]);
  return rowCount === 1;
}

export async function rememberErased(sql: Sql, prefixes: readonly Buffer[]): Promise<void> {
  await sql.query(`insert into ${SCHEMA}.erased select unnest($1::bytea[]) on conflict do nothing`, [
    prefixes,
  ]);
}

/** Erases what is old and under the log's checkpoint. @param first as in `AnswerStore.erase`. @throws QP6571 */
export async function eraseOld(
  database: Database,
  { modelId, before, covered }: Erasure,
  first: (answers: readonly ErasedAnswer[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ index: string; receipt_id: string }>(
      `select index, receipt_id from ${SCHEMA}.answer
       where model_id = $1 and time < $2 and index < $3 order by time, index limit $4`,
      [modelId, before, covered, BATCH],
    );
    if (rows.length === 0) return;
    await first(rows.map(({ index, receipt_id: receiptId }) => ({ index: Number(index), receiptId })));
    await database.transaction(async (sql) => {
      await rememberErased(
        sql,
        rows.map(({ receipt_id }) => prefixOfReceipt(receipt_id)),
      );
      await sql.query(`delete from ${SCHEMA}.answer where index = any($1::bigint[])`, [
        rows.map(({ index }) => index),
      ]);
    });
  }
}
