import type { ModelIds, ProducerClaims } from '../bundle/bundle-types.ts';
import type { RefusalCode } from '../refusal.ts';

/** Every check, in the order in which they run; the ids never change their meaning. */
export const CHECK_IDS = [
  'format',
  'model-record',
  'interface',
  'statement',
  'binding',
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
  /** sha256 of the statement's payload: the identity of this record, whatever its proof bytes. */
  readonly recordId?: string;
  readonly row?: number;
  readonly model?: VerdictModel;
  /** What was proved; present only where the verdict is valid. */
  readonly answer?: Answer;
  /** The input in its own units, where it is public or was opened and matches; only in a valid verdict. */
  readonly features?: readonly Feature[];
  /** What the producer says of the model, of which nothing is checked here; only in a valid verdict. */
  readonly claims?: ProducerClaims;
}

export interface VerdictModel extends ModelIds {
  readonly name: string;
  readonly setup: 'development' | 'ceremony';
}

export type Answer = LogitsAnswer | LabelAnswer | DecisionAnswer;

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

export interface Feature {
  readonly name?: string;
  readonly unit?: string;
  /** offset + step · integer. */
  readonly value: number;
}
