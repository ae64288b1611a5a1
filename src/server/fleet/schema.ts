import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { Database, Sql } from './database.ts';

/** Holds everything but the queue, which pg-boss keeps in a schema of its own. */
export const SCHEMA = 'quietproof';
export const QUEUE_SCHEMA = 'quietproof_queue';
const VERSION = 1;
/** Of the lock that two servers take who make the schema at the same time. */
const LOCK = 7_172_615;

/**
 * `log` has one row. `entry` is the log itself, `timestamp` is beside it: never changed, never erased. `answer` is private, and
 * erased, with what receivers of webhooks are owed about it, `notice`; whatever is derived from `entry` (`tile`, the
 * checkpoint) can be made again. Amounts of time are seconds since 1970, as in entries. `turn` gives tokens: unlike rows, it
 * is not rolled back, so no two turns ever have the same.
 */
const TABLES = `
create sequence ${SCHEMA}.turn;
create table ${SCHEMA}.log (
  one boolean primary key default true check (one),
  version integer not null,
  origin text not null,
  key text not null,
  next bigint not null default 0,
  last_time bigint not null default 0,
  writer_token bigint not null default 0,
  size bigint not null default 0,
  checkpoint text,
  publisher uuid,
  publisher_token bigint not null default 0,
  publisher_until timestamptz not null default '-infinity',
  check (size <= next)
);
create table ${SCHEMA}.entry (
  index bigint primary key,
  text text not null
);
create table ${SCHEMA}.tile (
  name text primary key,
  content bytea not null
);
create table ${SCHEMA}.model (
  model_id text primary key,
  latest bigint not null,
  retired boolean not null default false,
  files jsonb,
  record text
);
create table ${SCHEMA}.announcement (
  index bigint primary key references ${SCHEMA}.entry,
  record jsonb not null
);
create table ${SCHEMA}.answer (
  index bigint primary key references ${SCHEMA}.entry,
  receipt_id text not null unique,
  model_id text not null references ${SCHEMA}.model,
  time bigint not null,
  beacon text,
  round bigint,
  decided boolean not null default false,
  lane text,
  since bigint,
  job uuid,
  proved boolean not null default false,
  dead jsonb,
  late boolean not null default false,
  key_id text not null,
  private bytea not null
);
create index answer_due on ${SCHEMA}.answer (model_id, since) where lane is not null and not proved;
create index answer_dead on ${SCHEMA}.answer (model_id) where dead is not null;
create index answer_undrawn on ${SCHEMA}.answer (beacon, round) where beacon is not null and not decided;
create index answer_age on ${SCHEMA}.answer (model_id, time, index);
create table ${SCHEMA}.proof (
  receipt_id text primary key references ${SCHEMA}.answer (receipt_id) on delete cascade,
  bundle bytea not null
);
create table ${SCHEMA}.webhook (
  receiver text primary key,
  since bigint not null
);
create table ${SCHEMA}.notice (
  place bigint generated always as identity primary key,
  receiver text not null references ${SCHEMA}.webhook on delete cascade,
  type text not null,
  index bigint not null references ${SCHEMA}.answer on delete cascade,
  unique (index, receiver, type)
);
create index notice_order on ${SCHEMA}.notice (receiver, place);
create table ${SCHEMA}.erased (
  receipt bytea primary key
);
create table ${SCHEMA}.beacon (
  hash text primary key,
  round bigint not null
);
create table ${SCHEMA}.timestamp (
  place bigint generated always as identity,
  size bigint not null,
  time bigint not null,
  authority text not null,
  file text not null,
  checkpoint text not null,
  content bytea not null,
  primary key (size, authority)
);
create table ${SCHEMA}.worker (
  id uuid primary key,
  name text not null,
  warm text[] not null default '{}',
  threads integer not null,
  proved bigint not null default 0,
  failed bigint not null default 0,
  seconds double precision not null default 0,
  seen timestamptz not null default now()
);
`;

/**
 * What no server may do, whatever it believes: change or erase an entry or a timestamp, add an entry that its turn has not moved the log to, or
 * move the log back. So a writer whose turn is over can do nothing, even by itself.
 */
const GUARDS = `
create function ${SCHEMA}.keep_entries() returns trigger language plpgsql as $$
begin
  raise exception 'entries and timestamps of the log are never changed or erased';
end $$;
create trigger keep_entries before update or delete or truncate on ${SCHEMA}.entry
  for each statement execute function ${SCHEMA}.keep_entries();
create trigger keep_timestamps before update or delete or truncate on ${SCHEMA}.timestamp
  for each statement execute function ${SCHEMA}.keep_entries();
create function ${SCHEMA}.require_turn() returns trigger language plpgsql as $$
begin
  if exists (select 1 from added where index >= (select next from ${SCHEMA}.log)) then
    raise exception 'an entry was added behind the end of the log';
  end if;
  return null;
end $$;
create trigger require_turn after insert on ${SCHEMA}.entry
  referencing new table as added for each statement execute function ${SCHEMA}.require_turn();
create function ${SCHEMA}.keep_place() returns trigger language plpgsql as $$
begin
  if new.next < old.next or new.last_time < old.last_time or new.size < old.size
    or new.publisher_token < old.publisher_token then
    raise exception 'the log does not go back';
  end if;
  return new;
end $$;
create trigger keep_place before update on ${SCHEMA}.log
  for each row execute function ${SCHEMA}.keep_place();
`;

/** Whose log the database has. */
export interface LogName {
  readonly origin: string;
  /** As in trust files. */
  readonly key: string;
}

/**
 * Makes what is missing, and compares the log's name.
 *
 * @throws QP6572 for another log; QP6573 for a database of another version; QP6571, also where it keeps nothing durably
 */
export async function openSchema(database: Database, log: LogName): Promise<void> {
  await requireDurable(database);
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [LOCK]);
    if (!(await hasSchema(sql))) {
      await sql.query(`create schema ${SCHEMA}`);
      await sql.query(TABLES + GUARDS);
    }
    const insert = `insert into ${SCHEMA}.log (version, origin, key) values ($1, $2, $3) on conflict do nothing`;
    await sql.query(insert, [VERSION, log.origin, log.key]);
  });
  const found = await readLogName(database);
  if (found.origin !== log.origin || found.key !== log.key) {
    throw new QuietproofError('QP6572', {
      what: `It has the log ${found.origin}, and ${log.origin} was asked for, or its key is another one`,
    });
  }
}

/** @throws QP6573 where no server has made it, or one of another version; QP6571 */
export async function readLogName(database: Database): Promise<LogName> {
  if (!(await hasSchema(database))) {
    throw new QuietproofError('QP6573', {
      what: 'No server has used this database yet',
      fix: 'Start `quietproof serve` with the same --database first',
    });
  }
  const { rows } = await database.query<LogName & { version: number }>(
    `select version, origin, key from ${SCHEMA}.log`,
  );
  const [found] = rows;
  if (found?.version !== VERSION) {
    throw new QuietproofError('QP6573', {
      what: `It has version ${found?.version} of the tables, and this is version ${VERSION}`,
    });
  }
  return found;
}

async function hasSchema(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ found: string | null }>('select to_regclass($1)::text as found', [
    `${SCHEMA}.log`,
  ]);
  return rows[0]!.found !== null;
}

async function requireDurable(database: Database): Promise<void> {
  const { rows } = await database.query<{ fsync: string }>('show fsync');
  if (rows[0]!.fsync === 'on') return;
  throw new QuietproofError('QP6571', {
    what: 'Its setting fsync is off: an answer would be sent before its record is on disk',
    fix: 'Set fsync = on',
  });
}
