import { QuietproofError } from '../../errors/quietproof-error.ts';
import {
  listLine,
  TIMESTAMP_FOLDER,
  TIMESTAMP_LIST,
  type Timestamped,
  type TimestampPlace,
  type TimestampStore,
  timestampFilesOf,
} from '../serve/timestamp-store.ts';
import type { Sql } from './database.ts';
import type { PublisherLease } from './publisher-lease.ts';
import { SCHEMA } from './schema.ts';

const PATH = new RegExp(
  `^${TIMESTAMP_FOLDER}/(?:(${TIMESTAMP_LIST})|(\\d{1,15})/(checkpoint|[\\w.-]+\\.tsr))$`,
);

/** Timestamps read together. */
const BATCH = 100;

interface PlaceRow {
  readonly size: string;
  readonly time: string;
  readonly authority: string;
}

/** Timestamps in the database. Only the server that publishes the log adds any. */
export class TimestampRows implements TimestampStore {
  readonly #sql: Sql;
  readonly #lease: () => PublisherLease | undefined;

  /** @param lease that this server believes to have */
  constructor(sql: Sql, lease: () => PublisherLease | undefined) {
    [this.#sql, this.#lease] = [sql, lease];
  }

  /** @throws QP6571 */
  async last(): Promise<readonly TimestampPlace[]> {
    const { rows } = await this.#sql.query<PlaceRow>(
      `select distinct on (authority) size, time, authority from ${SCHEMA}.timestamp
       order by authority, place desc`,
    );
    return rows.map(placeOf);
  }

  /**
   * One that is there already, since it was not known whether it was added, stays as it is.
   *
   * @throws QP6575 if another server has the lease, and QP6571: then it was not added
   */
  async add(one: Timestamped): Promise<void> {
    const lease = this.#lease();
    if (lease === undefined) throw new QuietproofError('QP6575');
    // The lock has whoever takes the lease meanwhile wait, and is waited for where it is taken just now.
    const { rows } = await this.#sql.query<{ held: string }>(
      `with held as (
         select 1 from ${SCHEMA}.log where publisher = $1 and publisher_token = $2 for share
       ), added as (
         insert into ${SCHEMA}.timestamp (${COLUMNS})
         select $3::bigint, $4::bigint, $5, $6, $7, $8::bytea from held on conflict do nothing
       ) select count(*) held from held`,
      [lease.id, lease.token, ...valuesOf(one)],
    );
    if (rows[0]!.held === '0') throw new QuietproofError('QP6575');
  }
}

const COLUMNS = 'size, time, authority, file, checkpoint, content';

function valuesOf(one: Timestamped): readonly unknown[] {
  const { size, time, authority, checkpoint, timestamp } = one;
  return [size, time, authority, timestampFilesOf(one).timestamp, checkpoint, Buffer.from(timestamp)];
}

function placeOf({ size, time, authority }: PlaceRow): TimestampPlace {
  return { size: Number(size), time: Number(time), authority };
}

/** Adds one that another store had. @throws QP6571 */
export async function insertTimestamp(sql: Sql, one: Timestamped): Promise<void> {
  const insert = `insert into ${SCHEMA}.timestamp (${COLUMNS}) values ($1, $2, $3, $4, $5, $6)`;
  await sql.query(insert, valuesOf(one));
}

/** A file of timestamps by its path in the log, as the embedded store has it on disk. @throws QP6571 */
export async function timestampFile(sql: Sql, name: string): Promise<Uint8Array | undefined> {
  const [, list, size, file] = PATH.exec(name) ?? [];
  if (list !== undefined) return listOf(sql);
  if (size === undefined || file === undefined) return undefined;
  const isCheckpoint = file === 'checkpoint';
  const { rows } = await sql.query<{ checkpoint: string; content: Buffer }>(
    `select checkpoint, content from ${SCHEMA}.timestamp
     where size = $1 and ($2 or file = $3) order by place desc limit 1`,
    [size, isCheckpoint, `${size}/${file}`],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  return isCheckpoint ? new TextEncoder().encode(found.checkpoint) : new Uint8Array(found.content);
}

async function listOf(sql: Sql): Promise<Uint8Array | undefined> {
  const { rows } = await sql.query<PlaceRow>(
    `select size, time, authority from ${SCHEMA}.timestamp order by place`,
  );
  if (rows.length === 0) return undefined;
  return new TextEncoder().encode(rows.map((row) => listLine(placeOf(row))).join(''));
}

/** All of them, in their order. @throws QP6571 */
export async function* storedTimestamps(sql: Sql): AsyncGenerator<Timestamped> {
  for (let after = 0; ; ) {
    const { rows } = await sql.query<PlaceRow & { place: string; checkpoint: string; content: Buffer }>(
      `select place, size, time, authority, checkpoint, content from ${SCHEMA}.timestamp
       where place > $1 order by place limit $2`,
      [after, BATCH],
    );
    for (const row of rows) {
      const { checkpoint, content } = row;
      yield { ...placeOf(row), checkpoint, timestamp: new Uint8Array(content) };
    }
    if (rows.length < BATCH) return;
    after = Number(rows.at(-1)!.place);
  }
}
