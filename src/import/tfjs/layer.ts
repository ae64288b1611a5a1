import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ErrorCode } from '../../errors/registry.ts';
import type { GraphOutput } from '../../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { type ConstTensor, shapeText, type TensorView } from '../tensor.ts';
import type { LayerConfig } from './layer-config.ts';

/** What a layer yields: activations in Keras' own layout (channels last as a rule), and a batch dimension of 1. */
export interface LayerResult {
  readonly view: TensorView;
  /**
   * A final sigmoid or softmax. It is not computed: the result may be reshaped on its way to the output, and any
   * other layer that reads it is refused.
   */
  readonly head?: { readonly kind: Exclude<GraphOutput['head'], 'none' | 'argmax'>; readonly node: NodeInfo };
}

/** How one Keras layer is imported. */
export type LayerImporter = (layer: LayerContext) => LayerResult;

/** Everything a layer may read; its accessors refuse what does not fit, naming the layer. */
export class LayerContext {
  readonly builder: GraphBuilder;
  readonly node: NodeInfo;
  readonly config: LayerConfig;
  readonly inputs: readonly LayerResult[];
  /** Looks up the weight `<layer>/<variable>`. */
  readonly findWeight: (variable: string) => ConstTensor | undefined;

  constructor(parts: Pick<LayerContext, 'builder' | 'node' | 'config' | 'inputs' | 'findWeight'>) {
    this.builder = parts.builder;
    this.node = parts.node;
    this.config = parts.config;
    this.inputs = parts.inputs;
    this.findWeight = parts.findWeight;
  }

  /** A refusal that names the layer and the file. */
  error(code: ErrorCode, what: string, fix?: string): QuietproofError {
    return this.builder.error(code, this.node, what, fix);
  }

  /** This layer, in a form that is not supported (QP2204). */
  unsupported(form: string, fix?: string): QuietproofError {
    return this.error('QP2204', `${this.node.op} ${form} cannot be proved`, fix);
  }

  /** The only input, which may be what a final sigmoid or softmax yields. */
  anyInput(): LayerResult {
    if (this.inputs.length === 1) return this.inputs[0]!;
    throw this.error('QP2111', `${this.node.op} reads ${this.inputs.length} inputs and takes one`);
  }

  /** The only input. @param rank dimensions it must have, the batch included */
  input(rank?: number): TensorView {
    const { view } = this.plain(this.anyInput());
    if (rank === undefined || view.shape.length === rank) return view;
    const what = `${this.node.op} takes ${rank - 1} dimensions, and there is an operand of ${shapeText(view.shape.slice(1))}`;
    throw this.error('QP2110', what);
  }

  /** All inputs of a layer that joins several. */
  views(): TensorView[] {
    return this.inputs.map((input) => this.plain(input).view);
  }

  weight(variable: string, shape: readonly number[]): ConstTensor {
    const tensor = this.findWeight(variable);
    if (tensor === undefined) {
      throw this.error('QP2206', `the weight "${variable}" is missing`, 'Save or convert the model again');
    }
    if (shape.length === tensor.shape.length && shape.every((dim, axis) => dim === tensor.shape[axis]))
      return tensor;
    const what = `the weight "${variable}" has shape ${shapeText(tensor.shape)} where ${shapeText(shape)} is needed`;
    throw this.error('QP2206', what, 'Save or convert the model again');
  }

  /** Refuses to compute with what a softmax or sigmoid yields. */
  private plain(result: LayerResult): LayerResult {
    if (result.head === undefined) return result;
    const { kind, node } = result.head;
    const what = `a ${kind} between layers cannot be proved`;
    const fix = `Only a final ${kind} can be left out of the proof: cut the model there, or train without it`;
    throw this.builder.error(kind === 'softmax' ? 'QP2103' : 'QP2203', node, what, fix);
  }
}
