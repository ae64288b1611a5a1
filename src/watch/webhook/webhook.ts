import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Alarm } from '@quietproof/client';
import type { QuietproofError } from '../../errors/quietproof-error.ts';
import { Sender, type SenderOptions } from '../../webhook/sender.ts';
import { LineFile } from '../store/line-file.ts';

export interface WebhookOptions extends Pick<SenderOptions, 'url' | 'secrets'> {
  /** Where it is kept which alarms were told. */
  readonly folder: string;
  readonly onTrouble: (what: string) => void;
  /** Milliseconds after the first, second, … failure. The last one is repeated. */
  readonly retries?: readonly number[];
}

const RETRIES = [1000, 5000, 30_000, 300_000, 1_800_000] as const;

/**
 * Tells a web server of each alarm, until it answers with 2xx, in the form of Standard Webhooks. What was not told when
 * this process ended is told by the next one, so a receiver may get an alarm twice, under the same `webhook-id`.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #sender: Sender;
  readonly #told: LineFile;
  /** Ids of alarms that were told, or are being told. */
  readonly #known: Set<unknown>;
  readonly #closing = new AbortController();
  readonly #sending = new Set<Promise<void>>();

  private constructor(options: WebhookOptions, told: LineFile, known: Set<unknown>) {
    [this.#options, this.#told, this.#known] = [options, told, known];
    const { url, secrets } = options;
    this.#sender = new Sender({ url, secrets, signal: this.#closing.signal });
  }

  /** @throws QP6452, QP8001–QP8008 (its file) */
  static async open(options: WebhookOptions): Promise<Webhook> {
    const { lines, values } = await LineFile.open(path.join(options.folder, 'told.jsonl'));
    return new Webhook(options, lines, new Set(values));
  }

  /** Tells of an alarm that was not told yet. */
  tell(alarm: Alarm): void {
    if (this.#known.has(alarm.id)) return;
    this.#known.add(alarm.id);
    const sending = this.#tell(alarm).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  async #tell(alarm: Alarm): Promise<void> {
    const { retries = RETRIES, url, onTrouble } = this.#options;
    for (let failures = 0; ; failures += 1) {
      const failure = await this.#send(alarm);
      if (failure === undefined) return this.#remember(alarm);
      if (this.#closing.signal.aborted) return;
      onTrouble(`The webhook at ${new URL(url).host} was not told of an alarm: ${failure}`);
      await this.#wait(retries[Math.min(failures, retries.length - 1)]!);
      if (this.#closing.signal.aborted) return;
    }
  }

  async #remember({ id }: Alarm): Promise<void> {
    await this.#told.add([id]).catch((error: Error) => this.#options.onTrouble(error.message));
  }

  /** @returns why it was not taken */
  async #send(alarm: Alarm): Promise<string | undefined> {
    const body = JSON.stringify({
      type: 'quietproof.watch.alarm',
      timestamp: new Date(alarm.found * 1000).toISOString(),
      data: alarm,
    });
    try {
      await this.#sender.send(messageId(alarm), body);
      return undefined;
    } catch (error) {
      return (error as QuietproofError).what;
    }
  }

  #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** What could not be told by now is told when the next one opens. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#sending);
    await this.#told.close();
  }
}

/** An alarm has the same id each time. */
function messageId({ id }: Alarm): string {
  return `alarm_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
