import { decodeAnswers, type Hex, openEnvelopeV2, Refusal, type RowValue } from '@quietproof/verify';
import {
  type CheckedPromise,
  checkPromise,
  EVIDENCE_VERSION,
  type Evidence,
  evidenceText,
  openPromise,
  type PromiseEnvelope,
  sealContextId,
} from '@quietproof/verify/seal';
import type { AlarmParts } from '../alarms/alarm-book.ts';
import type { AlarmKind } from '../alarms/alarm-codes.ts';
import type { ReceivedReceipt } from '../oip/read-receipts.ts';
import type { ReceivedOutput } from '../oip/read-tensors.ts';
import type { AnswerRecord, WatchRecord } from '../store/watch-store.ts';
import type { KnownModel } from './known-models.ts';
import { alarm, type WatchedLog, type WatchParts } from './parts.ts';

/** One row of an exchange. */
export interface ReceivedAnswer {
  readonly receipt: ReceivedReceipt;
  readonly row: readonly RowValue[];
  readonly context: string;
  /** By output: what the response says of this row. */
  readonly received: readonly ReceivedOutput[];
  /** Seconds since 1970. */
  readonly at: number;
  readonly exchange: string | undefined;
  readonly authorized: boolean;
}

/** What is to be written about an answer, and the ids of alarms that it is a case of. */
export interface TakenAnswer {
  readonly records: readonly WatchRecord[];
  readonly alarmIds: readonly string[];
  readonly receiptId: Hex | undefined;
}

const ANY_TIME = Number.POSITIVE_INFINITY;
/** Reasons of `checkPromise` that are about the answer, and not about the promise. */
const ABOUT_THE_ANSWER = new Set(['QP7203', 'QP7401', 'QP7402', 'QP7403', 'QP7605']);

/** Checks an answer of a model that the user relies on. */
export function takeAnswer(
  parts: WatchParts,
  log: WatchedLog,
  model: KnownModel,
  answer: ReceivedAnswer,
): TakenAnswer {
  const found = new Findings(parts, { model: model.id, since: answer.at });
  const { receipt, row, context, at } = answer;
  const { statementDigest: receiptId } = openEnvelopeV2(receipt.statement);
  const checked = found.check(receiptId, () => {
    const asked = {
      log,
      model: model.record,
      row,
      context: new TextEncoder().encode(context),
      outputs: receipt.outputs,
      // Times are looked at below: a promise with a wrong one is still a promise.
      clock: { now: at, tolerance: ANY_TIME, includeWithin: ANY_TIME },
    };
    const salt = receipt.salt === undefined ? {} : { salt: BigInt(receipt.salt) };
    const { promise, statement, nonce } = receipt;
    return checkPromise({ promise, statement, nonce, ...salt }, asked);
  });
  compareOutputs(found, model, answer, checked);
  const promised = checked ?? openedPromise(receipt, log);
  if (promised === undefined) return found.result(undefined);
  compareNames(found, promised, receipt);
  checkTimes(found, parts, promised, answer);
  if (isReplayed(found, parts, promised, answer)) return found.result(undefined);
  return found.result(recordOf(parts, model.id, promised, answer));
}

/** An answer of another model: its promise is kept, so that it is known whether the log had announced the model. */
export function takeUnexpected(
  parts: WatchParts,
  log: WatchedLog,
  modelId: Hex,
  answer: ReceivedAnswer,
): TakenAnswer {
  const found = new Findings(parts, { model: modelId, since: answer.at });
  found.alarm('other-model', { subject: modelId, detail: `It is of model ${modelId}.` });
  const promised = openedPromise(answer.receipt, log);
  if (promised === undefined || isReplayed(found, parts, promised, answer)) return found.result(undefined);
  const { askAt, ...record } = recordOf(parts, modelId, promised, answer);
  return found.result(record);
}

