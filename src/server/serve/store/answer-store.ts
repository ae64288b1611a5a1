import type { Envelope, RowValue } from '@quietproof/verify';
import type { Nonce } from '@quietproof/verify/seal';

/**
 * Where sealed answers are kept until their retention ends. What is sealed and not proved is work, so that there is no
 * other queue.
 *
 * The _position_ of a record is the number of entries that the log had when its group was appended. Nothing that is
 * finished has to be in memory: it is looked up.
 */
export interface AnswerStore {
  /**
   * Runs `write` while no other process appends: `next` and `lastTime` are the log's meanwhile, and `write` appends once.
   * Missing where one process has the store.
   *
   * @throws what `write` throws; QP6571 if the turn cannot be had
   */
  exclusively?(write: () => Promise<void>): Promise<void>;
  /** Index of the next entry of the log. */
  readonly next: number;
  /** Time of the last entry ever; 0 if there is none. */
  readonly lastTime: number;
  /**
   * What may be work: first all announcements; then of each model, in the order in which they were appended, the records
   * from its settled position on, and those from the first entry on that the log does not cover. More may come.
   *
   * @throws QP6554
   */
  replay(visit: (record: StoredRecord, position: number) => void): Promise<void>;
  /**
   * Makes records durable together. Those with an index have the next ones, in order. Calls do not overlap.
   *
   * @throws QP8001–QP8008 if they cannot be written: none of them is kept then; QP6556 if that cannot be made sure, and
   *   for every call after that
   */
  append(records: readonly StoredRecord[]): Promise<void>;
  /** @returns undefined if it was erased, or is no answer. @throws QP6554 if it cannot be read any more */
  read(index: number): Promise<SealedRecord | undefined>;
  /** @returns undefined if no answer ever had this receipt. @throws QP6554 */
  find(receiptId: string): Promise<SealedRecord | 'erased' | undefined>;
  /** Whether randomness of the caller has drawn an answer; undefined if none came. @throws QP6554 */
  revealed(index: number): Promise<boolean | undefined>;
  /**
   * Remembers that nothing about a model is work any more that was appended before a position. It may be lost.
   *
   * @returns the position from which on `replay` gives its records
   * @throws QP8001–QP8008
   */
  settle(modelId: string, position: number): Promise<number>;
  /**
   * Erases records of a model whose retention is over: none that is younger, none that the log does not cover yet, and all
   * others within an eighth of the retention.
   *
   * @param first is called before with the answers, a part at a time, to erase what else there is of them
   * @throws QP6554, QP8001–QP8008 if not all could be erased
   */
  erase(period: Erasure, first: (answers: readonly ErasedAnswer[]) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export type ErasedAnswer = Pick<SealedRecord, 'index' | 'receiptId'>;

export interface Erasure {
  readonly modelId: string;
  /** Seconds since 1970: what was sealed before is erased. */
  readonly before: number;
  /** Entries that the log covers. */
  readonly covered: number;
}

export type StoredRecord = SealedRecord | AnnouncedRecord | MarkRecord;

/** An answer, with all that proves it and opens its input. */
export interface SealedRecord {
  readonly kind: 'sealed';
  readonly modelId: string;
  readonly index: number;
  readonly time: number;
  /** Text of the entry in the log. */
  readonly entry: string;
  readonly receiptId: string;
  readonly statement: Envelope;
  readonly nonce: Nonce;
  /** The caller's part of the context, in base64. */
  readonly context: string;
  /** The row as the circuit sees it, and as it was given. */
  readonly integers: readonly number[];
  readonly input?: readonly RowValue[];
  /** Decimal; where the input is a digest. */
  readonly salt?: string;
  readonly includeBy: number;
  readonly proveBy?: number;
}

/** A model was announced in the log, or only the retirement of others. Never erased. */
export interface AnnouncedRecord {
  readonly kind: 'announced';
  readonly modelId: string;
  readonly index: number;
  readonly time: number;
  readonly entry: string;
  readonly artifactDir: string;
}

/** What made proofs due, other than the policy. */
export type MarkRecord = AskedMark | RevealedMark | DrawnMark;

export interface AskedMark {
  readonly kind: 'asked';
  readonly modelId: string;
  readonly answer: number;
  readonly time: number;
}

/** Randomness of the caller has decided. */
export interface RevealedMark {
  readonly kind: 'revealed';
  readonly modelId: string;
  readonly answer: number;
  readonly drawn: boolean;
  readonly time: number;
}

/** A round of the beacon has decided about the answers of the model that name it, up to an index. */
export interface DrawnMark {
  readonly kind: 'drawn';
  readonly modelId: string;
  readonly beacon: string;
  readonly round: number;
  readonly last: number;
  /** Indices of those that were drawn. */
  readonly answers: readonly number[];
  readonly time: number;
}

/** Whether a record is also an entry of the log. */
export function isEntry(record: StoredRecord): record is SealedRecord | AnnouncedRecord {
  return record.kind === 'sealed' || record.kind === 'announced';
}
