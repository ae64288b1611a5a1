import type { Announcements } from '../serve/announcements.ts';
import { type Clock, secondsOf } from '../serve/clock.ts';
import {
  type OpenedAddress,
  openAddress,
  type ReceiverState,
  type WebhookAddress,
} from '../webhooks/addresses.ts';
import { type Notice, noticeId, noticeText } from '../webhooks/message.ts';
import { Receiver } from '../webhooks/receiver.ts';
import type { Database } from './database.ts';
import { addReceiver, confirmNotices, type OwedNotice, owedTo, oweLate } from './notice-rows.ts';

/** In milliseconds. */
export interface WebhookTimes {
  /** Between looks for proofs that are late. Default: 5000. */
  readonly lookEvery?: number;
  /** Until what failed first is sent again; later failures wait longer. Default: 1000. */
  readonly firstPause?: number;
}

export interface FleetWebhooksOptions extends WebhookTimes {
  readonly database: Database;
  readonly origin: string;
  readonly announcements: Announcements;
  readonly clock: Clock;
  /** Where a notice was not received; it is sent again. */
  readonly onFailure: (receiver: number, error: unknown) => void;
}

/** Notices that are in memory for one receiver, at most. */
const MOST = 4096;
const LOOK_EVERY = 5000;

/**
 * Tells receivers which proofs are there and which are late, on the server that publishes the log. What is owed is in the
 * database: a notice that a proof is there comes with the proof, in one transaction, and goes when its receiver has
 * confirmed it, or with its answer. So whichever server sends, nothing is left out; a notice may come twice.
 */
export class FleetWebhooks {
  readonly #options: FleetWebhooksOptions;
  readonly #all: readonly Outbox[];
  #looked = Number.NEGATIVE_INFINITY;

  private constructor(options: FleetWebhooksOptions, addresses: readonly OpenedAddress[]) {
    this.#options = options;
    this.#all = addresses.map((address, at) => new Outbox(options, address, at));
  }

  /** @throws QP6591 for an address that is none; QP6593 (secrets); QP6571 */
  static async open(
    addresses: readonly WebhookAddress[],
    options: FleetWebhooksOptions,
  ): Promise<FleetWebhooks> {
    const opened: OpenedAddress[] = [];
    for (const address of addresses) opened.push(await openAddress(address));
    const now = secondsOf(options.clock);
    for (const { name } of opened) await addReceiver(options.database, name, now);
    return new FleetWebhooks(options, opened);
  }

  get receivers(): readonly ReceiverState[] {
    return this.#all.map(({ state }) => state);
  }

