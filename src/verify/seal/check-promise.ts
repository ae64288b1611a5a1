import { hexToBytes } from '@noble/hashes/utils.js';
import type { Envelope } from '../bundle/bundle-types.ts';
import type { RowValue } from '../encoding/feature-encoding.ts';
import { encodeRow, inputWidths } from '../input/encode-row.ts';
import { inputDigest } from '../input/input-digest.ts';
import { MAX_SALT } from '../input/open-input.ts';
import { checkSignals } from '../interface/check-signals.ts';
import { contextSignal } from '../interface/context.ts';
import { INPUT_MODES } from '../interface/input-modes.ts';
import { joinSignals } from '../interface/public-signals.ts';
import type { InputReading } from '../interface/reading.ts';
import type { Hex } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import { checkInterfaceV2 } from '../v2/check-interface.ts';
import type { ModelRecordV2 } from '../v2/record-types.ts';
import { checkBindingV2, openEnvelopeV2 } from '../v2/statement.ts';
import { type KnownLog, type OpenedPromise, openPromise } from './promise.ts';
import type { PromiseEnvelope } from './promise-types.ts';
import { type Nonce, nonce as readNonce, sealContextId } from './seal-context.ts';
import { sealRefusal } from './seal-refusal.ts';

/** What an endpoint sends with an answer. */
export interface SealedParts {
  readonly promise: PromiseEnvelope;
  readonly statement: Envelope;
  readonly nonce: Nonce;
  /** Opens the digest of the input, where the model has one: below 2^128. */
  readonly salt?: bigint;
}

/** What the caller sent, got and relies on. */
export interface AskedParts {
  readonly log: KnownLog;
  /** The record of the model that the caller expects, whose ids have been checked. */
  readonly model: ModelRecordV2;
  readonly row: readonly RowValue[];
  /** The caller's part of the context; empty if none was sent. */
  readonly context: Uint8Array;
  /** The output signals, in order: the integers that the answer was decoded from. */
  readonly outputs: readonly bigint[];
  readonly clock: PromiseClock;
}

/** Seconds. An endpoint with another clock could name rounds of a beacon that are out already. */
export interface PromiseClock {
  /** When the answer arrived, since 1970. */
  readonly now: number;
  /** How far the time of the entry may be from `now`. */
  readonly tolerance: number;
  /** The longest delay until the entry is in the log that the caller accepts. */
  readonly includeWithin: number;
}

export interface CheckedPromise extends OpenedPromise {
  /** The receipt id. */
  readonly statementDigest: Hex;
  /** Those that the proof will have. */
  readonly publicSignals: readonly string[];
}

/**
 * Checks what came with an answer: that this log has promised to hold a statement about this model, this row, this context
 * and these outputs, under a context id of no other place. What is promised is as good as the log: the holder can show to
 * anybody that a promise was not kept, and nobody can show that before.
 *
 * @throws Refusal QP7740 to QP7746; QP7201, QP7010 (the statement cannot be read); QP7202, QP7203, QP7205 (it is about
 *   something else); QP7401 to QP7403 (outputs); QP7605 (the row cannot be encoded)
 */
export function checkPromise(sealed: SealedParts, asked: AskedParts): CheckedPromise {
  const opened = openPromise(sealed.promise, asked.log);
  const { statement, statementDigest, leaf } = openEnvelopeV2(sealed.statement);
  if (opened.entry.leaf !== leaf) throw sealRefusal('QP7744');
  const contextId = sealContextId(opened.promised, requireNonce(sealed.nonce));
  if (statement.predicate.contextId !== contextId) throw new Refusal('QP7745');
  const publicSignals = signalsOf(sealed, asked, contextId);
  checkBindingV2(statement, asked.model, publicSignals);
  checkTimes(opened, asked.clock);
  return { ...opened, statementDigest, publicSignals };
}

function requireNonce(text: string): Nonce {
  try {
    return readNonce(text, 'The nonce');
  } catch {
    throw new Refusal('QP7745', { what: 'The nonce is not 16 bytes in lower-case hex' });
  }
}

/** All public signals that this row, these outputs and this context give. */
function signalsOf(
  sealed: SealedParts,
  { model, row, context, outputs }: AskedParts,
  contextId: Hex,
): string[] {
  const reading = checkInterfaceV2(model.interface);
  const parts = {
    outputs,
    input: inputSignals(reading.input, row, sealed.salt),
    context: contextSignal(context, hexToBytes(contextId)),
  };
  const signals = joinSignals(parts).map(String);
  checkSignals(reading.plan, signals);
  return signals;
}

function inputSignals(input: InputReading, row: readonly RowValue[], salt: bigint | undefined): bigint[] {
  const values = encodeRow(input, row).map(({ integer }) => integer);
  if (!INPUT_MODES[input.mode].salted) return values.map(BigInt);
  if (salt === undefined || salt < 0n || salt > MAX_SALT) {
    throw sealRefusal('QP7744', {
      what: 'The answer came without a salt of 128 bits, which opens its input',
    });
  }
  return [inputDigest(values, inputWidths(input), salt)];
}

function checkTimes(
  { promised, entry }: OpenedPromise,
  { now, tolerance, includeWithin }: PromiseClock,
): void {
  if (!(Math.abs(entry.time - now) <= tolerance)) {
    throw sealRefusal('QP7746', { what: `The entry is dated ${entry.time}, and the answer came at ${now}` });
  }
  if (!(promised.includeBy - entry.time <= includeWithin)) {
    throw sealRefusal('QP7746', { what: `The entry is promised only for ${promised.includeBy}` });
  }
}
