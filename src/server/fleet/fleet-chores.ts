import type { Announcements } from '../serve/announcements.ts';
import { type Clock, secondsOf } from '../serve/clock.ts';
import type { EndpointEvent } from '../serve/endpoint.ts';
import type { Database } from './database.ts';
import type { FleetDraws } from './fleet-draws.ts';
import type { PostgresStore } from './postgres-store.ts';
import type { DeadJob, ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';

export interface FleetChoresOptions {
  readonly database: Database;
  readonly store: PostgresStore;
  readonly queue: ProofQueue;
  readonly draws: FleetDraws;
  readonly announcements: Announcements;
  /** Entries that the log covers. */
  readonly covered: () => number;
  readonly clock: Clock;
  /** Milliseconds between looks at what is old, at most. */
  readonly eraseEvery: number;
  readonly onEvent: (event: EndpointEvent) => void;
}

const DEAD_AT_ONCE = 100;

/** What the server does that publishes the log: draws, erases, and writes down why proofs were given up. */
export class FleetChores {
  readonly #options: FleetChoresOptions;
  #erased = Number.NEGATIVE_INFINITY;

  constructor(options: FleetChoresOptions) {
    this.#options = options;
  }

  /** @throws QP6571 */
  async run(): Promise<void> {
    await this.#options.draws.drawAll();
    await this.#bury();
    if (performance.now() - this.#erased < this.#options.eraseEvery) return;
    await this.#erase();
    this.#erased = performance.now();
  }

  async #bury(): Promise<void> {
    const { queue } = this.#options;
    for (;;) {
      const dead = await queue.takeDead(DEAD_AT_ONCE);
      for (const job of dead) await this.#buryOne(job);
      if (dead.length < DEAD_AT_ONCE) return;
    }
  }

  async #buryOne(job: DeadJob): Promise<void> {
    const { database, queue } = this.#options;
    await database.transaction(async (sql) => {
      // Unless it was asked for again meanwhile, which made a new job.
      await sql.query(`update ${SCHEMA}.answer set dead = $2 where index = $1 and job = $3 and not proved`, [
        job.index,
        JSON.stringify(job.reason),
        job.source,
      ]);
      await queue.complete(sql, job);
    });
  }

  async #erase(): Promise<void> {
    const { store, announcements, covered, clock, onEvent } = this.#options;
    for (const { modelId } of [...announcements.all()]) {
      const before = secondsOf(clock) - announcements.retentionOf(modelId);
      try {
        await store.erase({ modelId, before, covered: covered() }, async (answers) => {
          const unproved = await this.#unproved(answers.map(({ index }) => index));
          onEvent({ kind: 'erased', modelId, answers: answers.length, unproved });
        });
      } catch (error) {
        onEvent({ kind: 'erase-failed', error });
      }
    }
  }

  async #unproved(indices: readonly number[]): Promise<number> {
    const { rows } = await this.#options.database.query<{ count: string }>(
      `select count(*) from ${SCHEMA}.answer where index = any($1::bigint[]) and lane is not null and not proved`,
      [indices],
    );
    return Number(rows[0]!.count);
  }
}
