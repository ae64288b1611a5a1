import type { Base64 } from '../json/encoded-types.ts';
import type { PromiseEnvelope } from './promise-types.ts';

export const EVIDENCE_VERSION = 'quietproof/evidence/v1';

/** Shows to anybody who has the key of a log that the log did what it must not. */
export type Evidence = ForkEvidence | TruncationEvidence | OverdueEvidence | ReplacedEvidence | ClockEvidence;

interface Versioned {
  readonly version: typeof EVIDENCE_VERSION;
}

/** Two trees, of which the older is not the beginning of the newer. */
export interface ForkEvidence extends Versioned {
  readonly kind: 'fork';
  /** Texts of the checkpoints. */
  readonly older: string;
  readonly newer: string;
  /**
   * Hashes of the newer tree that lead to its root, and, for its first entries, to another root than that of the older one:
   * a consistency proof that begins with the hash it may leave out. Empty for trees of one size.
   */
  readonly path: readonly Base64[];
}

/** Enough witnesses had seen a tree, and enough of them a smaller one as the log's latest, an hour later or more. */
export interface TruncationEvidence extends Versioned {
  readonly kind: 'truncation';
  readonly larger: string;
  readonly smaller: string;
}

/** A promised entry is not in a tree that enough witnesses saw as the latest, an hour after its deadline or more. */
export interface OverdueEvidence extends Versioned {
  readonly kind: 'overdue';
  readonly promise: PromiseEnvelope;
  readonly checkpoint: string;
}

/** Another entry is, or was promised, where one was promised. */
export interface ReplacedEvidence extends Versioned {
  readonly kind: 'replaced';
  readonly promise: PromiseEnvelope;
  readonly instead: SignedEntry;
}

/** An entry has an earlier time than one before it. */
export interface ClockEvidence extends Versioned {
  readonly kind: 'clock';
  readonly first: SignedEntry;
  readonly second: SignedEntry;
}

/** An entry at its place, by the log's signature: it is promised, or it is in a tree. */
export type SignedEntry =
  | { readonly kind: 'promised'; readonly promise: PromiseEnvelope }
  /** Text of the entry, and of a C2SP tlog-proof. */
  | { readonly kind: 'logged'; readonly entry: string; readonly proof: string };
