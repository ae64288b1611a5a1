import type { Watch } from '@quietproof/client';
import { decoded } from '../proxy/encodings.ts';
import { type ExchangePlace, readExchange } from '../store/exchange-file.ts';

/** Exchanges that are checked at a time: what they add to the store is one group. */
const AT_ONCE = 32;
/** Milliseconds after which one that could not be checked is tried again. */
const AGAIN = 1000;

export interface QueueEvents {
  /** All that is to be kept of it is durable. */
  readonly checked: (place: ExchangePlace) => void;
  readonly trouble: (error: unknown) => void;
}

/** Gives exchanges to a watch, in their order, and none of them up. */
export class ExchangeQueue {
  readonly #watch: Pick<Watch, 'took'>;
  readonly #events: QueueEvents;
  readonly #places: ExchangePlace[] = [];
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(watch: Pick<Watch, 'took'>, events: QueueEvents) {
    [this.#watch, this.#events] = [watch, events];
  }

  add(places: readonly ExchangePlace[]): void {
    this.#places.push(...places);
    this.#start();
  }

  #start(): void {
    while (!this.#closed && this.#running.size < AT_ONCE) {
      const place = this.#places.shift();
      if (place === undefined) return;
      const running = this.#check(place).finally(() => {
        this.#running.delete(running);
        this.#start();
      });
      this.#running.add(running);
    }
  }

  async #check(place: ExchangePlace): Promise<void> {
    try {
      const exchange = readExchange(place);
      if (exchange === undefined) throw new Error(`An exchange cannot be read again: ${place.file}`);
      const { id, path, at, authorized } = exchange;
      const [request, response] = await Promise.all([decoded(exchange.request), decoded(exchange.response)]);
      await this.#watch.took({ id, path, at: at * 1000, authorized: authorized === true, request, response });
      this.#events.checked(place);
    } catch (error) {
      this.#events.trouble(error);
      setTimeout(() => this.add([place]), AGAIN).unref();
    }
  }

  /** Resolves when all that can be checked by now are. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Waits for those that are being checked. The others are found again in their files. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running);
  }
}
