import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { contextSignal, type Envelope, openEnvelopeV2 } from '@quietproof/verify';
import {
  type AnswerEntry,
  type AskedParts,
  ENTRY_VERSION,
  entryText,
  type NamedRound,
  PROMISE_VERSION,
  type Promised,
  type PromiseEnvelope,
  type SealedParts,
  sealContextId,
} from '@quietproof/verify/seal';
import { makeStatementV2 } from '../../../../src/bundle/assemble-bundle.ts';
import { type PromiseSigner, promiseSigner } from '../../../../src/log/promise-signer.ts';
import { MixedModel, ORDER_7, OUTPUTS, ROW, SALT } from '../../support/mixed-model.ts';

export const ORIGIN = 'log.example/credit';
/** When the first entry is sealed; seconds since 1970. */
export const START = 1_795_000_000;
export const INCLUDE_WITHIN = 60;
export const NONCE = '0f'.repeat(16);

/** A log's key, to sign its promises and checkpoints with. */
export class LogKey {
  readonly privateKey: KeyObject = generateKeyPairSync('ed25519').privateKey;
  readonly signer: PromiseSigner;

  constructor(name = ORIGIN) {
    this.signer = promiseSigner(name, this.privateKey);
  }

  get log() {
    return { origin: ORIGIN, keys: [this.signer.key] };
  }
}

export function answerEntry(leaf: string, time = START, draw?: NamedRound): AnswerEntry {
  return { version: ENTRY_VERSION, kind: 'answer', time, leaf, ...(draw !== undefined && { draw }) };
}

export function promised(entry: AnswerEntry, index = 0, change: Partial<Promised> = {}): Promised {
  return {
    version: PROMISE_VERSION,
    origin: ORIGIN,
    index,
    entry: entryText(entry),
    includeBy: entry.time + INCLUDE_WITHIN,
    ...change,
  };
}

/** An answer of the mixed model to `ROW`, for order 7, sealed in a log of one key. */
export class SealedAnswer {
  readonly model: MixedModel;
  readonly contextId: string;
  readonly signals: readonly bigint[];
  readonly statement: Envelope;
  readonly entry: AnswerEntry;
  readonly promise: PromiseEnvelope;
  readonly index: number;

  constructor(key: LogKey, { index = 7, model = new MixedModel(), time = START } = {}) {
    this.model = model;
    this.index = index;
    this.contextId = sealContextId({ origin: ORIGIN, index }, NONCE);
    this.signals = model.signals(contextSignal(ORDER_7, Buffer.from(this.contextId, 'hex')));
    this.statement = makeStatementV2(model.record, {
      publicSignals: this.signals.map(String),
      contextId: this.contextId,
    });
    this.entry = answerEntry(openEnvelopeV2(this.statement).leaf, time);
    this.promise = key.signer.sign(promised(this.entry, index));
  }

  get parts(): SealedParts {
    return { promise: this.promise, statement: this.statement, nonce: NONCE, salt: SALT };
  }

  asked(key: LogKey): AskedParts {
    return {
      log: key.log,
      model: this.model.record,
      row: ROW,
      context: ORDER_7,
      outputs: OUTPUTS,
      clock: { now: START + 1, tolerance: 30, includeWithin: INCLUDE_WITHIN },
    };
  }
}
