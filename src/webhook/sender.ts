import { createHmac } from 'node:crypto';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { post } from '../log/http-post.ts';

export interface SenderOptions {
  readonly url: string;
  /** As `readSecrets` gives them. */
  readonly secrets: readonly Uint8Array[];
  /** Ends what is being sent. */
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 15_000;
/** Bytes of an answer, of which only the status counts. */
const ANSWER_LIMIT = 1 << 16;

/** Sends messages to one address, in the form of Standard Webhooks. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /**
   * Sends a message once.
   *
   * @param id the same whenever it is sent: receivers know by it what they have seen
   * @param text JSON
   * @throws QP6594 unless the receiver confirms it
   */
  async send(id: string, text: string): Promise<void> {
    const { url, secrets, signal } = this.#options;
    const { status } = await post({
      url,
      body: text,
      contentType: 'application/json',
      headers: headersOf(secrets, id, text),
      timeout: TIMEOUT_MS,
      limit: ANSWER_LIMIT,
      unreachable: 'QP6594',
      signal,
    });
    if (status < 200 || status > 299) {
      throw new QuietproofError('QP6594', { what: `The receiver answers with status ${status}`, where: url });
    }
  }
}

function headersOf(secrets: readonly Uint8Array[], id: string, text: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const sign = (secret: Uint8Array) =>
    `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${text}`).digest('base64')}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(sign).join(' '),
  };
}
