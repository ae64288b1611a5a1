import type { OpeningV2 } from '@quietproof/verify';
import type { Announcements } from '../serve/announcements.ts';
import { LONGEST_RETRY } from '../serve/answering.ts';
import { type Clock, secondsOf } from '../serve/clock.ts';
import type { Receipt, Revealed } from '../serve/endpoint.ts';
import type { OpenModels } from '../serve/open-models.ts';
import { isReceiptId, openingOf, requireRevealable } from '../serve/receipt-requests.ts';
import type { RecordWriter } from '../serve/record-writer.ts';
import type { Database } from './database.ts';
import { type FleetAnswer, findAnswer, placeOf, reasonOf } from './fleet-answers.ts';
import type { FleetDraws } from './fleet-draws.ts';
import type { FleetState } from './fleet-state.ts';
import type { PostgresStore } from './postgres-store.ts';

/** What receipts are made from. */
export interface ReceiptParts {
  readonly database: Database;
  readonly store: PostgresStore;
  readonly writer: RecordWriter;
  readonly announcements: Announcements;
  readonly models: OpenModels;
  readonly draws: FleetDraws;
  readonly clock: Clock;
  /** Learns what other servers have announced. */
  readonly learn: () => Promise<void>;
  /** As it was at the last look. */
  readonly state: () => FleetState;
}

/** What has come of answers, whichever server gave them: all of it is in the database. */
export class FleetReceipts {
  readonly #parts: ReceiptParts;

  constructor(parts: ReceiptParts) {
    this.#parts = parts;
  }

  async receipt(id: string): Promise<Receipt | undefined> {
    const found = await this.#find(id);
    return found === undefined || 'state' in found ? found : this.#receiptOf(found);
  }

  async #find(id: string): Promise<FleetAnswer | Extract<Receipt, { state: 'expired' }> | undefined> {
    if (!isReceiptId(id)) return undefined;
    const { database, store, clock, announcements, learn } = this.#parts;
    const found = await findAnswer(database, id);
    if (found === undefined) return (await store.wasErased(id)) ? { state: 'expired' } : undefined;
    // Another server may have announced the model since the last look.
    if (announcements.get(found.modelId) === undefined) await learn();
    return this.#expiryOf(found) <= secondsOf(clock) ? { state: 'expired' } : found;
  }

  #expiryOf(found: FleetAnswer): number {
    return found.time + this.#parts.announcements.policyOf(found).retention;
  }

  async #receiptOf(found: FleetAnswer): Promise<Exclude<Receipt, { state: 'expired' }>> {
    const { modelId, index, time, lane, bundle } = found;
    const own = { modelId, index, time, expires: this.#expiryOf(found) };
    if (bundle !== undefined) return { ...own, state: 'proved', bundle };
    if (lane === null) return { ...own, state: 'sealed' };
    const givenUp = reasonOf(found.dead);
    if (givenUp !== undefined) {
      return { ...own, state: 'queued', place: 0, retryAfter: LONGEST_RETRY, givenUp };
    }
    const place = await placeOf(this.#parts.database, found);
    return { ...own, state: 'queued', place, retryAfter: this.#secondsFor(place) };
  }

  #secondsFor(place: number): number {
    const { proved, seconds, threads } = this.#parts.state();
    const average = proved === 0 ? 1 : seconds / proved;
    return Math.min(LONGEST_RETRY, Math.max(1, Math.ceil(((place + 1) * average) / Math.max(1, threads))));
  }

  async ask(id: string): Promise<Receipt | undefined> {
    const found = await this.#find(id);
    if (found === undefined || 'state' in found) return found;
    const isDone = found.bundle !== undefined || (found.lane === 'asked' && found.dead === null);
    if (isDone) return this.#receiptOf(found);
    const { modelId, index: answer } = found;
    const time = secondsOf(this.#parts.clock);
    await this.#parts.writer.mark({ kind: 'asked', modelId, answer, time });
    return this.receipt(id);
  }

  async reveal(id: string, randomness: Uint8Array): Promise<Revealed | undefined> {
    const found = await this.#find(id);
    if (found === undefined || 'state' in found) return undefined;
    const { store, writer, draws, clock, announcements } = this.#parts;
    requireRevealable(randomness, announcements.policyOf(found), found.beacon !== null);
    const { modelId, index: answer } = found;
    if (!found.decided) {
      const record = await store.read(answer);
      if (record === undefined) return undefined;
      const { entry } = record;
      const drawn = draws.decides({ modelId, index: answer, entry }, randomness);
      // The database takes the first one, whichever server it comes from.
      await writer.mark({ kind: 'revealed', modelId, answer, drawn, time: secondsOf(clock) });
    }
    const after = await this.#find(id);
    if (after === undefined || 'state' in after) return undefined;
    return { drawn: after.lane === 'drawn', receipt: await this.#receiptOf(after) };
  }

  async opening(id: string): Promise<OpeningV2 | undefined> {
    const found = await this.#find(id);
    if (found === undefined || 'state' in found) return undefined;
    const { store, models, announcements } = this.#parts;
    const record = await store.read(found.index);
    return openingOf(record, (modelId) => models.answerer(announcements.require(modelId)));
  }
}
