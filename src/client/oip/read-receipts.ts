import type { Envelope } from '@quietproof/verify';
import { type PromiseEnvelope, parsePromise } from '@quietproof/verify/seal';
import { type Fields, fieldsOf, UnreadableMessage } from './read-message.ts';

/** What came with the answer to one row. Envelopes are read where they are checked. */
export interface ReceivedReceipt {
  /** As the endpoint names it, and its place: what the promise says counts. */
  readonly receiptId: string;
  readonly index: number;
  readonly promise: PromiseEnvelope;
  readonly statement: Envelope;
  readonly nonce: string;
  readonly salt?: string;
  /** Output signals. */
  readonly outputs: readonly bigint[];
}

const STATEMENT_TYPE = 'application/vnd.in-toto+json';
const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;

/** The receipts in a response; undefined if it has none. @throws UnreadableMessage; Refusal QP7741 for a promise */
export function readReceipts(json: Fields): ReceivedReceipt[] | undefined {
  const { receipts } = fieldsOf(json.parameters ?? {});
  if (receipts === undefined) return undefined;
  const list: unknown = typeof receipts === 'string' ? parse(receipts) : receipts;
  if (!Array.isArray(list)) throw new UnreadableMessage('its receipts are no list');
  return list.map((one) => receiptOf(fieldsOf(one)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableMessage('its receipts are no JSON');
  }
}

function receiptOf({ receiptId, index, promise, statement, nonce, salt, outputs }: Fields): ReceivedReceipt {
  if (typeof receiptId !== 'string' || typeof index !== 'number') {
    throw new UnreadableMessage('a receipt has no id or no place');
  }
  if (typeof nonce !== 'string') throw new UnreadableMessage('a receipt has no nonce');
  if (salt !== undefined && !isDecimal(salt))
    throw new UnreadableMessage('a receipt has no salt that is a number');
  if (!Array.isArray(outputs) || !outputs.every(isDecimal)) {
    throw new UnreadableMessage('a receipt has no outputs that are numbers');
  }
  return {
    receiptId,
    index,
    promise: parsePromise(JSON.stringify(promise ?? null)),
    statement: envelopeOf(fieldsOf(statement)),
    nonce,
    ...(salt !== undefined && { salt }),
    outputs: outputs.map(BigInt),
  };
}

function envelopeOf({ payload, payloadType, signatures }: Fields): Envelope {
  if (typeof payload !== 'string' || payloadType !== STATEMENT_TYPE || !isEmpty(signatures)) {
    throw new UnreadableMessage('a receipt has no statement');
  }
  return { payload, payloadType, signatures: [] };
}

const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0;

function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && DECIMAL.test(value);
}
