import path from 'node:path';
import { makeFolder } from '../../store/durable-file.ts';
import { type Clock, secondsOf } from '../serve/clock.ts';
import type { AnswerState, EndpointEvent, LocalEndpoint } from '../serve/endpoint.ts';
import { openAddress, type ReceiverState, type WebhookAddress } from './addresses.ts';
import { type EventType, type Notice, noticeText } from './message.ts';
import { Received } from './received.ts';
import { Receiver } from './receiver.ts';

export interface WebhookOptions {
  readonly addresses: readonly WebhookAddress[];
  /** Holds what was received. */
  readonly folder: string;
  /** Where a notice was not received; it is sent again. */
  readonly onFailure: (receiver: number, error: unknown) => void;
  /** Milliseconds between looks for proofs that are late. Default: 5000. */
  readonly lookEvery?: number;
  readonly firstPause?: number;
  readonly clock?: Clock;
}

interface Own {
  readonly receiver: Receiver;
  readonly received: Received;
}

/** Tells receivers which proofs are there and which are late: at least once each, whatever ends the process. */
export class Webhooks {
  readonly #endpoint: LocalEndpoint;
  readonly #all: readonly Own[];
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  /** Those that were late at the last look. */
  #late: ReadonlySet<string> = new Set<string>();
  #closed = false;

  private constructor(endpoint: LocalEndpoint, all: readonly Own[], lookEvery: number, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#all = all;
    for (const answer of endpoint.answers()) if (answer.proved) this.#tell('proof.ready', answer);
    this.#look();
    this.#timer = setInterval(() => this.#look(), lookEvery);
    this.#timer.unref();
  }

  /** @throws QP6591 for an address that is none; QP6593 (secrets); QP8001–QP8008 */
  static async open(endpoint: LocalEndpoint, options: WebhookOptions): Promise<Webhooks> {
    const { addresses, folder, onFailure, lookEvery = 5000, firstPause, clock = Date.now } = options;
    await makeFolder(folder, 0o700);
    const all: Own[] = [];
    try {
      for (const [at, address] of addresses.entries()) {
        const { url, secrets, name } = await openAddress(address);
        const received = await Received.open(path.join(folder, name), secondsOf(clock));
        const textOf = ({ type, receiptId }: Notice) => {
          const answer = endpoint.answerState(receiptId);
          return answer && noticeText(type, endpoint.origin, answer, clock());
        };
        const receiver = new Receiver({
          url,
          secrets,
          textOf,
          onReceived: (notice) => received.add(notice),
          onFailure: (error) => onFailure(at, error),
          ...(firstPause && { firstPause }),
        });
        all.push({ receiver, received });
      }
    } catch (error) {
      await Promise.all(all.map(closeOne));
      throw error;
    }
    return new Webhooks(endpoint, all, lookEvery, clock);
  }

  get receivers(): readonly ReceiverState[] {
    return this.#all.map(({ receiver }) => receiver);
  }

  /** To be called with each event of the endpoint. */
  heard(event: EndpointEvent): void {
    if (this.#closed) return;
    if (event.kind === 'settled') for (const { received } of this.#all) received.forget(event.position);
    if (event.kind !== 'proved') return;
    const answer = this.#endpoint.answerState(event.receiptId);
    if (answer !== undefined) this.#tell('proof.ready', answer);
  }

  /** Notices proofs that are late now. */
  #look(): void {
    const late = new Set<string>();
    for (const answer of this.#endpoint.overdue(secondsOf(this.#clock))) {
      late.add(answer.receiptId);
      if (!this.#late.has(answer.receiptId)) this.#tell('proof.late', answer);
    }
    this.#late = late;
  }

  /** Whether somebody has not confirmed yet what there is to tell about an answer. */
  owes(receiptId: string): boolean {
    return this.#all.some(({ receiver }) => receiver.owes(receiptId));
  }

  #tell(type: EventType, { receiptId, position, time }: AnswerState): void {
    const notice = { type, receiptId, position };
    for (const { receiver, received } of this.#all) {
      if (time >= received.since && !received.has(notice)) receiver.add(notice);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await Promise.all(this.#all.map(closeOne));
  }
}

async function closeOne({ receiver, received }: Own): Promise<void> {
  await receiver.close();
  await received.close();
}
