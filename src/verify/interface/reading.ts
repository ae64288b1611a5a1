import type { FeatureEncoding } from '../encoding/feature-encoding.ts';
import type { InputMode } from './model-interface.ts';

/**
 * An interface of any version, as the verifier interprets it. It is made from a checked interface, and all code that
 * decodes signals, answers and inputs works on this form.
 */
export interface Reading {
  readonly name: string;
  readonly outputs: readonly OutputReading[];
  readonly input: InputReading;
  /** Bounds of the public signals. */
  readonly plan: SignalPlan;
}

/** Inclusive upper bounds of the public signals, one per signal. */
export interface SignalPlan {
  readonly output: readonly bigint[];
  /** Bounds of the public input values, or of the one digest. */
  readonly input: readonly bigint[];
  /** All bounds in order, the context last. */
  readonly max: readonly bigint[];
}

/** One output, with as many signals as `max` has bounds. */
export type OutputReading = NamedOutput & (LabelReading | DecisionReading | CategoryReading | ScoresReading);

interface NamedOutput {
  /** Missing in version 1, which has one output. */
  readonly name?: string;
  /** Inclusive upper bound of each signal. */
  readonly max: readonly bigint[];
}

/** The signal is the index of the label. */
export interface LabelReading {
  readonly kind: 'label';
  readonly names?: readonly string[];
}

/** The signal is 1 when the score is at least the threshold. */
export interface DecisionReading {
  readonly kind: 'decision';
  readonly threshold: string;
  readonly names?: readonly string[];
}

/** The signal is an index into the values. */
export interface CategoryReading {
  readonly kind: 'category';
  readonly values: readonly string[];
}

/** real = (signal + lo) · scale, per signal. */
export interface ScoresReading {
  readonly kind: 'scores';
  readonly lo: readonly bigint[];
  readonly scale: number;
  /** The final function of the float model that the proof leaves out. */
  readonly head: 'none' | 'sigmoid' | 'softmax';
  readonly names?: readonly string[];
  readonly unit?: string;
}

/** The features of the input are the features of its parts, in order. */
export interface InputReading {
  readonly mode: InputMode;
  readonly parts: readonly PartReading[];
  /** What happens to an opening that is given together with the row of a public input. */
  readonly strayOpening: 'ignored' | 'refused';
}

export interface PartReading {
  /** Missing in version 1, whose input is a single part. */
  readonly name?: string;
  /** Row-major; an empty shape is one feature. */
  readonly shape: readonly number[];
  /** Number of features. Version 1 does not limit it, so never allocate by it alone. */
  readonly count: number;
  readonly names?: readonly string[];
  readonly units?: readonly string[];
  /** @param index of a feature in this part, in row-major order */
  readonly encodingOf: (index: number) => FeatureEncoding;
}
