import { inflateRawSync } from 'node:zlib';
import { LANES, type Lane } from '../serve/work-queue.ts';
import type { Database } from './database.ts';
import { SCHEMA } from './schema.ts';

/** What the database knows of an answer, without its private part. */
export interface FleetAnswer {
  readonly index: number;
  readonly modelId: string;
  readonly time: number;
  /** Where a beacon decides whether it is drawn. */
  readonly beacon: string | null;
  readonly decided: boolean;
  readonly lane: Lane | null;
  readonly since: number | null;
  readonly dead: { readonly title?: string } | null;
  /** Once it is proved. */
  readonly bundle?: string;
}

interface Row {
  readonly index: string;
  readonly model_id: string;
  readonly time: string;
  readonly beacon: string | null;
  readonly decided: boolean;
  readonly lane: Lane | null;
  readonly since: string | null;
  readonly dead: { readonly title?: string } | null;
  readonly bundle: Buffer | null;
}

/** Places are counted up to here. */
const MOST_COUNTED = 10_000;

/** @throws QP6571 */
export async function findAnswer(database: Database, receiptId: string): Promise<FleetAnswer | undefined> {
  const { rows } = await database.query<Row>(
    `select a.index, model_id, time, beacon, decided, lane, since, dead, p.bundle
     from ${SCHEMA}.answer a left join ${SCHEMA}.proof p using (receipt_id) where receipt_id = $1`,
    [receiptId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { beacon, decided, lane, dead, bundle } = row;
  return {
    index: Number(row.index),
    modelId: row.model_id,
    time: Number(row.time),
    beacon,
    decided,
    lane,
    since: row.since === null ? null : Number(row.since),
    dead,
    ...(bundle !== null && { bundle: inflateRawSync(bundle).toString() }),
  };
}

/** How many proofs come before one that waits, at most and as far as they are counted. @throws QP6571 */
export async function placeOf(database: Database, { lane, since, index }: FleetAnswer): Promise<number> {
  if (lane === null) return 0;
  const earlier = LANES.slice(0, LANES.indexOf(lane));
  const { rows } = await database.query<{ before: string }>(
    `select count(*) before from (
       select 1 from ${SCHEMA}.answer where lane is not null and not proved and dead is null
         and (lane = any($1) or (lane = $2 and (since, index) < ($3, $4))) limit $5) counted`,
    [earlier, lane, since, index, MOST_COUNTED],
  );
  return Number(rows[0]!.before);
}

/** Why proving was given up, as `FleetWorker` has said it. */
export function reasonOf(dead: FleetAnswer['dead']): string | undefined {
  if (dead === null) return undefined;
  return dead.title ?? 'Its workers fell silent';
}
