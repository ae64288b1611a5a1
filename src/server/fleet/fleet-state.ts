import type { FleetMetrics, QueueMetrics } from '../serve/endpoint.ts';
import type { Database } from './database.ts';
import { SCHEMA } from './schema.ts';

/** Seconds since a worker's last sign of life after which it is not counted. */
const SILENT = 60;

/** What servers and autoscalers look at, as the database has it. */
export interface FleetState extends Omit<FleetMetrics, 'queues'> {
  readonly proved: number;
  readonly failed: number;
  /** Seconds of proving. */
  readonly seconds: number;
  /** By model id. */
  readonly queues: ReadonlyMap<string, Omit<QueueMetrics, 'name' | 'version'>>;
}

export const NO_STATE: FleetState = {
  proved: 0,
  failed: 0,
  seconds: 0,
  workers: 0,
  threads: 0,
  queues: new Map(),
};

interface WorkerRow {
  readonly proved: string;
  readonly failed: string;
  readonly seconds: number;
  readonly workers: string;
  readonly threads: string;
}

interface QueueRow {
  readonly model_id: string;
  readonly waiting: string;
  readonly since: string | null;
  readonly dead: string;
}

/** @param now in seconds. @throws QP6571 */
export async function readFleetState(database: Database, now: number): Promise<FleetState> {
  const workers = await database.query<WorkerRow>(
    `select coalesce(sum(proved), 0) proved, coalesce(sum(failed), 0) failed, coalesce(sum(seconds), 0) seconds,
       count(*) filter (where live) workers, coalesce(sum(threads) filter (where live), 0) threads
     from (select *, seen > clock_timestamp() - make_interval(secs => $1) live from ${SCHEMA}.worker) own`,
    [SILENT],
  );
  // Both counts come from indices that hold only what waits or was given up.
  const queues = await database.query<QueueRow>(
    `select m.model_id,
       (select count(*) from ${SCHEMA}.answer a where a.model_id = m.model_id and lane is not null and not proved) waiting,
       (select min(since) from ${SCHEMA}.answer a where a.model_id = m.model_id and lane is not null and not proved
          and dead is null) since,
       (select count(*) from ${SCHEMA}.answer a where a.model_id = m.model_id and dead is not null) dead
     from ${SCHEMA}.model m`,
  );
  const own = workers.rows[0]!;
  return {
    proved: Number(own.proved),
    failed: Number(own.failed),
    seconds: own.seconds,
    workers: Number(own.workers),
    threads: Number(own.threads),
    queues: new Map(
      queues.rows.map(({ model_id, waiting, since, dead }) => [
        model_id,
        {
          waiting: Number(waiting) - Number(dead),
          oldest: since === null ? 0 : Math.max(0, now - Number(since)),
          dead: Number(dead),
        },
      ]),
    ),
  };
}
