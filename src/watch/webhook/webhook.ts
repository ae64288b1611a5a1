import { createHash, createHmac } from 'node:crypto';
import path from 'node:path';
import type { Alarm } from '@quietproof/client';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { post } from '../../log/http-post.ts';
import { LineFile } from '../store/line-file.ts';

export interface WebhookOptions {
  readonly url: URL;
  /** On each line `whsec_` and 24 to 64 bytes in base64. A message is signed with each, so that one can be exchanged. */
  readonly secrets: string;
  /** Where it is kept which alarms were told. */
  readonly folder: string;
  readonly onTrouble: (what: string) => void;
  /** Milliseconds after the first, second, … failure. The last one is repeated. */
  readonly retries?: readonly number[];
}

const RETRIES = [1000, 5000, 30_000, 300_000, 1_800_000] as const;
const TIMEOUT = 15_000;
/** Bytes of an answer, of which only the status counts. */
const ANSWER_LIMIT = 1 << 16;

/**
 * Tells a web server of each alarm, until it answers with 2xx, in the form of Standard Webhooks. What was not told when
 * this process ended is told by the next one, so a receiver may get an alarm twice, under the same `webhook-id`.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #keys: readonly Buffer[];
  readonly #told: LineFile;
  /** Ids of alarms that were told, or are being told. */
  readonly #known: Set<unknown>;
  readonly #closing = new AbortController();
  readonly #sending = new Set<Promise<void>>();

  private constructor(options: WebhookOptions, keys: readonly Buffer[], told: LineFile, known: Set<unknown>) {
    [this.#options, this.#keys, this.#told, this.#known] = [options, keys, told, known];
  }

  /** @throws QP6456; QP6452, QP8001–QP8008 (its file) */
  static async open(options: WebhookOptions): Promise<Webhook> {
    const keys = keysOf(options.secrets);
    const { lines, values } = await LineFile.open(path.join(options.folder, 'told.jsonl'));
    return new Webhook(options, keys, lines, new Set(values));
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
      onTrouble(`The webhook at ${url.host} was not told of an alarm: ${failure}`);
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
      const { status } = await post({
        url: this.#options.url.href,
        body,
        contentType: 'application/json',
        headers: signed(this.#keys, alarm.id, body),
        timeout: TIMEOUT,
        limit: ANSWER_LIMIT,
        unreachable: 'QP6457',
        signal: this.#closing.signal,
      });
      return status >= 200 && status < 300 ? undefined : `it answers with status ${status}`;
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

/** Headers of Standard Webhooks. An alarm has the same id each time. */
function signed(keys: readonly Buffer[], alarmId: string, body: string): Record<string, string> {
  const id = `alarm_${createHash('sha256').update(alarmId).digest('hex').slice(0, 32)}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const sign = (key: Buffer) =>
    `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': keys.map(sign).join(' ') };
}

/** @throws QP6456; what it says never quotes a secret */
function keysOf(secrets: string): Buffer[] {
  const lines = secrets.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(keyOf);
  if (keys.length > 0) return keys;
  throw new QuietproofError('QP6456', { what: 'The file of the secret of the webhook is empty' });
}

function keyOf(line: string): Buffer {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (key.length >= 24 && key.length <= 64) return key;
  throw new QuietproofError('QP6456', {
    what: 'A secret of the webhook is not "whsec_" and 24 to 64 bytes in base64',
    fix: 'Write what `echo "whsec_$(openssl rand -base64 32)"` prints',
  });
}
