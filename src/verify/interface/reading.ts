import type { FeatureEncoding } from '../encoding/feature-encoding.ts';
import type { InputMode } from './model-interface.ts';

/**
 * What an interface says to a verifier, whatever its version: made from one that has been checked, and the only form in
 * which signals, answers and inputs are read.
 */
export interface Reading {
  readonly name: string;
  readonly outputs: readonly OutputReading[];
  readonly input: InputReading;
  /** Bounds of the public signals. */
  readonly plan: SignalPlan;
}

/** Inclusive upper bounds of the public signals, one each. */
export interface SignalPlan {
  readonly output: readonly bigint[];
  /** Bounds of the public input values, or of the one digest. */
  readonly input: readonly bigint[];
  /** All of them in order, the context last. */
  readonly max: readonly bigint[];
}

/** One output, with as many signals as its bounds. */
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

/** The signal is 1 where the score is at least the threshold. */
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

/** real = (signal + lo) · scale, each. */
export interface ScoresReading {
  readonly kind: 'scores';
  readonly lo: readonly bigint[];
  readonly scale: number;
  /** The final function of the float model that the proof leaves out. */
  readonly head: 'none' | 'sigmoid' | 'softmax';
  readonly names?: readonly string[];
  readonly unit?: string;
}

/** The features of the input are those of the parts, one after the other. */
export interface InputReading {
  readonly mode: InputMode;
  readonly parts: readonly PartReading[];
  /** What becomes of an opening that is given beside the row of a public input. */
  readonly strayOpening: 'ignored' | 'refused';
}

export interface PartReading {
  /** Missing in version 1, whose input is one part. */
  readonly name?: string;
  /** Row-major; none is one feature. */
  readonly shape: readonly number[];
  /** How many features; version 1 allows any number, so nothing may be allocated by it alone. */
  readonly count: number;
  readonly names?: readonly string[];
  readonly units?: readonly string[];
  /** @param index of a feature in this part, in row-major order */
  readonly encodingOf: (index: number) => FeatureEncoding;
}
