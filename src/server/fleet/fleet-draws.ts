import { type BeaconChain, isDrawn, roundTime } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BeaconSource } from '../serve/beacon-client.ts';
import { type Clock, secondsOf } from '../serve/clock.ts';
import type { BeaconRounds } from '../serve/sealer.ts';
import type { DrawnMark } from '../serve/store/answer-store.ts';
import type { Database } from './database.ts';
import type { PostgresStore } from './postgres-store.ts';
import { SCHEMA } from './schema.ts';

export interface FleetDrawsOptions {
  readonly origin: string;
  readonly database: Database;
  readonly store: PostgresStore;
  readonly beacons: readonly BeaconSource[];
  readonly clock: Clock;
  /** Which share of answers like this one is drawn. */
  readonly shareOf: (answer: { readonly modelId: string; readonly index: number }) => string;
  readonly onFailure: (round: number, error: unknown) => void;
}

interface Open {
  readonly model_id: string;
  readonly beacon: string;
  readonly round: string;
}

const BATCH = 1000;

/** Draws answers whose round is out. What is undecided is in the database, so that any server goes on with it. */
export class FleetDraws implements BeaconRounds {
  readonly #options: FleetDrawsOptions;
  readonly #sources: ReadonlyMap<string, BeaconSource>;
  readonly #latest = new Map<string, number>();

  constructor(options: FleetDrawsOptions) {
    this.#options = options;
    this.#sources = new Map(options.beacons.map((source) => [source.chain.hash, source]));
  }

  has(hash: string): boolean {
    return this.#sources.has(hash);
  }

  /** @throws QP6557 */
  chain(hash: string): BeaconChain {
    const source = this.#sources.get(hash);
    if (source !== undefined) return source.chain;
    throw new QuietproofError('QP6557', { what: `No beacon with the chain ${hash} was given` });
  }

  latest(hash: string): number {
    return this.#latest.get(hash) ?? 0;
  }

  /** Learns which rounds other servers have seen. @throws QP6571 */
  async refresh(): Promise<void> {
    if (this.#sources.size === 0) return;
    const { rows } = await this.#options.database.query<{ hash: string; round: string }>(
      `select hash, round from ${SCHEMA}.beacon`,
    );
    for (const { hash, round } of rows) this.#latest.set(hash, Math.max(Number(round), this.latest(hash)));
  }

  /** Draws by all rounds that are out. A beacon that fails is asked again with the next call. @throws QP6571 */
  async drawAll(): Promise<void> {
    const now = secondsOf(this.#options.clock);
    for (const [hash, source] of this.#sources) {
      const { rows } = await this.#options.database.query<Open>(
        `select distinct model_id, beacon, round from ${SCHEMA}.answer
         where beacon = $1 and not decided order by round limit 64`,
        [hash],
      );
      for (const open of rows.filter(({ round }) => roundTime(source.chain, Number(round)) <= now)) {
        await this.#draw(source, open);
      }
    }
  }

  async #draw(source: BeaconSource, { model_id: modelId, beacon, round: text }: Open): Promise<void> {
    const { database, store } = this.#options;
    const round = Number(text);
    const checked = await source.round(round).catch((error: unknown) => {
      this.#options.onFailure(round, error);
    });
    if (checked === undefined) return;
    await database.query(
      `insert into ${SCHEMA}.beacon (hash, round) values ($1, $2)
       on conflict (hash) do update set round = greatest(beacon.round, excluded.round)`,
      [beacon, round],
    );
    this.#latest.set(beacon, Math.max(round, this.latest(beacon)));
    for (;;) {
      const { rows } = await database.query<{ index: string; text: string }>(
        `select a.index, e.text from ${SCHEMA}.answer a join ${SCHEMA}.entry e using (index)
         where a.model_id = $1 and a.beacon = $2 and a.round = $3 and not a.decided order by a.index limit $4`,
        [modelId, beacon, round, BATCH],
      );
      if (rows.length === 0) return;
      const drawn = rows.filter((row) =>
        this.decides({ modelId, index: Number(row.index), entry: row.text }, checked.randomness),
      );
      const answers = drawn.map(({ index }) => Number(index));
      const last = Number(rows.at(-1)!.index);
      const time = roundTime(source.chain, round);
      await store.append([
        { kind: 'drawn', modelId, beacon, round, last, answers, time } satisfies DrawnMark,
      ]);
    }
  }

  /** Whether randomness draws an answer. */
  decides(
    answer: { readonly modelId: string; readonly index: number; readonly entry: string },
    randomness: Uint8Array,
  ): boolean {
    const { origin, shareOf } = this.#options;
    const entry = new TextEncoder().encode(answer.entry);
    return isDrawn({ origin, index: answer.index, entry, randomness, share: shareOf(answer) });
  }
}
