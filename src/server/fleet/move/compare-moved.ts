import { isDeepStrictEqual } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { TILE_WIDTH } from '@quietproof/verify/log';
import { RightEdge } from '../../../log/right-edge.ts';
import type { Database } from '../database.ts';
import { DatabaseLog } from '../database-log.ts';
import { countNotices } from '../notice-rows.ts';
import { PostgresStore } from '../postgres-store.ts';
import { SCHEMA } from '../schema.ts';
import type { Moved, MoveTarget } from './move-entries.ts';
import { different, requireRoot } from './moved-otherwise.ts';
import type { MovedSource } from './moved-source.ts';
import { compareTimestamps } from './timestamps.ts';

/** Reads all of it again, through the code that a fleet reads it with. @throws QP6579 */
export async function compareMoved(source: MovedSource, target: MoveTarget, moved: Moved): Promise<void> {
  const { database, queue, key, origin } = target;
  const [log, store] = [new DatabaseLog(database), new PostgresStore({ database, queue, key, origin })];
  const published = await log.published();
  if (published?.checkpoint !== source.log.checkpoint) throw different('The checkpoint is another one');
  const edge = new RightEdge();
  let [answers, proofs] = [0, 0];
  for (let at = 0; at < published.size; at += TILE_WIDTH) {
    const entries = await log.entriesFrom(at, TILE_WIDTH);
    edge.append(entries);
    const bundles = await bundlesFrom(database, at);
    for (let index = at; index < at + entries.length; index += 1) {
      const [before, after] = [await source.store.read(index), await store.read(index)];
      if (!isDeepStrictEqual(before, after)) throw different(`Answer ${index} is another one`);
      if (before === undefined) continue;
      answers += 1;
      const bundle = bundles.get(before.receiptId);
      if (bundle === undefined) continue;
      proofs += 1;
      if (bundle !== (await source.files.read(before.receiptId)))
        throw different(`Proof ${index} is another one`);
    }
  }
  await requireRoot(edge, published.checkpoint);
  if (answers !== moved.answers || proofs !== moved.proofs) throw different('Some of it is missing');
  if ((await countNotices(database)) !== moved.notices) throw different('Notices are missing');
  await compareTimestamps(source.timestamps, database, moved.timestamps);
}

async function bundlesFrom(database: Database, at: number): Promise<Map<string, string>> {
  const { rows } = await database.query<{ receipt_id: string; bundle: Buffer }>(
    `select receipt_id, bundle from ${SCHEMA}.proof join ${SCHEMA}.answer using (receipt_id)
     where index >= $1 and index < $2`,
    [at, at + TILE_WIDTH],
  );
  return new Map(rows.map((row) => [row.receipt_id, inflateRawSync(row.bundle).toString()]));
}
