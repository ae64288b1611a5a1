import type { Hex, Time } from '@quietproof/verify';
import type { FindingKind } from './finding-kinds.ts';
import type { Grade } from './grade.ts';

export const FINDINGS_VERSION = 'quietproof/findings/v1';

/**
 * What an audit found, `findings.json`: canonical JSON, the same bytes from the same inputs. It
 * holds no time of its making. Sums are of all records; lists of records are cut, and whole in `findings.csv`.
 */
export interface Findings {
  readonly version: typeof FINDINGS_VERSION;
  readonly scope: Scope;
  readonly totals: Totals;
  /** By id. */
  readonly models: readonly AuditedModel[];
  /** By time, then by model. */
  readonly timeline: readonly TimelineEvent[];
  /** By origin. */
  readonly logs: readonly AuditedLog[];
  readonly series: Series;
  /** Numbered from 1, in the order of FINDING_KINDS. */
  readonly findings: readonly Finding[];
  /** What this audit cannot say: whole sentences. */
  readonly limits: readonly string[];
}

export interface Scope {
  /** Both ends belong to it. */
  readonly period?: { readonly from: Time; readonly to: Time };
  /** The time for which trust is judged and witnesses count, as it was given. */
  readonly at?: Time;
  /** In the order in which they were given. */
  readonly sources: readonly AuditedSource[];
  readonly trust?: { readonly sha256: Hex };
  /** In the order in which they were given. */
  readonly expected?: readonly ExpectedSource[];
  readonly openings: 'none' | 'sample' | 'all';
  readonly sample?: OpeningSample;
}

/** Something that says which answers there were: a list of the auditor's, or the copy that a customer's watch keeps. */
export interface ExpectedSource {
  /** As it was given. */
  readonly name: string;
  readonly kind: 'list' | 'watch';
  readonly sha256: Hex;
  readonly rows: number;
}

/** What decided which inputs were opened; one of `nonce` and `beacon`. */
export interface DrawnFrom {
  /** Hexadecimal. */
  readonly nonce?: string;
  readonly beacon?: { readonly chain: Hex; readonly round: number; readonly randomness: Hex };
  /**
   * SHA-256 of the line `quietproof/audit-sample/v1`, of three lines for each of `logs`, origin, size and root, and of the
   * line `nonce <nonce>` or `beacon <chain> <round> <randomness>`; each line ends with a line feed.
   */
  readonly seed: Hex;
}

/** Drawn are the records with the smallest SHA-256 of seed and identity, both as bytes. */
export interface OpeningSample extends DrawnFrom {
  /** Accepted records with a sealed input, each proved answer once: from them it was drawn. */
  readonly of: number;
  /** In the order of the sources and of the paths in them. */
  readonly drawn: readonly DrawnInput[];
}

export interface DrawnInput {
  /** Index in `scope.sources`. */
  readonly source: number;
  readonly path: string;
  readonly opening: 'holds' | 'fails' | 'missing';
}

export interface AuditedSource {
  /** As it was given. */
  readonly name: string;
  readonly kind: 'folder' | 'archive' | 'log';
  /** Of an archive's bytes. */
  readonly sha256?: Hex;
  /** Files that are named like records; entries of a log. */
  readonly records: number;
}

export interface Totals {
  /** All files that are named like records; `accepted + refused + unreadable`. */
  readonly records: number;
  /** Every check holds, and the model is one that the trust file expects, if there is one. */
  readonly accepted: number;
  /** Among `accepted`: further records of something that another record proves too. */
  readonly duplicates: number;
  readonly refused: number;
  /** No record could be read: damaged, or no regular file. */
  readonly unreadable: number;
  /** Accepted records without a time that a log states. */
  readonly undated: number;
  readonly models: number;
  readonly logs: number;
}

export interface AuditedModel {
  readonly modelId: Hex;
  /** The producer's name for it; a label. */
  readonly name: string;
  /** By the log entry that announced it. */
  readonly version?: string;
  readonly keyId: Hex;
  readonly quality?: AuditedQuality;
  readonly measured?: MeasuredModel;
  /** `pass`: what the trust file asks for its key is met; `claimed`: it is not, or nothing was asked. */
  readonly setup: 'pass' | 'claimed' | 'development';
  /** Parties of the trust file whose statements count. */
  readonly vouchedBy: readonly string[];
  readonly rederivedBy: readonly string[];
  readonly contributedBy: readonly string[];
  /** Accepted ones. */
  readonly records: number;
  /** By a log that was handed in. */
  readonly announced?: Time;
  /** Times of its first and last dated record. */
  readonly first?: Time;
  readonly last?: Time;
  /** From then on it was not to answer: by the log, or by a release of a trusted producer. */
  readonly retired?: Time;
  /** A key of somebody who vouches for it was compromised since. */
  readonly compromised?: Time;
}

