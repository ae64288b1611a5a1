/** Where the bytes of a file come from; README.md says it for implementers. */
export type FileSource =
  | { readonly text: string }
  | { readonly base64: string }
  /** A file under the corpus' bases/, with lines replaced: [first line, lines removed, lines put there]. */
  | { readonly from: string; readonly lines?: readonly LineEdit[] }
  /** before, unit × count, after: for what is too large to store. */
  | { readonly repeat: readonly [before: string, unit: string, count: number, after: string] };

export type LineEdit = readonly [at: number, removed: number, put: readonly string[]];

/** The files a command may be given; each becomes `--<name> <path>`. */
export type FileName = 'bundle' | 'companion' | 'input' | 'opening' | 'key' | 'public' | 'proof';

/** A folder under test/vectors: version 1 of the format, and version 2. */
export const CORPORA = ['bundles', 'bundles-v2'] as const;
export type CorpusName = (typeof CORPORA)[number];

/** The checks of both versions, by their names in SPEC.md. */
export type CheckName =
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
  | 'input'
  | 'points'
  | 'proof'
  | 'signature';

/** One line of a cases.jsonl. */
export interface Case {
  /** `class/name`, unique. */
  readonly id: string;
  /** What is wrong, or what is unusual and right, in one sentence. */
  readonly what: string;
  readonly command: 'verify-bundle' | 'verify-proof';
  readonly files: Readonly<Partial<Record<FileName, FileSource>>>;
  /** The model id asked for. */
  readonly model?: string;
  /** The context asked for, as hex. */
  readonly context?: string;
  /** The tolerance asked for, in steps: a real. */
  readonly tolerance?: string;
  /** `unpinned`: everything holds, and nobody said which model is expected. */
  readonly verdict: 'valid' | 'invalid' | 'unpinned';
  /** The first check that fails, where the verdict is `invalid`. */
  readonly check?: CheckName;
  /** Why it fails, in our own verifiers' codes: others have none. */
  readonly code?: string;
  /** The record this one is, whatever its proof bytes: the id of another valid case. */
  readonly sameRecordAs?: string;
  /** Record id, statement digest, leaf (hex) and what nobody checked (paths, by code unit), where they are compared. */
  readonly recordId?: string;
  readonly statement?: string;
  readonly leaf?: string;
  readonly unchecked?: readonly string[];
  /** Applies to the contract of this base model: what it must answer to these signals and this proof. */
  readonly onchain?: { readonly contract: Contract; readonly valid: boolean };
  /** An expected difference: snarkjs 0.7.6 accepts what is refused here. */
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
}
