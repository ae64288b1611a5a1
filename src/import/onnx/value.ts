import type { GraphOutput } from '../../graph/float-graph.ts';
import type { NodeInfo } from '../graph-builder.ts';
import type { ConstTensor, TensorView } from '../tensor.ts';

/** What a name in an ONNX graph stands for while importing. */
export type Value = ViewValue | ConstValue | HeadValue;

/** Depends on the input. */
export interface ViewValue {
  readonly kind: 'view';
  readonly view: TensorView;
  readonly dataType: number;
}

/** Known now: a weight, or arithmetic on shapes. */
export interface ConstValue {
  readonly kind: 'const';
  readonly tensor: ConstTensor;
  readonly dataType: number;
}

/**
 * The result of a final Sigmoid, Softmax or ArgMax. It is not computed: it may be reshaped on its way to the output,
 * and anything else that reads it is refused.
 */
export interface HeadValue {
  readonly kind: 'head';
  readonly head: Exclude<GraphOutput['head'], 'none'>;
  readonly logits: TensorView;
  /** The Sigmoid, Softmax or ArgMax itself. */
  readonly node: NodeInfo;
}
