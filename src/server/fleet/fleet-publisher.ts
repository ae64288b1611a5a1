import { randomUUID } from 'node:crypto';
import type { LogTree } from '../../log/log-tree.ts';
import type { Cosigning } from '../serve/cosigning.ts';
import type { Database } from './database.ts';
import type { LogWriter, PublisherLease } from './database-log.ts';
import { SCHEMA } from './schema.ts';

export interface FleetPublisherOptions {
  readonly database: Database;
  readonly writer: LogWriter;
  readonly cosigning: Cosigning;
  /** Milliseconds between checkpoints. */
  readonly every: number;
  /** Seconds for which a server that says nothing more keeps the lease, by the database's clock. */
  readonly lease: number;
  /** What only one server has to do, once in a while; what happens if two do it is harmless. */
  readonly chores: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

const LONGEST_PAUSE = 10_000;
/** Seconds. */
const LONGEST_LEASE = 60;

/** Publishes the log while this server has the lease, and tries to get it while it has not. */
export class FleetPublisher {
  readonly #options: FleetPublisherOptions;
  readonly #id = randomUUID();
  #lease: PublisherLease | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turning: Promise<void> = Promise.resolve();
  #failures = 0;
  #closed = false;
  /** Entries that the last checkpoint covers which this server has seen. */
  covered = 0;

  constructor(options: FleetPublisherOptions) {
    this.#options = options;
  }

  /** Whether this server had the lease at its last turn. */
  get isPublisher(): boolean {
    return this.#lease !== undefined;
  }

  start(): void {
    this.#schedule(0);
  }

  #schedule(pause: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#turning = this.#turn();
    }, pause);
  }

  async #turn(): Promise<void> {
    const { every, onFailure, chores } = this.#options;
    try {
      await this.#publish();
      if (this.#lease !== undefined && !this.#closed) await chores();
      this.#failures = 0;
    } catch (error) {
      this.#lease = undefined;
      this.#failures += 1;
      onFailure(error);
    }
    this.#schedule(Math.min(LONGEST_PAUSE, every * 2 ** this.#failures));
  }

  async #publish(): Promise<void> {
    const { writer, cosigning } = this.#options;
    this.#lease = await this.#acquire();
    const lease = this.#lease;
    if (lease === undefined) return;
    const tree = await writer.publish(lease, (unsigned) => cosigning.cosign(unsigned));
    if (tree === undefined) return;
    this.covered = tree.size;
    cosigning.published(this.#cosigned(lease, tree));
  }

  /** As cosigning sees it: cosignatures that come late are added to what is published. */
  #cosigned(lease: PublisherLease, tree: LogTree) {
    const published = {
      tree,
      checkpoint: tree.checkpoint,
      publishSigned: async (before: string, signed: string) => {
        const done = await this.#options.writer.amend(lease, before, signed);
        if (done) published.checkpoint = signed;
        return done;
      },
    };
    return published;
  }

  /**
   * Takes the lease, or keeps it. Whoever gets it from another one gets a new token with it. A lease that lasts longer than
   * any is given is from before the database's clock was set back.
   */
  async #acquire(): Promise<PublisherLease | undefined> {
    const { rows } = await this.#options.database.query<{ publisher_token: string; size: string }>(
      `update ${SCHEMA}.log set
         publisher_token = publisher_token + (publisher is distinct from $1)::int,
         publisher = $1,
         publisher_until = clock_timestamp() + make_interval(secs => $2)
       where publisher = $1 or publisher_until < clock_timestamp()
         or publisher_until > clock_timestamp() + make_interval(secs => $3)
       returning publisher_token, size`,
      [this.#id, this.#options.lease, Math.max(LONGEST_LEASE, this.#options.lease)],
    );
    const [found] = rows;
    if (found === undefined) return undefined;
    this.covered = Number(found.size);
    return { id: this.#id, token: found.publisher_token };
  }

  /** Publishes what is sealed, if this server may, and lets go of the lease. @throws what publishing throws */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turning;
    try {
      await this.#publish();
      await this.#options.database.query(
        `update ${SCHEMA}.log set publisher_until = '-infinity' where publisher = $1`,
        [this.#id],
      );
    } finally {
      this.#options.cosigning.close();
    }
  }
}