  /** Sends what is owed, while this server has the lease: to be called again and again. @throws QP6571 */
  async run(): Promise<void> {
    if (this.#all.length === 0) return;
    const { lookEvery = LOOK_EVERY } = this.#options;
    if (performance.now() - this.#looked >= lookEvery) {
      await this.#look();
      this.#looked = performance.now();
    }
    for (const outbox of this.#all) await outbox.run();
  }

  /** Notices proofs that are late now. */
  async #look(): Promise<void> {
    const { database, announcements, clock } = this.#options;
    const now = secondsOf(clock);
    for (const { modelId, policies } of [...announcements.all()]) {
      for (const [i, { from, policy }] of policies.entries()) {
        const to = policies[i + 1]?.from ?? Number.MAX_SAFE_INTEGER;
        await oweLate(database, { modelId, from, to }, now - policy.within);
      }
    }
  }

  /** Sends nothing any more: another server does, or may do so by now. */
  withdraw(): void {
    for (const outbox of this.#all) outbox.withdraw();
  }

  /** Ends what is being sent; it is owed again the next time. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((outbox) => outbox.close()));
  }
}

/** What one receiver is owed, as far as it is in memory. */
class Outbox {
  readonly #options: FleetWebhooksOptions;
  readonly #address: OpenedAddress;
  readonly #at: number;
  /** By the id that is sent: what the receiver has. */
  #known = new Map<string, OwedNotice>();
  /** Received, and still in the database. */
  readonly #confirmed = new Set<string>();
  #receiver: Receiver | undefined;
  #closing: Promise<unknown> = Promise.resolve();
  /** Of receivers before. */
  #before = { delivered: 0, failed: 0 };

  constructor(options: FleetWebhooksOptions, address: OpenedAddress, at: number) {
    [this.#options, this.#address, this.#at] = [options, address, at];
  }

  get state(): ReceiverState {
    const { delivered, failed } = this.#before;
    const now = this.#receiver ?? { delivered: 0, failed: 0 };
    return {
      waiting: this.#known.size,
      delivered: delivered + now.delivered,
      failed: failed + now.failed,
    };
  }

  async run(): Promise<void> {
    await this.#confirm();
    this.#receiver ??= this.#begin();
    if (this.#known.size >= MOST) return;
    const besides = Array.from(this.#known.values(), ({ place }) => place);
    const most = MOST - this.#known.size;
    for (const owed of await owedTo(this.#options.database, this.#address.name, { besides, most })) {
      if (this.#isOver(owed)) continue;
      const notice = { type: owed.type, receiptId: owed.receiptId, position: owed.index };
      // Confirmed while the database was asked, so that its row was there.
      if (this.#confirmed.has(owed.place)) continue;
      this.#known.set(noticeId(notice), owed);
      this.#receiver.add(notice);
    }
  }

  #begin(): Receiver {
    const { onFailure, firstPause } = this.#options;
    const { url, secrets } = this.#address;
    const known = this.#known;
    return new Receiver({
      url,
      secrets,
      textOf: (notice) => this.#textOf(known, notice),
      onReceived: (notice) => this.#received(known, notice),
      onFailure: (error) => onFailure(this.#at, error),
      ...(firstPause !== undefined && { firstPause }),
    });
  }

  #textOf(known: Map<string, OwedNotice>, notice: Notice): string | undefined {
    const id = noticeId(notice);
    const owed = known.get(id);
    if (owed === undefined) return undefined;
    if (this.#isOver(owed)) {
      known.delete(id);
      return undefined;
    }
    const { origin, clock, announcements } = this.#options;
    const { within, retention } = announcements.policyOf(owed);
    const expires = owed.time + retention;
    const due = owed.since === null ? {} : { due: owed.since + within };
    return noticeText(notice.type, origin, { ...owed, ...due, expires, position: owed.index }, clock());
  }

  /** Whether its answer is old, so that it is erased. One of a model that this server has not heard of yet comes later. */
  #isOver(owed: OwedNotice): boolean {
    const { announcements, clock } = this.#options;
    if (announcements.get(owed.modelId) === undefined) return true;
    return owed.time + announcements.policyOf(owed).retention <= secondsOf(clock);
  }

  #received(known: Map<string, OwedNotice>, notice: Notice): void {
    const id = noticeId(notice);
    const owed = known.get(id);
    if (owed === undefined) return;
    known.delete(id);
    this.#confirmed.add(owed.place);
  }

  /** @throws QP6571; then it is tried again */
  async #confirm(): Promise<void> {
    const places = [...this.#confirmed];
    await confirmNotices(this.#options.database, places);
    for (const place of places) this.#confirmed.delete(place);
  }

  withdraw(): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    [this.#receiver, this.#known] = [undefined, new Map()];
    this.#closing = Promise.all([this.#closing, this.#end(receiver)]);
  }

  async #end(receiver: Receiver): Promise<void> {
    await receiver.close();
    const { delivered, failed } = this.#before;
    this.#before = { delivered: delivered + receiver.delivered, failed: failed + receiver.failed };
    // What fails comes again from another server.
    await this.#confirm().catch(() => {});
  }

  async close(): Promise<void> {
    this.withdraw();
    await this.#closing;
  }
}
