/**
 * The interface of a proved model: everything a verifier needs to read a verdict. The model id covers all of it.
 * Integers are decimal strings, and reals are the shortest decimal that reads back to the same double, so that the
 * canonical encoding (SPEC.md, section 1) needs no number formatting.
 */
export interface ModelInterface {
  readonly version: 'quietproof/interface/v1';
  readonly name: string;
  readonly output: OutputInterface;
  readonly input: InputInterface;
  readonly context: { readonly encoding: 'quietproof/context/v1' };
  /** The public signals, in order: outputs, then the input or its digest, then the context. */
  readonly signals: readonly SignalGroup[];
}

/** The meaning of a public signal. */
export const SIGNAL_ROLES = ['output', 'input', 'digest', 'context'] as const;

export interface SignalGroup {
  readonly role: (typeof SIGNAL_ROLES)[number];
  readonly count: number;
  /** Inclusive upper bound of each signal (the lower bound is 0); one string when all are equal. */
  readonly max: string | readonly string[];
}

/** How to read the output signals. */
export type OutputKind = OutputInterface['kind'];

export type OutputInterface = LogitsOutput | ArgmaxOutput | ThresholdOutput;

/** real logit = (signal + lo) · scale */
export interface LogitsOutput {
  readonly kind: 'logits';
  readonly count: number;
  readonly lo: readonly string[];
  readonly scale: string;
  /** The final function of the float model that the proof leaves out. */
  readonly head: 'none' | 'sigmoid' | 'softmax';
  readonly names?: readonly string[];
  readonly unit?: string;
}

/** The signal is the lowest index of the largest logit. */
export interface ArgmaxOutput {
  readonly kind: 'argmax';
  readonly count: number;
  readonly names?: readonly string[];
}

/** The signal is 1 when the score is at least `threshold`, else 0. */
export interface ThresholdOutput {
  readonly kind: 'threshold';
  /** On the model's own output: a probability where `head` is sigmoid. */
  readonly threshold: string;
  readonly head: 'none' | 'sigmoid';
  /** Names of the answers 0 and 1. */
  readonly names?: readonly [string, string];
}

/** What a proof publishes of its input: a salted digest, or all values. The rules are in tables over this type. */
export type InputMode = 'digest' | 'public';

export interface InputInterface {
  readonly mode: InputMode;
  readonly shape: readonly number[];
  readonly encoding: AffineEncoding;
  readonly names?: readonly string[];
  readonly units?: readonly string[];
}

/** integer = round((real − offset) / step), 0 ≤ integer ≤ max; a single string holds for all features. */
export interface AffineEncoding {
  readonly kind: 'affine';
  readonly offset: string | readonly string[];
  readonly step: string | readonly string[];
  readonly max: string | readonly string[];
}

/** How the key was made: the producer's claim until someone checks the transcript. */
export interface SetupRecord {
  readonly kind: 'development' | 'ceremony';
  /** The phase-1 file of a ceremony: its blake2b-512 and its known name, or 'unrecognised'. */
  readonly ptau?: { readonly blake2b: string; readonly name: string };
  readonly contributions: readonly SetupContribution[];
}

export interface SetupContribution {
  readonly name: string;
  /** The contribution hash snarkjs prints, lower-case hex. */
  readonly hash: string;
  readonly kind: 'contribution' | 'beacon';
}
