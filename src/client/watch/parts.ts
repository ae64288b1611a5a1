import type { Hex, ProofChecker } from '@quietproof/verify';
import type { LogTrust } from '@quietproof/verify/log';
import type { AlarmBook, AlarmParts } from '../alarms/alarm-book.ts';
import type { AlarmKind } from '../alarms/alarm-codes.ts';
import type { NoticeKind } from '../alarms/alarm-types.ts';
import type { LogFiles } from '../log/log-files.ts';
import type { Journal } from '../store/journal.ts';
import type { EvidenceRecord, ToldRecord } from '../store/watch-store.ts';
import type { Upstream } from '../upstream.ts';
import type { KnownModel } from './known-models.ts';
import type { WatchState } from './watch-state.ts';
import type { LogStatus, WatchPolicy } from './watch-types.ts';

/** What all work of a watch shares. */
export interface WatchParts {
  readonly policy: WatchPolicy;
  readonly models: ReadonlyMap<Hex, KnownModel>;
  readonly state: WatchState;
  readonly book: AlarmBook;
  readonly journal: Journal;
  readonly upstream: Upstream;
  readonly files: LogFiles;
  readonly fetch: typeof fetch;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
  readonly checker: ProofChecker | undefined;
  readonly seen: Seen;
}

/** For the status: in memory only. */
export interface Seen {
  witnessedAt: number | undefined;
  lastRound: number | undefined;
  unchecked: number;
}

/** The log whose promises count, and how that is known. */
export interface WatchedLog extends LogTrust {
  readonly from: LogStatus['from'];
}

type Sharing = Pick<WatchParts, 'book' | 'now'>;

/** @returns what is to be written; undefined if it was told before, and nothing shows it better now */
export function alarm(
  { book, now }: Sharing,
  kind: AlarmKind,
  parts: AlarmParts,
): ToldRecord | EvidenceRecord | undefined {
  const told = book.alarm(kind, parts, now());
  if (told !== undefined) return { kind: 'told', told };
  const later = book.evidence(kind, parts);
  return later && { kind: 'evidence', ...later };
}

/** @returns what is to be written; undefined if it was told before */
export function notice(
  { book, now }: Sharing,
  kind: NoticeKind,
  parts: Omit<AlarmParts, 'cause' | 'evidence'>,
): ToldRecord | undefined {
  const told = book.notice(kind, parts, now());
  return told && { kind: 'told', told };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
