import { randomUUID } from 'node:crypto';
import type { LogTree } from '../../log/log-tree.ts';
import type { Cosigning } from '../serve/cosigning.ts';
import type { Timestamping } from '../serve/timestamping.ts';
import type { Database } from './database.ts';
import type { LogWriter } from './database-log.ts';
import { leaveLease, type PublisherLease, takeLease } from './publisher-lease.ts';

export interface FleetPublisherOptions {
  readonly database: Database;
  readonly writer: LogWriter;
  readonly cosigning: Cosigning;
  readonly timestamping: Timestamping;
  /** Milliseconds between checkpoints. */
  readonly every: number;
  /** Seconds for which a server that says nothing more keeps the lease, by the database's clock. */
  readonly lease: number;
  /** What only one server has to do, once in a while; what happens if two do it is harmless. */
  readonly chores: () => Promise<void>;
  /** Another server publishes, or may do so by now. */
  readonly onLost: () => void;
  readonly onFailure: (error: unknown) => void;
}

const LONGEST_PAUSE = 10_000;

/** Publishes the log while this server has the lease, and tries to get it while it has not. */
export class FleetPublisher {
  readonly #options: FleetPublisherOptions;
  readonly #id = randomUUID();
  #lease: PublisherLease | undefined;
  /** Of the lease under which the services were told about the log. */
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turning: Promise<void> = Promise.resolve();
  #failures = 0;
  #closed = false;
  /** Entries that the last checkpoint covers which this server has seen. */
  covered = 0;

  constructor(options: FleetPublisherOptions) {
    this.#options = options;
  }

  /** The lease that this server had at its last turn, which may be another's by now. */
  get lease(): PublisherLease | undefined {
    return this.#lease;
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
      this.#lose();
      this.#failures += 1;
      onFailure(error);
    }
    this.#schedule(Math.min(LONGEST_PAUSE, every * 2 ** this.#failures));
  }

  async #publish(): Promise<void> {
    const { database, writer, cosigning, timestamping } = this.#options;
    const taken = await takeLease(database, this.#id, this.#options.lease);
    if (taken === undefined) return this.#lose();
    const { lease } = taken;
    [this.#lease, this.covered] = [lease, taken.covered];
    const isNew = this.#told !== lease.token;
    // What others have added meanwhile.
    if (isNew) await timestamping.learn();
    const added = await writer.publish(lease, (unsigned) => cosigning.cosign(unsigned));
    const tree = added ?? (isNew ? await writer.published() : undefined);
    this.#told = lease.token;
    if (tree === undefined) return;
    this.covered = tree.size;
    cosigning.published(this.#cosigned(lease, tree));
    timestamping.published({ tree });
  }

  /** Another server publishes, or may do so by now. */
  #lose(): void {
    [this.#lease, this.#told] = [undefined, undefined];
    this.#options.timestamping.withdraw();
    this.#options.onLost();
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

  /** Publishes what is sealed, if this server may, and lets go of the lease. @throws what publishing throws */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turning;
    try {
      await this.#publish();
      await this.#options.timestamping.close();
      await leaveLease(this.#options.database, this.#id);
    } finally {
      this.#options.cosigning.close();
      await this.#options.timestamping.close();
    }
  }
}