/** What the model id covers of the producer's measurements. Numbers are decimal texts. */
export interface AuditedQuality {
  readonly kind: 'judged' | 'loss-accepted' | 'not-judged';
  readonly rows: number;
  readonly flips?: { readonly count: number; readonly upper: string };
  readonly error?: string;
}

/** What was measured on rows that the auditor gave, against the model's source. Numbers are decimal texts. */
export interface MeasuredModel {
  /** Of the file of the rows. */
  readonly data: Hex;
  readonly rows: number;
  /** Of these, rows with values outside the range that is proved; they were measured at its end. */
  readonly outside: number;
  /** Whether the bounds that the producer states are kept; `not-judged`: too few rows, or none are stated. */
  readonly contract: 'kept' | 'broken' | 'not-judged';
  readonly flips?: { readonly count: number; readonly upper: string };
  readonly error?: string;
  /** Shares of the rows that get the label which the file has, by the source and by what is proved. */
  readonly accuracy?: { readonly source: string; readonly proved: string };
}

export interface TimelineEvent {
  readonly time: Time;
  readonly modelId: Hex;
  readonly what: 'announced' | 'first answer' | 'last answer' | 'retired' | 'compromised';
  /** A sentence for people. */
  readonly words: string;
}

export interface AuditedLog {
  readonly origin: string;
  /** Number of entries, and root in base64, of the largest checkpoint that was given. */
  readonly size: number;
  readonly root: string;
  /** Of its last entry, by its own account. */
  readonly time?: Time;
  /** The checkpoint's text, as it is attached to a report. */
  readonly checkpoint: string;
  /** The trust file names it, and one of its keys has signed. */
  readonly trusted: boolean;
  /** By witness, the first time that it states. */
  readonly witnesses: readonly { readonly name: string; readonly time: Time }[];
  readonly timestamps: readonly { readonly existedBy: Time; readonly authority: Hex }[];
  /** Number of entries that were not given, be it as records that name them. */
  readonly gaps: number;
  readonly answers: number;
  /** Answers of which no accepted record was given; missing where the log itself was not handed in. */
  readonly unproved?: number;
  /**
   * Its entries lead to its checkpoint, and every other checkpoint is of a beginning of it. Missing where this was not
   * checked, because the log itself was not handed in.
   */
  readonly consistent?: boolean;
}

/** Numbers for plots, of accepted records without duplicates. Days and weeks (their Monday) as `2026-11-28`, UTC. */
export interface Series {
  readonly answersPerDay: readonly {
    readonly day: string;
    readonly modelId: Hex;
    readonly answers: number;
  }[];
  readonly labelShares: readonly {
    readonly week: string;
    readonly modelId: Hex;
    readonly label: string;
    readonly answers: number;
  }[];
  /**
   * Time from the answer to the checkpoint that its log proof leads to, as far as witnesses state it: at most so many
   * hours (a power of two), above half as many.
   */
  readonly proofAge: readonly { readonly hours: number; readonly answers: number }[];
}

export interface Finding {
  readonly number: number;
  readonly kind: FindingKind;
  readonly grade: Grade;
  readonly title: string;
  /** What was checked. */
  readonly checked: string;
  /** With which result: sentences with the numbers. */
  readonly result: string;
  /** What it does not mean. */
  readonly notMean: string;
  readonly records: FoundRecords;
  /** Codes of the checks that failed, sorted. */
  readonly codes: readonly string[];
}

/** `listed` has the first hundred, in the order of the sources and of the paths in them. */
export interface FoundRecords {
  readonly count: number;
  readonly listed: readonly RecordName[];
}

/** Where a record is, or would be. */
export interface RecordName {
  /** Index in `scope.sources`; missing for what stands in the expected list only. */
  readonly source?: number;
  /** Path in its source; `entry 17` of a log; `row 5` of an expected list; `receipt <id>` of a copy. */
  readonly path: string;
  /** What was found about this one. */
  readonly detail?: string;
  readonly code?: string;
}
