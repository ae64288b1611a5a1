import { Sender } from '../../webhook/sender.ts';
import { type Notice, noticeId } from './message.ts';

export interface ReceiverOptions {
  readonly url: string;
  readonly secrets: readonly Uint8Array[];
  /** The payload of a notice; undefined for what is erased and not sent any more. */
  readonly textOf: (notice: Notice) => string | undefined;
  readonly onReceived: (notice: Notice) => void;
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds until what failed first is tried again; later failures wait longer. Default: 1000. */
  readonly firstPause?: number;
}

interface Delivery {
  readonly notice: Notice;
  failures: number;
}

/** Requests at a time to a receiver that confirms what it gets. One that does not gets one at a time. */
const AT_ONCE = 8;
const LONGEST_PAUSE_MS = 3_600_000;

/** Sends notices to one address until it confirms them, by Standard Webhooks. It keeps nobody waiting. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #sender: Sender;
  #waiting: Delivery[] = [];
  /** Notices about each answer that are not confirmed. */
  readonly #owed = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #sending = new Set<Promise<void>>();
  /** In a row. */
  #failures = 0;
  #paused = false;
  /** Waiting for another attempt of their own. */
  #later = 0;
  delivered = 0;
  failed = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    const { url, secrets } = options;
    this.#sender = new Sender({ url, secrets, signal: this.#stop.signal });
  }

  /** Notices that are not confirmed. */
  get waiting(): number {
    return this.#waiting.length + this.#later + this.#sending.size;
  }

  add(notice: Notice): void {
    this.#owe(notice, 1);
    this.#push({ notice, failures: 0 });
  }

  owes(receiptId: string): boolean {
    return this.#owed.has(receiptId);
  }

  #owe({ receiptId }: Notice, change: 1 | -1): void {
    const count = (this.#owed.get(receiptId) ?? 0) + change;
    if (count > 0) this.#owed.set(receiptId, count);
    else this.#owed.delete(receiptId);
  }

  #push(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#pump();
  }

  #pump(): void {
    while (!this.#stop.signal.aborted && !this.#paused) {
      if (this.#sending.size >= (this.#failures === 0 ? AT_ONCE : 1)) return;
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      const sending = this.#send(delivery).finally(() => {
        this.#sending.delete(sending);
        this.#pump();
      });
      this.#sending.add(sending);
    }
  }

  async #send(delivery: Delivery): Promise<void> {
    const { textOf, onReceived, onFailure } = this.#options;
    const text = textOf(delivery.notice);
    if (text === undefined) {
      this.#owe(delivery.notice, -1);
      return;
    }
    try {
      await this.#sender.send(noticeId(delivery.notice), text);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.failed += 1;
      onFailure(error);
      this.#again(delivery);
      return;
    }
    this.#failures = 0;
    this.delivered += 1;
    onReceived(delivery.notice);
    this.#owe(delivery.notice, -1);
  }

  /** A notice that one receiver never confirms delays no other, and a receiver that is away is asked ever more rarely. */
  #again(delivery: Delivery): void {
    this.#failures += 1;
    delivery.failures += 1;
    this.#paused = true;
    this.#later += 1;
    this.#after(this.#failures, () => {
      this.#paused = false;
      this.#pump();
    });
    this.#after(delivery.failures, () => {
      this.#later -= 1;
      this.#push(delivery);
    });
  }

  #after(failures: number, task: () => void): void {
    const { firstPause = 1000 } = this.#options;
    const pause = Math.min(LONGEST_PAUSE_MS, firstPause * 2 ** Math.min(failures - 1, 30));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, pause);
    timer.unref();
    this.#timers.add(timer);
  }

  /** Ends what is being sent; it is owed again the next time. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#sending);
  }
}
