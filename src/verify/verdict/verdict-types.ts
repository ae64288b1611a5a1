import type { ModelIds } from '../bundle/bundle-types.ts';
import type { FeatureValue, RowValue } from '../encoding/feature-encoding.ts';
import type { InputMode } from '../interface/model-interface.ts';
import type { Hex } from '../json/encoded-types.ts';
import type { MissingPart, RefusalCode } from '../refusal.ts';
import type { ShownChain } from '../transcript/check-transcript.ts';
import type { TrustFinding } from '../trust/vouching-types.ts';
import type { ProducerClaimsV2, Quality } from '../v2/record-types.ts';
import type { Unchecked } from '../v2/unchecked.ts';
import type { FormatVersion } from '../versions/record.ts';

/** The checks of all versions, in the order in which they run. An id never changes its meaning. */
export const CHECK_IDS = [
  'format',
  'model-record',
  'interface',
  'statement',
  'binding',
  'sidecars',
  'model',
  'key',
  'setup',
  'signals',
  'context',
  'seal',
  'input',
  'points',
  'proof',
  'signature',
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

export interface Check {
  readonly id: CheckId;
  /**
   * `missing`: the check was asked for or is required, and something it needs was not given. `claimed`: nothing speaks
   * against it, but it is somebody's word; the detail says what of it is shown.
   */
  readonly status: 'pass' | 'claimed' | 'fail' | 'missing' | 'skipped';
  /** One sentence for people: what was found, what is missing, or why the check was skipped. */
  readonly detail: string;
  /** Only for a check that failed or could not be made, or of which a trust file asks more than a claim. */
  readonly code?: RefusalCode;
}

/**
 * What a verdict comes to:
 *
 * - `valid`: every check holds, and the model is one that the caller expects;
 * - `unpinned`: every check holds, but the caller did not say which model to expect, so that the proof may be of any;
 * - `incomplete`: not enough was given to tell. Nothing is known to be wrong, and nothing may be relied on;
 * - `invalid`: a check failed.
 */
export type Outcome = 'valid' | 'unpinned' | 'incomplete' | 'invalid';

/** A question that the caller did not ask, so that the verdict does not answer it. */
export type OpenQuestion = 'interface-not-pinned' | 'context-not-checked' | 'input-not-opened';

export interface Verdict {
  readonly outcome: Outcome;
  /** One line: the outcome, the model, and every open question. It always mentions a development setup. */
  readonly headline: string;
  /** All required checks passed, and all that were asked for: `valid` or `unpinned`. */
  readonly valid: boolean;
  /** The model is the one that the caller expects. */
  readonly pinned: boolean;
  /** `valid`, and `pinned` or the option `anyModel`. Programs should act on this. */
  readonly accepted: boolean;
  /** One entry per check id, in order. */
  readonly checks: readonly Check[];
  readonly open: readonly OpenQuestion[];
  /** What was not given and has to be, for the outcome `incomplete`; else empty. */
  readonly missing: readonly MissingPart[];
  /** Sentences that must be shown together with the verdict, e.g. about a development setup. */
  readonly warnings: readonly string[];
  /** Code of the first failed check, or else of the first that could not be made. */
  readonly code?: RefusalCode;
  /** Version of the format; missing when the file could not be read. */
  readonly version?: FormatVersion;
  /** Parts of the bundle that were not checked, by path; always empty in version 1. */
  readonly unchecked: readonly Unchecked[];
  /** Version 1: sha256 of the statement's payload. Version 2: the same as `identity`. */
  readonly recordId?: Hex;
  /** Hash of model and public signals: equal for all bundles of one record, whatever their statements and proofs. */
  readonly identity?: Hex;
  /** A log may store this; version 2 only. */
  readonly statementDigest?: Hex;
  /** H(tag ‖ statement digest), the entry in a log; version 2 only. */
  readonly leaf?: Hex;
  /** The record's part of the context: a claim unless the check `context` passed. Version 2 only. */
  readonly contextId?: Hex;
  /** Index of the row in the producer's data: a claim. */
  readonly row?: number;
  readonly model?: VerdictModel;
  /** For a thin bundle without its model record: the model id that its statement names, a claim. */
  readonly namedModel?: Hex;
  /** The proved answers, one per output; only in a valid verdict. */
  readonly answers?: readonly NamedAnswer[];
  /** The first of `answers`, which is the only one in version 1. */
  readonly answer?: Answer;
  /** The input in its own units, if it is public or was opened; only in a valid verdict. */
  readonly features?: readonly Feature[];
  /** Distance of the given row from the proved values; only in a valid verdict. */
  readonly distance?: RowDistance;
  /** What the transcript of a ceremony key shows, and no more than that; only in a valid verdict. */
  readonly chain?: ShownChain;
  /** Where the answer was sealed, by the log proof that the bundle carries, if that holds; version 2 only. */
  readonly seal?: VerdictSeal;
  /** What the parties of the caller's trust file say of this model. */
  readonly trust?: TrustFinding;
  /** The producer's measurements, which the model id covers; only in a valid verdict of version 2. */
  readonly quality?: Quality;
  /** The producer's claims about the model, none of them checked here; only in a valid verdict. */
  readonly claims?: ProducerClaimsV2;
}

export interface VerdictModel extends ModelIds {
  readonly name: string;
  readonly setup: 'development' | 'ceremony';
  readonly input: InputMode;
}

/** An entry of a log about the statement. */
export interface VerdictSeal {
  readonly origin: string;
  readonly index: number;
  /** When it was sealed, by the log's own account: seconds since 1970. */
  readonly time: number;
  /** Number of entries of the tree in which it was found. */
  readonly size: number;
  /** By then, as many witnesses as the caller asks for had seen that tree: seconds since 1970. */
  readonly existedBy?: number;
  /** The caller trusts the log, and enough of the caller's witnesses have seen the tree. If not, all of this is a claim. */
  readonly trusted: boolean;
}

export interface NamedAnswer {
  /** Missing in version 1, which has one output. */
  readonly name?: string;
  readonly answer: Answer;
}

export type Answer = LogitsAnswer | LabelAnswer | DecisionAnswer | CategoryAnswer;

/** Scores; a single score is a list with one entry. */
export interface LogitsAnswer {
  readonly kind: 'logits';
  /** In the model's own units: (signal + lo) · scale. `head` is the final function the proof leaves out. */
  readonly values: readonly { readonly name?: string; readonly value: number }[];
  readonly head: 'none' | 'sigmoid' | 'softmax';
  readonly unit?: string;
}

export interface LabelAnswer {
  readonly kind: 'label';
  readonly index: number;
  readonly name?: string;
}

export interface DecisionAnswer {
  readonly kind: 'decision';
  /** true: the score is at least the threshold. */
  readonly value: boolean;
  readonly threshold: string;
  readonly name?: string;
}

export interface CategoryAnswer {
  readonly kind: 'category';
  readonly index: number;
  readonly value: string;
}

export interface Feature {
  /** Name of its part of the input; missing in version 1, whose input is a single part. */
  readonly part?: string;
  readonly name?: string;
  readonly unit?: string;
  /** Decoded from the proved integer. */
  readonly value: FeatureValue;
  /** Distance between neighbouring values, in the feature's unit; missing for categories, infinities and NaN. */
  readonly step?: number;
  /** What a given value is rounded to; `never` for whole numbers and categories, where others are refused. */
  readonly rounds: 'to-steps' | 'to-float32' | 'never';
  /** If a row was given: its value, and the distance from `value` in the feature's unit and in steps (≤ 0.5). */
  readonly given?: RowValue;
  readonly distance?: number;
  readonly deviation?: number;
}

/** The feature of a row that is farthest from its proved value. */
export interface RowDistance {
  /** Index among all features. */
  readonly feature: number;
  /** Steps, at most 0.5. */
  readonly deviation: number;
}
