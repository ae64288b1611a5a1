import { createHash } from 'node:crypto';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readSecrets } from '../../webhook/secrets.ts';

/** Who is told about proofs. */
export interface WebhookAddress {
  readonly url: string;
  /** File of the secrets that sign what is sent. */
  readonly secretFile: string;
}

/** An address that can be sent to. */
export interface OpenedAddress {
  readonly url: string;
  readonly secrets: readonly Uint8Array[];
  /** The address may be a secret too: what is kept of it is named by its digest. */
  readonly name: string;
}

/** What metrics tell about a receiver. */
export interface ReceiverState {
  /** Notices that are not confirmed. */
  readonly waiting: number;
  readonly delivered: number;
  /** Attempts. */
  readonly failed: number;
}

/** @throws QP6591 for an address that is none; QP6593 (secrets) */
export async function openAddress({ url, secretFile }: WebhookAddress): Promise<OpenedAddress> {
  requireAddress(url);
  const name = createHash('sha256').update(url).digest('hex').slice(0, 16);
  return { url, secrets: await readSecrets(secretFile), name };
}

/** @throws QP6591 */
function requireAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url !== undefined && isHttp && url.username === '' && url.password === '') return;
  const what = 'The address of a webhook is an http or https URL without a password';
  throw new QuietproofError('QP6591', { what });
}