/** Collects what is wrong with one answer. */
class Findings {
  readonly #parts: WatchParts;
  readonly #common: Pick<AlarmParts, 'model' | 'since'>;
  readonly #records: WatchRecord[] = [];
  readonly #ids: string[] = [];

  constructor(parts: WatchParts, common: Pick<AlarmParts, 'model' | 'since'>) {
    [this.#parts, this.#common] = [parts, common];
  }

  alarm(kind: AlarmKind, own: Omit<AlarmParts, 'model' | 'since'>): void {
    const told = alarm(this.#parts, kind, { ...this.#common, ...own });
    if (told !== undefined) this.#records.push(told);
    this.#ids.push(`${kind}/${own.subject}`);
  }

  check<T>(receiptId: Hex, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const kind = ABOUT_THE_ANSWER.has(error.code) ? 'wrong-answer' : 'wrong-promise';
      this.alarm(kind, { subject: receiptId, detail: `${error.message}.`, cause: error.code, receiptId });
      return undefined;
    }
  }

  result(record: AnswerRecord | undefined): TakenAnswer {
    const records = record === undefined ? this.#records : [record, ...this.#records];
    return { records, alarmIds: this.#ids, receiptId: record?.receiptId };
  }
}

type HeldPromise = Omit<CheckedPromise, 'publicSignals'>;

/** A promise that holds the log to a statement, whatever the statement says of the answer. */
function openedPromise(
  { promise, statement, nonce }: ReceivedReceipt,
  log: WatchedLog,
): HeldPromise | undefined {
  try {
    const opened = openPromise(promise, log);
    const { statement: read, statementDigest, leaf } = openEnvelopeV2(statement);
    const contextId = sealContextId(opened.promised, nonce);
    if (opened.entry.leaf !== leaf || read.predicate.contextId !== contextId) return undefined;
    return { ...opened, statementDigest };
  } catch {
    return undefined;
  }
}

/** Whether what the client saw is what was sealed. */
function compareOutputs(
  found: Findings,
  model: KnownModel,
  { receipt, received }: ReceivedAnswer,
  checked: CheckedPromise | undefined,
): void {
  if (checked === undefined) return;
  const answers = decodeAnswers(model.prepared.reading, checked.publicSignals.map(BigInt));
  const wrong = received.find(({ tensor, elements }) => {
    const sealed = tensor.elements(answers);
    return sealed.length !== elements.length || sealed.some((one, i) => one !== elements[i]);
  });
  if (wrong === undefined && received.length > 0) return;
  const { statementDigest: receiptId } = openEnvelopeV2(receipt.statement);
  const detail =
    wrong === undefined
      ? 'No output came.'
      : `The output "${wrong.tensor.name}" that came is not the sealed one.`;
  found.alarm('wrong-answer', { subject: receiptId, detail, receiptId });
}

/** By its id a user asks for the proof, and shows others which answer he means. */
function compareNames(
  found: Findings,
  { promised, statementDigest: receiptId }: HeldPromise,
  receipt: ReceivedReceipt,
): void {
  if (receipt.receiptId === receiptId && receipt.index === promised.index) return;
  const detail = `It is named ${receipt.receiptId} at ${receipt.index}, and promised is ${receiptId} at ${promised.index}.`;
  found.alarm('wrong-promise', { subject: receiptId, detail, receiptId, index: promised.index });
}

function checkTimes(
  found: Findings,
  { policy, state }: WatchParts,
  { promised, entry, statementDigest: receiptId }: HeldPromise,
  { at, receipt }: ReceivedAnswer,
): void {
  const { index } = promised;
  const off = entry.time - at;
  if (!(Math.abs(off) <= policy.tolerance)) {
    const detail = `The entry is dated ${Math.round(Math.abs(off))} s ${off < 0 ? 'before' : 'after'} the answer came.`;
    found.alarm('clock-back', { subject: receiptId, detail, cause: 'QP7746', receiptId, index });
  }
  if (!(promised.includeBy - entry.time <= policy.includeWithin)) {
    const detail = `The entry is promised only for ${promised.includeBy - entry.time} s later.`;
    found.alarm('wrong-promise', { subject: receiptId, detail, cause: 'QP7746', receiptId, index });
  }
  const latest = state.latest;
  if (latest === undefined) return;
  const own = { index, time: entry.time, promise: receipt.promise };
  const other = { index: latest.record.index, time: latest.entry.time, promise: latest.record.promise };
  const [first, second] = own.index < other.index ? [own, other] : [other, own];
  if (first.index === second.index || first.time <= second.time) return;
  const evidence = clockEvidence(first.promise, second.promise);
  const detail = `Entry ${first.index} is dated ${first.time}, and entry ${second.index} ${second.time}.`;
  found.alarm('clock-back', {
    subject: `${first.index}-${second.index}`,
    detail,
    cause: 'QP7755',
    receiptId,
    index,
    evidence,
  });
}

function clockEvidence(first: PromiseEnvelope, second: PromiseEnvelope): string {
  const evidence: Evidence = {
    version: EVIDENCE_VERSION,
    kind: 'clock',
    first: { kind: 'promised', promise: first },
    second: { kind: 'promised', promise: second },
  };
  return evidenceText(evidence);
}

/** A receipt, or a place in the log, that another answer had before. */
function isReplayed(
  found: Findings,
  { state }: WatchParts,
  { promised, statementDigest: receiptId }: HeldPromise,
  { receipt }: ReceivedAnswer,
): boolean {
  const { index } = promised;
  const before = state.reserve(receiptId, index);
  if (before === undefined) return false;
  const other = state.answers.get(before);
  const shown =
    other !== undefined && before !== receiptId && other.record.entry !== promised.entry
      ? replacedEvidence(other.record.promise, receipt.promise)
      : undefined;
  const detail =
    before === receiptId
      ? `It is receipt ${receiptId}, of entry ${index}, which came before.`
      : `Entry ${index} was promised to receipt ${before} and to ${receiptId}.`;
  const evidence = shown === undefined ? {} : { evidence: shown };
  found.alarm('replayed-receipt', {
    subject: `${receiptId}-${index}`,
    detail,
    receiptId,
    index,
    ...evidence,
  });
  return true;
}

function replacedEvidence(promise: PromiseEnvelope, instead: PromiseEnvelope): string {
  const evidence: Evidence = {
    version: EVIDENCE_VERSION,
    kind: 'replaced',
    promise,
    instead: { kind: 'promised', promise: instead },
  };
  return evidenceText(evidence);
}

function recordOf(
  parts: WatchParts,
  model: Hex,
  { promised, statementDigest: receiptId }: HeldPromise,
  { receipt, row, context, at, exchange, authorized }: ReceivedAnswer,
): AnswerRecord {
  const { policy } = parts;
  const askAt = whenToAsk(parts, at, promised.proveBy);
  return {
    kind: 'answer',
    ...(exchange !== undefined && { exchange }),
    at,
    model,
    receiptId,
    index: promised.index,
    entry: promised.entry,
    includeBy: promised.includeBy,
    ...(promised.proveBy !== undefined && { proveBy: promised.proveBy }),
    promise: receipt.promise,
    statement: receipt.statement,
    nonce: receipt.nonce,
    ...(receipt.salt !== undefined && { salt: receipt.salt }),
    context,
    ...(policy.keepInputs && { row }),
    ...(authorized && { authorized }),
    ...(askAt !== undefined && { askAt }),
  };
}

/**
 * When to look for the proof of an answer, if it is one of those whose proof is looked for: long enough after it that
 * nothing about the answer tells. What is promised by a time is looked at after that time, and nobody has to be asked.
 */
function whenToAsk(
  { policy, random }: WatchParts,
  at: number,
  proveBy: number | undefined,
): number | undefined {
  if (!(random() < policy.ask)) return undefined;
  const pause = -Math.log(1 - random()) * policy.askAfter;
  return (proveBy ?? at) + pause;
}
