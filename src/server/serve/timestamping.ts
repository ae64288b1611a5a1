import type { LogTree } from '../../log/log-tree.ts';
import { type TimestampAuthority, timestampCheckpoint } from '../../log/timestamp-client.ts';
import type { Clock } from './clock.ts';
import { LogService } from './log-service.ts';
import type { TimestampStore } from './timestamp-store.ts';

export interface TimestampingOptions {
  readonly store: TimestampStore;
  readonly authorities: readonly TimestampAuthority[];
  /** Seconds between timestamps of one authority, while the log grows. Default: 3600. */
  readonly every: number | undefined;
  readonly clock: Clock;
  readonly onFailure: (authority: string, error: unknown) => void;
}

const EVERY = 3600;

/** Has checkpoints timestamped once in a while, and keeps the timestamps. */
export class Timestamping {
  readonly authorities: readonly LogService[];
  readonly #store: TimestampStore;
  readonly #clock: Clock;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  /** It asks for nothing before `learn`. */
  constructor({ store, authorities, every = EVERY, clock, onFailure }: TimestampingOptions) {
    [this.#store, this.#clock] = [store, clock];
    this.authorities = authorities.map(
      (authority) =>
        new LogService({
          name: authority.name,
          ask: (tree) => this.#ask(authority, tree),
          every: every * 1000,
          renewEvery: Number.POSITIVE_INFINITY,
          onFailure: (error) => onFailure(authority.name, error),
        }),
    );
  }

  /** Finds out what has been timestamped already, by whomever. @throws as the store does */
  async learn(): Promise<void> {
    if (this.authorities.length === 0) return;
    const last = new Map((await this.#store.last()).map((one) => [one.authority, one]));
    for (const authority of this.authorities) {
      const own = last.get(authority.name);
      authority.remember(own && { entries: own.size, ago: this.#clock() - own.time * 1000 });
    }
  }

  /** The log has published its last checkpoint. */
  published({ tree }: { readonly tree: LogTree }): void {
    for (const authority of this.authorities) authority.offer(tree);
  }

  /** Asks no more until the next checkpoint is published. */
  withdraw(): void {
    for (const authority of this.authorities) authority.withdraw();
  }

  async #ask(authority: TimestampAuthority, { size, checkpoint }: LogTree): Promise<void> {
    const [outcome] = await timestampCheckpoint(checkpoint, [authority]);
    if (outcome === undefined || 'error' in outcome) throw outcome?.error;
    // Whoever opens the store next asks again.
    if (this.#closed) return;
    const { timestamp, checked } = outcome;
    const one = { size, time: checked.existedBy, authority: authority.name, checkpoint, timestamp };
    const before = this.#writing;
    this.#writing = before.catch(() => {}).then(() => this.#store.add(one));
    await this.#writing;
  }

  /** Asks no more, and waits for what is being written. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const authority of this.authorities) authority.close();
    await this.#writing.catch(() => {});
  }
}
