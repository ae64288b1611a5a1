import {
  type Fields,
  fieldsOf,
  type ReceivedReceipt,
  readReceipts,
  tensorsOf,
  UnreadableMessage,
} from '@quietproof/client/oip';
import {
  decodeAnswers,
  type ModelRecordV2,
  type Reading,
  Refusal,
  type RowValue,
  readingOf,
} from '@quietproof/verify';
import type { LogTrust } from '@quietproof/verify/log';
import { type CheckedPromise, checkPromise } from '@quietproof/verify/seal';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { type InferRequest, readInferRequest } from '../oip/read-request.ts';
import { writeInferResponse } from '../oip/write-response.ts';

/** A request and its answer, both in JSON, as they were sent. */
export interface Exchange {
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
  /** Where it was sent as a header. */
  readonly context?: string;
}

export interface ExchangeTrust {
  /** The record of the model that the caller expects, whose ids have been checked. */
  readonly model: ModelRecordV2;
  /** @throws Refusal QP7711 for a log that the caller does not trust */
  readonly logOf: (origin: string) => LogTrust;
  /** When the answer arrived, in seconds since 1970; by default the log's own word is taken. */
  readonly arrived?: number;
}

/** What an endpoint has promised about one row. */
export interface CheckedRow extends CheckedPromise {
  readonly row: number;
  /** Whether the time of the entry was compared with the caller's clock. */
  readonly timed: boolean;
}

/** Seconds by which an entry's time may differ from the time of arrival, and until it is in the log. */
const TOLERANCE = 60;
const INCLUDE_WITHIN = 3600;

/**
 * Checks what came with an answer: each row's promise is the log's, and about this row, this model, this context and these
 * outputs; and the tensors of the answer are what these outputs mean.
 *
 * @throws QP6544; QP6581, QP6582, QP6584 (the request); Refusal as `checkPromise`, QP7711
 */
export function checkExchange(exchange: Exchange, trust: ExchangeTrust): CheckedRow[] {
  const reading = readingOf(trust.model.interface);
  const asked = readInferRequest({ bytes: exchange.request }, tensorsOf(reading));
  const { receipts, outputs } = answerIn(exchange.answer);
  if (receipts.length !== asked.rows.length) {
    throw unlike(`It has ${receipts.length} receipts for ${asked.rows.length} rows`);
  }
  const context = contextOf(asked, exchange.context);
  const rows = receipts.map((receipt, row) =>
    checkReceipt(receipt, { row, values: asked.rows[row]!, context, trust }),
  );
  const signals = receipts.map((receipt) => receipt.outputs);
  const expected = JSON.parse(expectedOutputs(reading, asked, signals)) as Fields;
  if (JSON.stringify(expected.outputs) !== JSON.stringify(outputs)) {
    throw unlike('The tensors of the answer are not those of the outputs that were sealed');
  }
  return rows;
}

function answerIn(bytes: Uint8Array): {
  readonly receipts: readonly ReceivedReceipt[];
  readonly outputs: unknown;
} {
  return readable(() => {
    const answer = fieldsIn(new TextDecoder().decode(bytes));
    const receipts = readReceipts(answer);
    if (receipts === undefined) throw unlike('It has no receipts: it was not sealed');
    return { receipts, outputs: answer.outputs };
  });
}

interface RowQuestion {
  readonly row: number;
  readonly values: readonly RowValue[];
  readonly context: Uint8Array;
  readonly trust: ExchangeTrust;
}

function checkReceipt(receipt: ReceivedReceipt, { row, values, context, trust }: RowQuestion): CheckedRow {
  const { promise } = receipt;
  const said = promisedBy(promise.payload);
  const { model, arrived } = trust;
  const clock = { tolerance: TOLERANCE, includeWithin: INCLUDE_WITHIN, now: arrived ?? said.time };
  const { statement, nonce, salt, outputs } = receipt;
  try {
    const checked = checkPromise(
      { promise, statement, nonce, ...(salt !== undefined && { salt: BigInt(salt) }) },
      { log: trust.logOf(said.origin), model, row: values, context, outputs, clock },
    );
    if (checked.statementDigest !== receipt.receiptId || checked.promised.index !== receipt.index) {
      throw unlike('Its receipt id or index is not that of the promise', row);
    }
    return { ...checked, row, timed: arrived !== undefined };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const where = error.where === undefined ? `row ${row}` : `row ${row}: ${error.where}`;
    throw new Refusal(error.code, { what: error.what, where });
  }
}

/** What a promise says before it is known to be the log's: whose it is, and the time in its entry. */
function promisedBy(payload: string): { readonly origin: string; readonly time: number } {
  const { origin, entry } = fieldsIn(Buffer.from(payload, 'base64').toString());
  const { time } = fieldsIn(typeof entry === 'string' ? entry : '');
  if (typeof origin === 'string' && typeof time === 'number') return { origin, time };
  throw unlike('A promise is not whole');
}

function expectedOutputs(
  reading: Reading,
  { outputs }: InferRequest,
  signals: readonly (readonly bigint[])[],
): string {
  if (outputs.some(({ binary }) => binary)) throw unlike('It was asked for in binary: keep answers in JSON');
  // Decoding wants all signals, and reads outputs only.
  const { input } = reading.plan;
  const answers = signals.map((own) => decodeAnswers(reading, [...own, ...input, 0n]));
  const { body } = writeInferResponse({ modelName: '', modelVersion: '', answers, outputs });
  return body.toString();
}

function contextOf({ context }: InferRequest, header: string | undefined): Uint8Array {
  if (context !== undefined && header !== undefined && context !== header) {
    throw unlike('The request has another context');
  }
  return new TextEncoder().encode(context ?? header ?? '');
}

/** @throws QP6544 for what is no answer of the protocol; what `read` throws */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableMessage) throw unlike(`What came cannot be read: ${error.message}`);
    throw error;
  }
}

function fieldsIn(text: string): Fields {
  return readable(() => fieldsOf(parsed(text)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unlike('A part of it is no JSON');
  }
}

function unlike(what: string, row?: number): QuietproofError {
  return new QuietproofError('QP6544', { what, ...(row !== undefined && { where: `row ${row}` }) });
}
