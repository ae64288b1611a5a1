import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ErrorCode } from '../../errors/registry.ts';
import type { ActivationFunction, GraphOutput } from '../../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { reshapeView } from '../rearrange.ts';
import { softmaxOver } from '../softmax.ts';
import { type ConstTensor, shapeText, type TensorView } from '../tensor.ts';
import type { LayerConfig } from './layer-config.ts';

/** The output of a layer: activations in Keras' layout (usually channels last) with a batch dimension of 1. */
export interface LayerResult {
  readonly view: TensorView;
  /**
   * A final sigmoid or softmax, which is not computed. The result may only be reshaped before the output; any other
   * layer that reads it is refused.
   */
  readonly head?: { readonly kind: Exclude<GraphOutput['head'], 'none' | 'argmax'>; readonly node: NodeInfo };
}

const SIGMOID: ActivationFunction = { kind: 'tabulated', of: { name: 'sigmoid' } };

/** Sigmoids that layers read: one activation each, however many read it. */
const computed = new WeakMap<LayerResult, TensorView>();

/** A layer or a model that another layer applies. */
export interface InnerLayer {
  readonly className: string;
  readonly apply: (x: LayerResult) => LayerResult;
}

/** Imports one Keras layer. */
export type LayerImporter = (layer: LayerContext) => LayerResult;

/** The inputs, config and weights of one layer. The accessors refuse what does not fit, with an error at the layer. */
export class LayerContext {
  readonly builder: GraphBuilder;
  readonly node: NodeInfo;
  readonly config: LayerConfig;
  readonly inputs: readonly LayerResult[];
  /** Looks up the weight `<layer>/<variable>`. */
  readonly findWeight: (variable: string) => ConstTensor | undefined;

  /** The layer that this one applies. */
  readonly inner: InnerLayer | undefined;

  constructor(parts: Pick<LayerContext, 'builder' | 'node' | 'config' | 'inputs' | 'findWeight' | 'inner'>) {
    this.builder = parts.builder;
    this.node = parts.node;
    this.config = parts.config;
    this.inputs = parts.inputs;
    this.findWeight = parts.findWeight;
    this.inner = parts.inner;
  }

  /** An error located at the layer and the file. */
  error(code: ErrorCode, what: string, fix?: string): QuietproofError {
    return this.builder.error(code, this.node, what, fix);
  }

  /** The error for an unsupported form of this layer (QP2204). */
  unsupported(form: string, fix?: string): QuietproofError {
    return this.error('QP2204', `${this.node.op} ${form} cannot be proved`, fix);
  }

  /** The only input, which may be the result of a final sigmoid or softmax. */
  anyInput(): LayerResult {
    if (this.inputs.length === 1) return this.inputs[0]!;
    throw this.error('QP2111', `${this.node.op} takes one input, but has ${this.inputs.length}`);
  }

  /** The only input. @param rank required number of dimensions, including the batch */
  input(rank?: number): TensorView {
    const view = this.computed(this.anyInput());
    if (rank === undefined || view.shape.length === rank) return view;
    const what = `${this.node.op} takes ${rank - 1} dimensions, but its operand is ${shapeText(view.shape.slice(1))}`;
    throw this.error('QP2110', what);
  }

  /** All inputs of a layer that merges several. */
  views(): TensorView[] {
    return this.inputs.map((input) => this.computed(input));
  }

  weight(variable: string, shape: readonly number[]): ConstTensor {
    const tensor = this.findWeight(variable);
    if (tensor === undefined) {
      throw this.error('QP2206', `the weight "${variable}" is missing`, 'Save or convert the model again');
    }
    if (shape.length === tensor.shape.length && shape.every((dim, axis) => dim === tensor.shape[axis]))
      return tensor;
    const what = `the weight "${variable}" has shape ${shapeText(tensor.shape)} instead of ${shapeText(shape)}`;
    throw this.error('QP2206', what, 'Save or convert the model again');
  }

  /** A result that this layer computes with: a sigmoid or softmax that was left out is computed. */
  computed(result: LayerResult): TensorView {
    if (result.head === undefined) return result.view;
    const { kind, node } = result.head;
    const view = computed.get(result) ?? this.#computed(result.view, kind, node);
    computed.set(result, view);
    return view;
  }

  #computed(x: TensorView, kind: 'sigmoid' | 'softmax', node: NodeInfo): TensorView {
    if (kind === 'sigmoid') return this.builder.activation(node, x, SIGMOID);
    // It is over all values of a row, which may have been reshaped since.
    const [rows = 1] = x.shape;
    const flat = reshapeView(x, [rows, x.ids.length / rows]);
    return reshapeView(softmaxOver(this.builder, node, flat, [1]), x.shape);
  }
}
