/**
 * The float graph: what a model computes, before quantization.
 *
 * All scalars live in one flat *value space*. A node produces the values `[first, first + count)` and reads others
 * by their ids, so a shape operator (reshape, transpose, concat, slice, pad) is only a rearrangement of ids and
 * leaves no node behind. The input occupies the values `[0, input.count)`.
 */

/** A value id that stands for an exact zero (padding); allowed wherever ids are read. */
export const ZERO = -1;
/** A place with no value at all; allowed only in the windows of a `max` node (its padding). */
export const ABSENT = -2;

export type Shape = readonly number[];

export interface FloatGraph {
  /** The model's name: its file's or folder's, made safe for file names. */
  readonly name: string;
  readonly source: ModelSource;
  readonly input: GraphInput;
  /** In topological order; `nodes[k].first` is the end of the values before it. */
  readonly nodes: readonly FloatNode[];
  readonly output: GraphOutput;
}

export interface ModelSource {
  readonly format: 'onnx' | 'tfjs';
  /** Base name of the model file. */
  readonly file: string;
  /** sha256, lower-case hex: of the file, or where weights lie beside it, of all files in the importer's order. */
  readonly sha256: string;
  /** The producer written in the file, for people. */
  readonly producer?: string;
}

export interface GraphInput {
  readonly name: string;
  /** Without the batch dimension. */
  readonly shape: Shape;
  readonly count: number;
}

export interface GraphOutput {
  readonly name: string;
  /** Without the batch dimension. */
  readonly shape: Shape;
  readonly values: Int32Array;
  /** A final monotone function that the integer circuit leaves out: it decides on the logits. */
  readonly head: 'none' | 'sigmoid' | 'softmax' | 'argmax';
}

export type FloatNode = LinearNode | ActivationNode | MaxNode;

interface NodeBase {
  /** Unique, from the model file where it has names; what error messages and cost tables print. */
  readonly name: string;
  /** The operators of the source file that went into this node, e.g. `['Conv', 'BatchNormalization']`. */
  readonly origin: readonly string[];
  readonly first: number;
  readonly count: number;
}

/**
 * Anything affine with constant weights: out = Σ blocks + Σ diagonals + bias. Either no blocks, or blocks whose
 * outputs (rows × positions each) follow each other and together are `count`.
 */
export interface LinearNode extends NodeBase {
  readonly op: 'linear';
  readonly blocks: readonly Block[];
  readonly diagonals: readonly Diagonal[];
  /** One per output. */
  readonly bias: Float64Array;
}

/**
 * A matrix applied at several positions (dense: one position; convolution: one per output pixel; group: a block each).
 * Output `row * positions + position` is Σ_t weights[row * taps + t] · value(gather[position * taps + t]).
 */
export interface Block {
  readonly rows: number;
  readonly positions: number;
  readonly taps: number;
  readonly weights: Float64Array;
  readonly gather: Int32Array;
}

/** Output i += weights[i] · value(source[i]): elementwise scales (batch norm) and sums of activations. */
export interface Diagonal {
  readonly weights: Float64Array;
  readonly source: Int32Array;
}

export interface ActivationNode extends NodeBase {
  readonly op: 'activation';
  readonly fn: ActivationFunction;
  /** One per output. */
  readonly source: Int32Array;
}

/** What is known of each is in `activations.ts`; passes go by that, not by the kind. */
export type ActivationFunction =
  | { readonly kind: 'relu' }
  | { readonly kind: 'leaky-relu'; readonly alpha: number }
  /** min may be −Infinity, max may be Infinity. */
  | { readonly kind: 'clip'; readonly min: number; readonly max: number };

/** Output i = max over t of value(gather[i * taps + t]), places that are ABSENT left out. */
export interface MaxNode extends NodeBase {
  readonly op: 'max';
  readonly taps: number;
  readonly gather: Int32Array;
}
