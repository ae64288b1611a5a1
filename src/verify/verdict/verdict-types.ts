import type { ModelIds } from '../bundle/bundle-types.ts';
import type { FeatureValue, RowValue } from '../encoding/feature-encoding.ts';
import type { InputMode } from '../interface/model-interface.ts';
import type { Hex } from '../json/encoded-types.ts';
import type { RefusalCode } from '../refusal.ts';
import type { ProducerClaimsV2, Quality } from '../v2/record-types.ts';
import type { Unchecked } from '../v2/unchecked.ts';
import type { FormatVersion } from '../versions/record.ts';

/** Every check of any version, in the order in which they run; the ids never change their meaning. */
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
  'input',
  'points',
  'proof',
  'signature',
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

export interface Check {
  readonly id: CheckId;
  readonly status: 'pass' | 'fail' | 'skipped';
  /** One sentence for people: what was found, or why it was skipped. */
  readonly detail: string;
  /** On a failed check only. */
  readonly code?: RefusalCode;
}

/** What a verdict did not check because nobody asked, or because it cannot be checked from the bundle. */
export type OpenQuestion = 'interface-not-pinned' | 'context-not-checked' | 'input-not-opened';

export interface Verdict {
  /** One line: valid or not, for which model, and every open question by name; a development setup is always named. */
  readonly headline: string;
  /** All required checks and all asked ones passed. Says nothing about the open questions. */
  readonly valid: boolean;
  /** The model is the one the caller expected. */
  readonly pinned: boolean;
  /** valid, and pinned or `anyModel` was set: what a program should act on. */
  readonly accepted: boolean;
  /** One entry per check id, in order. */
  readonly checks: readonly Check[];
  readonly open: readonly OpenQuestion[];
  /** Sentences that must be shown with the verdict, e.g. about a development setup. */
  readonly warnings: readonly string[];
  /** Code of the first failed check. */
  readonly code?: RefusalCode;
  /** Of the format; missing where the file could not be read. */
  readonly version?: FormatVersion;
  /** What the bundle carries and nobody looked into, by path; empty for version 1, which has no place for it. */
  readonly unchecked: readonly Unchecked[];
  /** Of version 1: sha256 of the statement's payload. Of version 2: the same as `identity`. */
  readonly recordId?: Hex;
  /** Model and public signals: what two bundles of one record have in common, whatever their statements and proofs. */
  readonly identity?: Hex;
  /** What a log may hold; version 2 only. */
  readonly statementDigest?: Hex;
  /** H(tag ‖ statement digest): the entry of a log; version 2 only. */
  readonly leaf?: Hex;
  /** The record's part of the context; a claim, unless the check `context` passed. Version 2 only. */
  readonly contextId?: Hex;
  /** Where the row stood in somebody's file: a claim. */
  readonly row?: number;
  readonly model?: VerdictModel;
  /** What was proved, by output; present only where the verdict is valid. */
  readonly answers?: readonly NamedAnswer[];
  /** The first of `answers`: all there is in version 1. */
  readonly answer?: Answer;
  /** The input in its own units, where it is public or was opened and matches; only in a valid verdict. */
  readonly features?: readonly Feature[];
  /** How far the row that was given is from what was proved; only in a valid verdict. */
  readonly distance?: RowDistance;
  /** What the producer measured, under the model id; version 2 only. */
  readonly quality?: Quality;
  /** What the producer says of the model, of which nothing is checked here; only in a valid verdict. */
  readonly claims?: ProducerClaimsV2;
}

export interface VerdictModel extends ModelIds {
  readonly name: string;
  readonly setup: 'development' | 'ceremony';
  readonly input: InputMode;
}

export interface NamedAnswer {
  /** Missing in version 1, which has one output. */
  readonly name?: string;
  readonly answer: Answer;
}

export type Answer = LogitsAnswer | LabelAnswer | DecisionAnswer | CategoryAnswer;

/** Scores; a single one is a list of one. */
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
  /** The part of the input it belongs to; missing in version 1, whose input is one. */
  readonly part?: string;
  readonly name?: string;
  readonly unit?: string;
  /** Decoded from what was proved. */
  readonly value: FeatureValue;
  /** Distance between neighbouring values, in the feature's unit; missing for categories, infinities and NaN. */
  readonly step?: number;
  /** Where a row is there: what was given, how far it is from `value` in the unit, and the same in steps (≤ 0.5). */
  readonly given?: RowValue;
  readonly distance?: number;
  readonly deviation?: number;
}

/** The feature of a row that lies farthest from what was proved. */
export interface RowDistance {
  /** Index among all features. */
  readonly feature: number;
  /** Steps, at most 0.5. */
  readonly deviation: number;
}
