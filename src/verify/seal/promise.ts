import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { canonicalBytes, canonicalJson } from '../json/canonical-json.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import { integer, literal, matching, type Reader, record, text, tuple, version } from '../json/read-json.ts';
import type { NoteKey } from '../log/note.ts';
import { Refusal } from '../refusal.ts';
import { signatureHolds } from '../signature.ts';
import { preAuthenticationEncoding } from '../trust/ed25519.ts';
import { base64Text } from '../trust/read-trust.ts';
import { readAnswerEntry } from './answer-entry.ts';
import type { AnswerEntry } from './entry-types.ts';
import { origin } from './log-place.ts';
import { PROMISE_TYPE, PROMISE_VERSION, type Promised, type PromiseEnvelope } from './promise-types.ts';
import { sealRefusal } from './seal-refusal.ts';

/** Bytes of an envelope. */
const MAX_PROMISE = 1 << 14;

/** A log that a reader knows. */
export interface KnownLog {
  readonly origin: string;
  /** Its keys for checkpoints, which are also those of its promises. */
  readonly keys: readonly NoteKey[];
}

export interface OpenedPromise {
  readonly promised: Promised;
  readonly entry: AnswerEntry;
}

const readPromised: Reader<Promised> = record(
  { version: version(PROMISE_VERSION), origin, index: integer(0), entry: text, includeBy: integer(0) },
  { proveBy: integer(0) },
);

export const readPromiseEnvelope: Reader<PromiseEnvelope> = record(
  {
    payload: base64Text,
    payloadType: literal(PROMISE_TYPE),
    signatures: tuple(
      record({ keyid: matching(/^[0-9a-f]{8}$/, '8 hexadecimal digits'), sig: base64Text }, {}),
    ),
  },
  {},
);

/** What the log signs. */
export function promiseMessage(promised: Promised): Uint8Array {
  return preAuthenticationEncoding(PROMISE_TYPE, canonicalBytes(promised));
}

/** @param signature 64 bytes, of `promiseMessage` */
export function promiseEnvelope(
  promised: Promised,
  { keyId }: Pick<NoteKey, 'keyId'>,
  signature: Uint8Array,
): PromiseEnvelope {
  return {
    payload: encodeBase64(canonicalBytes(promised)),
    payloadType: PROMISE_TYPE,
    signatures: [{ keyid: keyId, sig: encodeBase64(signature) }],
  };
}

/** Reads an envelope in any layout. Checks no signature. @throws Refusal QP7741 */
export function parsePromise(source: string | Uint8Array): PromiseEnvelope {
  return refusedAsPromise(() => readPromiseEnvelope(parseJson(source, MAX_PROMISE), 'promise'));
}

/**
 * Opens a promise and checks that it is the log's.
 *
 * @throws Refusal QP7740, QP7741 (their form); QP7010 for another version; QP7012 for an entry of another kind; QP7742 if it is another log's; QP7743 if the log
 *   has not signed it
 */
export function openPromise(envelope: PromiseEnvelope, log: KnownLog): OpenedPromise {
  const payload = refusedAsPromise(() =>
    decodeBase64(envelope.payload, { code: 'QP7741', name: 'The payload' }),
  );
  const promised = refusedAsPromise(() => readPayload(payload));
  if (promised.origin !== log.origin) throw sealRefusal('QP7742', { where: promised.origin });
  const [{ keyid, sig }] = envelope.signatures;
  const signature = decodeBase64(sig, { code: 'QP7741', name: 'The signature of the promise' });
  const message = preAuthenticationEncoding(PROMISE_TYPE, payload);
  // A witness's key, which signs what it is asked to, is none of these.
  const signers = log.keys.filter(({ keyId, kind }) => keyId === keyid && kind === 'note');
  if (!signers.some(({ publicKey }) => signatureHolds(signature, message, publicKey))) {
    throw sealRefusal('QP7743', { where: `key ${keyid}` });
  }
  const entry = readAnswerEntry(promised.entry);
  return { promised, entry };
}

function readPayload(payload: Uint8Array): Promised {
  const written = decodeText(payload, MAX_PROMISE);
  const promised = readPromised(parseJson(written), 'promise');
  if (canonicalJson(promised) !== written) throw new Refusal('QP7009');
  return promised;
}

function refusedAsPromise<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7010' || error.code === 'QP7741') throw error;
    const what = `The promise cannot be read: ${error.what}`;
    throw sealRefusal('QP7741', error.where === undefined ? { what } : { what, where: error.where });
  }
}
