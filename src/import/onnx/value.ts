import type { GraphOutput } from '../../graph/float-graph.ts';
import type { NodeInfo } from '../graph-builder.ts';
import type { ConstTensor, TensorView } from '../tensor.ts';

/** The value of a name in an ONNX graph during the import. */
export type Value = ViewValue | ConstValue | HeadValue;

/** All outputs of a node with several; undefined for one that cannot be proved, which is refused where it is read. */
export interface Outputs {
  readonly kind: 'outputs';
  readonly values: readonly (Value | undefined)[];
  /** What one that cannot be proved is; its place by default. */
  readonly refused?: string;
}

/** A tensor that depends on the model's input. */
export interface ViewValue {
  readonly kind: 'view';
  readonly view: TensorView;
  readonly dataType: number;
}

/** A tensor known at import: a weight, or arithmetic on shapes. Strings are numbers that `GraphBuilder.texts` resolves. */
export interface ConstValue {
  readonly kind: 'const';
  readonly tensor: ConstTensor;
  readonly dataType: number;
}

/**
 * The result of a final Sigmoid, Softmax or ArgMax. It is not computed. It may only be reshaped before the output; any
 * other operator that reads it is refused.
 */
export interface HeadValue {
  readonly kind: 'head';
  readonly head: Exclude<GraphOutput['head'], 'none'>;
  readonly logits: TensorView;
  /** The shape that the result has in the file: after ArgMax not that of the logits. */
  readonly shape: readonly number[];
  /** Of the logits: the format in which the file computes them and its final function. Of a label: its own. */
  readonly dataType: number;
  /** The node of the Sigmoid, Softmax or ArgMax. */
  readonly node: NodeInfo;
  /** Of a sigmoid that is 1 minus another: the ids of the other's logits. */
  readonly complements?: Int32Array;
  /** Of an argmax: what the file gives instead of the index of the largest score. */
  readonly labels?: readonly Label[];
  /** Of a classifier's label: the ids of the scores that the classifier gives beside it. */
  readonly scores?: Int32Array;
}

/** What a classifier calls a class. */
export type Label = string | number;
