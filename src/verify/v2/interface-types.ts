import type { Decimal, Each, Open, Real, SignedDecimal } from '../json/encoded-types.ts';

/** The interface of a proved model: everything a verifier needs to read a verdict. The model id covers all of it. */
export interface InterfaceV2 extends Open {
  readonly version: 'quietproof/interface/v2';
  /** Only a label; no digest up to the circuit depends on it. */
  readonly name: string;
  readonly weights: Weights;
  /** 1 to 1024, with unique names. Their signals come first, in this order. */
  readonly outputs: readonly OutputV2[];
  readonly input: InputV2;
}

/** A union with one member so far. Committed weights would be another kind, with an additional public signal. */
export type Weights = { readonly kind: 'constants' };

export type OutputV2 = LabelOutput | CategoryOutput | ScoreOutput | VectorOutput;

interface NamedOutput extends Open {
  readonly name: string;
}

/** One signal: the index of the label, 0 to count − 1. */
export interface LabelOutput extends NamedOutput {
  readonly kind: 'label';
  readonly count: number;
  readonly rule: LabelRule;
  /** One name per label. */
  readonly names?: readonly string[];
}

export type LabelRule =
  /** The lowest index of the largest score. */
  | { readonly kind: 'argmax' }
  /** 1 when the score is at least `threshold`. The score is the model's output: a probability if head is sigmoid. */
  | { readonly kind: 'threshold'; readonly threshold: Real; readonly head: 'none' | 'sigmoid' };

/** One signal: the index into `values`. */
export interface CategoryOutput extends NamedOutput {
  readonly kind: 'category';
  readonly values: readonly string[];
}

/** One signal, 0 to max: real = (signal + lo) · scale. */
export interface ScoreOutput extends NamedOutput {
  readonly kind: 'score';
  readonly lo: SignedDecimal;
  readonly max: Decimal;
  readonly scale: Real;
  /** The final function of the float model that the proof leaves out. */
  readonly head: 'none' | 'sigmoid';
  readonly unit?: string;
}

/** `count` signals, at least 2: real = (signal + lo) · scale, per signal. */
export interface VectorOutput extends NamedOutput {
  readonly kind: 'vector';
  readonly count: number;
  readonly lo: Each<SignedDecimal>;
  readonly max: Each<Decimal>;
  readonly scale: Real;
  readonly head: 'none' | 'sigmoid' | 'softmax';
  readonly names?: readonly string[];
  readonly unit?: string;
}

export interface InputV2 extends Open {
  readonly mode: 'digest' | 'public';
  /** 1 to 1024, with unique names. The features of the input are the features of the parts, in order. */
  readonly parts: readonly InputPart[];
}

/** Consecutive values of a row with the same encoding; not necessarily one input tensor of the model file. */
export interface InputPart extends Open {
  readonly name: string;
  /** Row-major, at most 8 dimensions; [] is one feature. */
  readonly shape: readonly number[];
  readonly encoding: EncodingV2;
  /** One per feature, like `units`. */
  readonly names?: readonly string[];
  readonly units?: readonly string[];
}

export type EncodingV2 = AffineEncodingV2 | IntegerEncoding | Rank32Encoding | CategoryEncoding;

/**
 * u = floor(v) + [v − floor(v) ≥ ½], v = (x − offset) / step; lists have one entry per group of `axes`. With nan coded, max
 * stands for NaN, and numbers are below it.
 */
export interface AffineEncodingV2 {
  readonly kind: 'affine';
  /** Dimensions of the shape along which the groups differ, ascending; [] is one group. */
  readonly axes: readonly number[];
  readonly offset: Each<Real>;
  readonly step: Each<Real>;
  readonly max: Each<Decimal>;
  readonly nan?: 'coded';
}

/** u = x − lo, x an integer. */
export interface IntegerEncoding {
  readonly kind: 'integer';
  readonly axes: readonly number[];
  readonly lo: Each<SignedDecimal>;
  readonly max: Each<Decimal>;
}

/** u = 2139095040 ± magnitude of the float32: 0 for −∞ to 4278190080 for +∞, and 4278190081 for a coded NaN. */
export interface Rank32Encoding {
  readonly kind: 'rank32';
  readonly nan: 'refused' | 'coded';
}

/** u = index in `values`; values.length for a coded unknown. */
export interface CategoryEncoding {
  readonly kind: 'category';
  readonly values: readonly string[];
  readonly unknown: 'refused' | 'coded';
}
