/** Source of a file's bytes. */
export type FileSource =
  | { readonly text: string }
  | { readonly base64: string }
  /** A file under bases/ of the corpus, with lines replaced: [first line, lines removed, lines inserted]. */
  | { readonly from: string; readonly lines?: readonly LineEdit[] }
  /** before, unit × count, after: for files that are too large to store. */
  | { readonly repeat: readonly [before: string, unit: string, count: number, after: string] };

export type LineEdit = readonly [at: number, removed: number, put: readonly string[]];

/** Files that a command takes. Each becomes an option `--<name> <path>`. */
export type FileName =
  | 'bundle'
  | 'companion'
  | 'input'
  | 'opening'
  | 'trust'
  /** A JSON list of the contents of signed statements. */
  | 'statements'
  | 'key'
  | 'public'
  | 'proof';

/** A folder of cases: version 1 of the format, and version 2. */
export const CORPORA = ['bundles', 'bundles-v2'] as const;
export type CorpusName = (typeof CORPORA)[number];

/** The checks of both versions, by their names in SPEC.md, and what comes before: a trust file that is refused. */
export type CheckName =
  | 'trust'
  | 'format'
  | 'model-record'
  | 'interface'
  | 'statement'
  | 'binding'
  | 'sidecars'
  | 'model'
  | 'key'
  | 'setup'
  | 'signals'
  | 'context'
  | 'seal'
  | 'input'
  | 'points'
  | 'proof'
  | 'signature';

/** One line of a cases.jsonl. */
export interface Case {
  /** `class/name`, unique. */
  readonly id: string;
  /** What is wrong, or unusual but valid, in one sentence. */
  readonly what: string;
  readonly command: 'verify-bundle' | 'verify-proof';
  readonly files: Readonly<Partial<Record<FileName, FileSource>>>;
  /** The expected model id. */
  readonly model?: string;
  /** The expected context, in hex. */
  readonly context?: string;
  /** The tolerance to check with, in steps: a real. */
  readonly tolerance?: string;
  /** The time for which statements are judged. */
  readonly at?: string;
  /**
   * `unpinned`: all checks pass, but no model id was expected. `incomplete`: no check fails, but one lacks a file that was
   * not given.
   */
  readonly verdict: 'valid' | 'invalid' | 'unpinned' | 'incomplete';
  /** The first check that fails if the verdict is `invalid`, or that lacks something if it is `incomplete`. */
  readonly check?: CheckName;
  /** The reason, as a code of our own verifiers. Other verifiers have none. */
  readonly code?: string;
  /** Id of another valid case with the same record id, whatever the proof bytes. */
  readonly sameRecordAs?: string;
  /** Record id, statement digest, leaf (hex) and unchecked paths (by code unit), where they are compared. */
  readonly recordId?: string;
  readonly statement?: string;
  readonly leaf?: string;
  readonly unchecked?: readonly string[];
  /** For the key of a ceremony, in version 2: `pass` only by statements, whatever its transcript shows. */
  readonly setup?: 'claimed' | 'pass';
  /** Of a bundle with a log proof, in version 2: `pass` only where the reader trusts the log. */
  readonly seal?: 'claimed' | 'pass';
  /** With a trust file: whose statements count for what, e.g. `rederivation:Audit`, sorted. */
  readonly trusted?: readonly string[];
  /** The expected answer of the contract of this base model to these signals and this proof. */
  readonly onchain?: { readonly contract: Contract; readonly valid: boolean };
  /** An expected difference: snarkjs 0.7.6 accepts this invalid case. */
  readonly snarkjs?: 'accepts';
}

export type Contract = 'label' | 'logits' | 'decision';

/** One answer of an implementation. */
export interface Answer {
  readonly verdict: Case['verdict'];
  readonly check?: string;
  readonly code?: string;
  readonly recordId?: string;
  readonly statement?: string;
  readonly leaf?: string;
  readonly unchecked?: readonly string[];
  readonly setup?: string;
  readonly seal?: string;
  readonly trusted?: readonly string[];
}
