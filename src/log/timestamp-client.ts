import { createHash, randomBytes } from 'node:crypto';
import { readCheckpoint, signedBytes } from '@quietproof/verify/log';
import { type CheckedTimestamp, checkTimestamp, type TimestampTrust } from '@quietproof/verify/timestamp';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { post } from './http-post.ts';
import { timestampQuery } from './timestamp-query.ts';

/** A time-stamping authority (RFC 3161 over HTTP). */
export interface TimestampAuthority {
  /** For people. */
  readonly name: string;
  readonly url: string;
  /** Its root: an answer that readers with this root would not believe is refused. */
  readonly trust: TimestampTrust;
}

export interface TimestampOptions {
  /** For one request, in milliseconds. */
  readonly timeout?: number;
}

/** What one authority did. */
export type TimestampOutcome =
  | {
      readonly authority: string;
      /** Its answer, a TimeStampResp in DER: what is kept and given to readers. */
      readonly timestamp: Uint8Array;
      readonly checked: CheckedTimestamp;
    }
  | { readonly authority: string; readonly error: QuietproofError };

const TIMEOUT = 10_000;
const MAX_ANSWER = 1 << 16;
const NONCE_BYTES = 16;

/**
 * Has a digest timestamped, and checks the answer.
 *
 * @param digest sha256: all that the authority learns
 * @throws QP6412 (no answer), QP6413 (refused), QP6414 (no timestamp of what was asked that its readers would believe)
 */
export async function requestTimestamp(
  { name, url, trust }: TimestampAuthority,
  digest: Uint8Array,
  { timeout = TIMEOUT }: TimestampOptions = {},
): Promise<{ readonly timestamp: Uint8Array; readonly checked: CheckedTimestamp }> {
  const nonce = BigInt(`0x${randomBytes(NONCE_BYTES).toString('hex')}`);
  const { status, contentType, body } = await post({
    url,
    body: timestampQuery(digest, nonce),
    contentType: 'application/timestamp-query',
    timeout,
    limit: MAX_ANSWER,
    unreachable: 'QP6412',
  });
  const where = `${name}, ${url}`;
  if (status !== 200) throw new QuietproofError('QP6413', { where: `${where}: status ${status}` });
  if (contentType !== 'application/timestamp-reply') {
    throw new QuietproofError('QP6414', { where: `${where}: ${contentType || 'no content type'}` });
  }
  const checked = checkAnswer(body, digest, trust, where);
  // An answer to another request would state an earlier time.
  if (checked.nonce !== nonce) throw new QuietproofError('QP6414', { where: `${where}: another nonce` });
  return { timestamp: body, checked };
}

function checkAnswer(body: Uint8Array, digest: Uint8Array, trust: TimestampTrust, where: string) {
  try {
    return checkTimestamp(body, { algorithm: 'sha256', digest }, trust);
  } catch (cause) {
    const isRefused = (cause as { code?: string }).code === 'QP7713';
    throw new QuietproofError(isRefused ? 'QP6413' : 'QP6414', { where, cause });
  }
}

/**
 * Has a checkpoint timestamped by all authorities at once: its text, which is what the log and its witnesses sign, so
 * that later signatures change nothing.
 *
 * @returns what each authority did, in their order, with the errors of `requestTimestamp`
 */
export function timestampCheckpoint(
  checkpoint: string,
  authorities: readonly TimestampAuthority[],
  options: TimestampOptions = {},
): Promise<TimestampOutcome[]> {
  const text = signedBytes(readCheckpoint(checkpoint).note.text);
  const digest = new Uint8Array(createHash('sha256').update(text).digest());
  return Promise.all(
    authorities.map(async (one) => {
      try {
        return { authority: one.name, ...(await requestTimestamp(one, digest, options)) };
      } catch (error) {
        if (error instanceof QuietproofError) return { authority: one.name, error };
        throw error;
      }
    }),
  );
}
