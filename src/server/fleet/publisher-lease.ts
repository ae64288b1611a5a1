import type { Database, Sql } from './database.ts';
import { SCHEMA } from './schema.ts';

/** The right to publish, as the database knows it. */
export interface PublisherLease {
  readonly id: string;
  /** Another one each time that the right goes to another server. */
  readonly token: string;
}

/** A lease, and the entries that the log's checkpoint covered when it was taken. */
export interface TakenLease {
  readonly lease: PublisherLease;
  readonly covered: number;
}

/** Seconds. */
const LONGEST_LEASE = 60;

/**
 * Takes the lease, or keeps it. Whoever gets it from another one gets a new token with it. A lease that lasts longer than any
 * is given is from before the database's clock was set back.
 *
 * @param seconds for which it is kept without a further sign of life
 * @returns undefined while another server has it. @throws QP6571
 */
export async function takeLease(sql: Sql, id: string, seconds: number): Promise<TakenLease | undefined> {
  const { rows } = await sql.query<{ publisher_token: string; size: string }>(
    `update ${SCHEMA}.log set
       publisher_token = publisher_token + (publisher is distinct from $1)::int,
       publisher = $1,
       publisher_until = clock_timestamp() + make_interval(secs => $2)
     where publisher = $1 or publisher_until < clock_timestamp()
       or publisher_until > clock_timestamp() + make_interval(secs => $3)
     returning publisher_token, size`,
    [id, seconds, Math.max(LONGEST_LEASE, seconds)],
  );
  const [found] = rows;
  return found && { lease: { id, token: found.publisher_token }, covered: Number(found.size) };
}

/** Lets go of it, if it is this server's. @throws QP6571 */
export async function leaveLease(database: Database, id: string): Promise<void> {
  await database.query(`update ${SCHEMA}.log set publisher_until = '-infinity' where publisher = $1`, [id]);
}
