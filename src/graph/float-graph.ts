/**
 * The float graph: what a model computes, before quantization.
 *
 * All scalars share one flat *value space*. A node produces the values `[first, first + count)` and reads other values
 * by id. A shape operator (reshape, transpose, concat, slice, pad) only rearranges ids and leaves no node behind. The
 * input is the values `[0, input.count)`.
 */

import type { Categories } from '../data/categories.ts';
import type { FloatPrecision } from './float-precision.ts';
import type { Tabulated } from './functions/tabulated.ts';
import type { Tree } from './tree.ts';

/** The id of an exact zero (padding); allowed wherever ids are read. */
export const ZERO = -1;
/** The id of a missing value; allowed only in the windows of a `max` node (its padding). */
export const ABSENT = -2;

export type Shape = readonly number[];

export interface FloatGraph {
  /** The model's name: that of its file or folder, made safe for file names. */
  readonly name: string;
  readonly source: ModelSource;
  readonly input: FloatInput;
  /** In topological order; `nodes[k].first` is the end of the previous node's values. */
  readonly nodes: readonly FloatNode[];
  /** At least one; their logits follow each other wherever a row's are in one list. */
  readonly outputs: readonly GraphOutput[];
  /** Whether the file has several outputs, even if only one of them is proved. */
  readonly hasSeveralOutputs: boolean;
  /** By input value: the categories whose places it has, where it is a text; missing without texts. */
  readonly categories?: readonly (Categories | undefined)[];
}

export interface ModelSource {
  readonly format: 'onnx' | 'tfjs';
  /** Base name of the model file. */
  readonly file: string;
  /** sha256, lower-case hex, of the file; of all files in the importer's order if weights are stored separately. */
  readonly sha256: string;
  /** The producer named in the file, for display. */
  readonly producer?: string;
}

/** A row: the values of all inputs of the model. */
export interface GraphInput {
  /** The input's name, or `inputs` where there are several. */
  readonly name: string;
  /** Without the batch dimension; [count] where there are several inputs. */
  readonly shape: Shape;
  readonly count: number;
}

export interface FloatInput extends GraphInput {
  /** The model's inputs, in the order of the file. A row has the values of the first, then those of the next. */
  readonly parts: readonly InputTensor[];
}

export interface InputTensor {
  readonly name: string;
  /** Without the batch dimension; [] is one value. */
  readonly shape: Shape;
  readonly count: number;
  readonly values: InputValues;
}

/** What values an input tensor may have: real numbers, or the integers of a type. */
export type InputValues =
  | { readonly kind: 'real' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number };

export interface GraphOutput {
  readonly name: string;
  /** The output's name in the file. Where the file has a fixed batch, each of its rows is an output. */
  readonly tensor: string;
  /** Without the batch dimension. */
  readonly shape: Shape;
  readonly values: Int32Array;
  /** The model's final function, which the circuit leaves out: a label is decided on the logits before it. */
  readonly head: 'none' | 'sigmoid' | 'softmax' | 'argmax';
  /** What the file calls the classes, by the index of the score: the labels of an argmax, else only names of scores. */
  readonly classes?: readonly string[];
  /** The format in which the file computes its output, which decides what passes a threshold; default float32. */
  readonly precision?: FloatPrecision;
}

export type FloatNode =
  | LinearNode
  | ActivationNode
  | MaxNode
  | TreesNode
  | ProductNode
  | CompareNode
  | DivideNode
  | SelectNode;

interface NodeBase {
  /** Unique; from the model file if it has names. Error messages and cost tables print it. */
  readonly name: string;
  /** The operators of the source file that this node combines, e.g. `['Conv', 'BatchNormalization']`. */
  readonly origin: readonly string[];
  readonly first: number;
  readonly count: number;
}

/**
 * Any affine function with constant weights: out = Σ blocks + Σ diagonals + bias. There are either no blocks, or blocks
 * whose outputs (rows × positions each), in order, are exactly the `count` outputs.
 */
export interface LinearNode extends NodeBase {
  readonly op: 'linear';
  readonly blocks: readonly Block[];
  readonly diagonals: readonly Diagonal[];
  /** One per output. */
  readonly bias: Float64Array;
}

/**
 * A matrix applied at several positions. Dense: one position. Convolution: one position per output pixel and one block
 * per group.
 * Output `row * positions + position` is Σ_t weights[row * taps + t] · value(gather[position * taps + t]).
 */
export interface Block {
  readonly rows: number;
  readonly positions: number;
  readonly taps: number;
  readonly weights: Float64Array;
  readonly gather: Int32Array;
}

/** Adds weights[i] · value(source[i]) to output i: elementwise scales (batch norm) and sums of activations. */
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

/** `activations.ts` has the facts of each kind; passes test those facts, not the kind. */
export type ActivationFunction =
  | { readonly kind: 'relu' }
  | { readonly kind: 'leaky-relu'; readonly alpha: number }
  /** min may be −Infinity, max may be Infinity. */
  | { readonly kind: 'clip'; readonly min: number; readonly max: number }
  /** A function that has no form of its own over the integers. */
  | { readonly kind: 'tabulated'; readonly of: Tabulated };

/** Output i = max over t of value(gather[i * taps + t]), ignoring ABSENT. */
export interface MaxNode extends NodeBase {
  readonly op: 'max';
  readonly taps: number;
  readonly gather: Int32Array;
}

/**
 * An ensemble of decision trees. Output i combines what the trees' leaves write to target i, then adds `base[i]`. Trees
 * that write nothing to a target leave it out; a target to which no leaf writes is `base[i]` alone.
 */
export interface TreesNode extends NodeBase {
  readonly op: 'trees';
  /** The features. Tests compare the float32 nearest to each value. */
  readonly source: Int32Array;
  readonly trees: readonly Tree[];
  /** `average` divides the sum by the number of trees, also of those that do not write to the target. */
  readonly aggregate: 'sum' | 'average' | 'min' | 'max';
  /** One per output. */
  readonly base: Float64Array;
  /** Whether the file has no answer where a feature is missing, so that rows without it are refused. */
  readonly refusesMissing?: true;
}

/** The operands of a node of two, elementwise: one id each per output. */
interface TwoOperands {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** out = left · right */
export interface ProductNode extends NodeBase, TwoOperands {
  readonly op: 'product';
}

/** out = 1 if left ≥ right, else 0 */
export interface CompareNode extends NodeBase, TwoOperands {
  readonly op: 'compare';
}

/** out = left / right, where right is above 0 for every input */
export interface DivideNode extends NodeBase, TwoOperands {
  readonly op: 'divide';
}

/** out = whenTrue where condition is 1, whenFalse where it is 0; it is nothing else for any input. */
export interface SelectNode extends NodeBase {
  readonly op: 'select';
  readonly condition: Int32Array;
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
}
