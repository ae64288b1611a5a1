import type { Hex } from '@quietproof/verify';
import type { AlarmCode, AlarmKind } from './alarm-codes.ts';

/** What a user may want to know, and nothing is wrong about. */
export type NoticeKind =
  | 'announced-version'
  | 'other-policy'
  | 'log-at-first-sight'
  | 'not-reached'
  | 'compare-later';

/** Times in seconds since 1970. */
interface Told {
  /** Kind and subject: the same again is not told again. */
  readonly id: string;
  /** One or two sentences for a user: what happened and what it means. */
  readonly words: string;
  /** What exactly was found. */
  readonly detail: string;
  /** The model that it is about, by its id. */
  readonly model?: Hex;
  readonly receiptId?: Hex;
  /** Of the entry in the log. */
  readonly index?: number;
  /** When it began, as far as that is known: an answer came, a deadline passed. */
  readonly since: number;
  /** When the watch found it. `found` − `since` is the time it took. */
  readonly found: number;
}

export interface Alarm extends Told {
  readonly level: 'alarm';
  readonly kind: AlarmKind;
  readonly code: AlarmCode;
  /** Code of the check that failed, where there is one. */
  readonly cause?: string;
  /** Canonical JSON that shows it to anybody who has the keys of the log: `parseEvidence` and `checkEvidence` take it. */
  readonly evidence?: string;
  /** When it ceased; an alarm that has not stands. */
  readonly ended?: number;
  /** When the user said that it is dealt with. */
  readonly acknowledged?: number;
}

export interface Notice extends Told {
  readonly level: 'notice';
  readonly kind: NoticeKind;
}
