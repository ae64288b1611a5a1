import type { Envelope, Hex, RowValue } from '@quietproof/verify';
import type { PromiseEnvelope } from '@quietproof/verify/seal';
import type { LaterEvidence } from '../alarms/alarm-book.ts';
import type { Alarm, Notice } from '../alarms/alarm-types.ts';

/** Where a watch keeps what it knows. A store has one watch, which calls nothing before the last call is done. */
export interface WatchStore {
  /** Appends records; resolves when all of them survive a crash. */
  append(records: readonly WatchRecord[]): Promise<void>;
  /** All records, in order. Those of a call that never resolved may be missing, from some record on. */
  read(): AsyncIterable<WatchRecord> | Iterable<WatchRecord>;
  /** Replaces all records by these, or by none of them. The watch calls it so that the store does not only grow. */
  rewrite(records: readonly WatchRecord[]): Promise<void>;
}

export const STORE_VERSION = 'quietproof/watch/v1';

/** JSON. Times in seconds since 1970. What no version knows is refused. */
export type WatchRecord =
  | WatchBegan
  | LogRecord
  | AnswerRecord
  | SeenRecord
  | ProgressRecord
  | CheckpointRecord
  | AnnouncedRecord
  | ToldRecord
  | AlarmMark
  | EvidenceRecord
  | OtherCheckpoint
  | DoubtRecord
  | CountsRecord;

export interface WatchBegan {
  readonly kind: 'watch';
  readonly version: typeof STORE_VERSION;
  readonly upstream: string;
  readonly since: number;
}

/** The log that the endpoint named when it was seen first; later it cannot name another. */
export interface LogRecord {
  readonly kind: 'log';
  readonly origin: string;
  readonly keys: readonly string[];
}

/** An answer, and what was promised of it. */
export interface AnswerRecord {
  readonly kind: 'answer';
  /** Of the exchange, if the caller named it. */
  readonly exchange?: string;
  readonly at: number;
  readonly model: Hex;
  readonly receiptId: Hex;
  readonly index: number;
  /** Text of the promised entry. */
  readonly entry: string;
  readonly includeBy: number;
  readonly proveBy?: number;
  readonly promise: PromiseEnvelope;
  readonly statement: Envelope;
  readonly nonce: string;
  readonly salt?: string;
  /** The caller's part of the context. */
  readonly context: string;
  /** Only if the watch keeps inputs. */
  readonly row?: readonly RowValue[];
  /** The request carried credentials: asking for the proof needs them too. They are not stored. */
  readonly authorized?: true;
  /** When the watch will ask for its proof; missing if it will not. */
  readonly askAt?: number;
}

/** All that is left of an answer about which nothing more is to be found out. */
export interface SeenRecord {
  readonly kind: 'seen';
  readonly receiptId: Hex;
  readonly index: number;
}

/** Something became known about an answer. */
export interface ProgressRecord {
  readonly kind: 'progress';
  readonly receiptId: Hex;
  readonly what: Progress;
  readonly at: number;
  /** Of `asked` and `drawn`: when the proof is due. */
  readonly due?: number;
}

export type Progress =
  | 'included'
  | 'asked'
  | 'drawn'
  | 'not-drawn'
  | 'proved'
  /** Nothing more is expected: an alarm says why. */
  | 'failed';

/** The largest tree that was followed. */
export interface CheckpointRecord {
  readonly kind: 'checkpoint';
  readonly text: string;
  readonly at: number;
  /** Hashes of its complete subtrees, from the left, in base64. */
  readonly peaks: readonly string[];
  /** The last entry that could be read. */
  readonly last?: PlacedEntry;
  /** Number of entries up to `size` that were not read. */
  readonly unread: number;
}

export interface PlacedEntry {
  readonly index: number;
  /** Text of the entry. */
  readonly entry: string;
}

/** The log says which model answers. */
export interface AnnouncedRecord extends PlacedEntry {
  readonly kind: 'announced';
}

export interface ToldRecord {
  readonly kind: 'told';
  readonly told: Alarm | Notice;
}

export interface AlarmMark {
  readonly kind: 'ended' | 'acknowledged';
  readonly id: string;
  readonly at: number;
}

/** What an alarm says can be shown by now. */
export interface EvidenceRecord extends LaterEvidence {
  readonly kind: 'evidence';
}

/** A checkpoint that somebody else was shown, to be compared. */
export interface OtherCheckpoint {
  readonly kind: 'other';
  readonly text: string;
  /** True when it was found to be of the same log. */
  readonly done: boolean;
}

/** Something that may pass is not as it should be. */
export interface DoubtRecord {
  readonly kind: 'doubt';
  readonly what: string;
  readonly since: number;
  /** Seconds for which a watch saw that; missing when it is over. */
  readonly lasted?: number;
}

/** Totals of what is no longer in the store. */
export interface CountsRecord {
  readonly kind: 'counts';
  readonly model: Hex;
  readonly answers: number;
  readonly proved: number;
}
