import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FleetPackages } from './packages.ts';

export interface DatabaseOptions {
  /** `postgres://…`, with whatever else libpq's environment says. */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Connections at most. */
  readonly connections?: number;
}

/** A connection, or one transaction. */
export interface Sql {
  query<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
}

/** Milliseconds for a connection. */
const PATIENCE = 10_000;
/**
 * Milliseconds that a transaction may do nothing. PostgreSQL ends the session of a process that was paused or cut off in one,
 * and with it the locks that others wait for.
 */
const IDLE_LIMIT = 10_000;
/** Milliseconds for one statement: none here works on more than a bounded number of rows. */
const STATEMENT_LIMIT = 60_000;

/** Connections to the database of a fleet. */
export class Database {
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    this.#pool = pool;
    // A connection that ends while nobody uses it is replaced by the next one.
    pool.on('error', () => {});
  }

  /** @throws QP6571 if it cannot be reached */
  static async open({ Pool }: FleetPackages, options: DatabaseOptions): Promise<Database> {
    const { url, name, connections = 4 } = options;
    const pool = new Pool({
      connectionString: url,
      application_name: `quietproof ${name}`,
      max: connections,
      connectionTimeoutMillis: PATIENCE,
      keepAlive: true,
      options: `-c idle_in_transaction_session_timeout=${IDLE_LIMIT} -c statement_timeout=${STATEMENT_LIMIT} -c synchronous_commit=on`,
    });
    const database = new Database(pool);
    try {
      await database.query('select 1');
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** @throws QP6571 */
  async query<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>> {
    try {
      return await this.#pool.query<R>(text, values as unknown[]);
    } catch (error) {
      throw refused(error);
    }
  }

  /**
   * Commits what `work` does, or nothing of it.
   *
   * @throws what `work` throws; QP6571, with `LostCommit` as its cause where nobody knows whether it was committed
   */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const open = await this.begin();
    let result: T;
    try {
      result = await work(open);
    } catch (error) {
      await open.rollback();
      throw error;
    }
    await open.commit();
    return result;
  }

  /** Begins a transaction, which has to be committed or rolled back. @throws QP6571 */
  async begin(): Promise<Transaction> {
    let open: Transaction | undefined;
    try {
      // It listens from here on: a session that ends while it begins would end this process otherwise.
      open = new Transaction(await this.#pool.connect());
      await open.query('begin');
      return open;
    } catch (error) {
      await open?.rollback();
      throw refused(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** Whether a transaction was committed is not known: its connection ended first. */
export class LostCommit extends Error {}

/** A transaction on a connection of its own. */
export class Transaction implements Sql {
  readonly #client: PoolClient;
  #ended = false;
  readonly #onError = () => {};

  constructor(client: PoolClient) {
    this.#client = client;
    // The session may be ended from the other side while nothing is asked of it.
    client.on('error', this.#onError);
  }

  /** @throws QP6571 */
  async query<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>> {
    try {
      return await this.#client.query<R>(text, values as unknown[]);
    } catch (error) {
      throw refused(error);
    }
  }

  /** @throws QP6571 */
  async commit(): Promise<void> {
    try {
      await this.#client.query('commit');
      this.#release();
    } catch (error) {
      this.#release(true);
      throw refused(new LostCommit(reason(error), { cause: error }));
    }
  }

  async rollback(): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#client.query('rollback');
      this.#release();
    } catch {
      this.#release(true);
    }
  }

  #release(broken = false): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#client.off('error', this.#onError);
    this.#client.release(broken);
  }
}

/** Without the statement and its values, which may be private. */
function refused(error: unknown): QuietproofError {
  if (error instanceof QuietproofError) return error;
  return new QuietproofError('QP6571', { what: reason(error), cause: error });
}

function reason(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return `PostgreSQL: ${message || 'no answer'}${code === undefined ? '' : ` (${code})`}`;
}
