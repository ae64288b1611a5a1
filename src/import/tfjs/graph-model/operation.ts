import type { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { ErrorCode } from '../../../errors/registry.ts';
import type { ActivationFunction, GraphOutput } from '../../../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from '../../graph-builder.ts';
import { reshapeView } from '../../rearrange.ts';
import { softmaxOver } from '../../softmax.ts';
import { type ConstTensor, shapeText, type TensorView } from '../../tensor.ts';
import { isObject, isSize, type JsonObject } from '../json-value.ts';

/** A tensor of a graph during the import, in TensorFlow's layout, usually channels last. */
export type GraphValue = ViewTensor | ConstantTensor | HeadTensor;

export interface ViewTensor {
  readonly kind: 'view';
  readonly view: TensorView;
  /** Of a type of integers: such numbers of the input are only moved, and read as places. */
  readonly isInteger?: boolean;
}

export interface ConstantTensor {
  readonly kind: 'const';
  readonly tensor: ConstTensor;
}

/** A final sigmoid or softmax, which is not computed unless a node reads it; or an argmax, which none may read. */
export interface HeadTensor {
  readonly kind: 'head';
  readonly head: Exclude<GraphOutput['head'], 'none'>;
  readonly view: TensorView;
  readonly node: NodeInfo;
}

/** Imports one operation: its only output. */
export type Operation = (context: OperationContext) => GraphValue;

const SIGMOID: ActivationFunction = { kind: 'tabulated', of: { name: 'sigmoid' } };

/** Heads that nodes read: computed once, however many read them. */
const computed = new WeakMap<HeadTensor, TensorView>();

/** The operands and attributes of one node. The accessors refuse what does not fit, with an error at the node. */
export class OperationContext {
  readonly builder: GraphBuilder;
  readonly node: NodeInfo;
  readonly inputs: readonly GraphValue[];
  readonly #attributes: JsonObject;

  constructor(
    parts: Pick<OperationContext, 'builder' | 'node' | 'inputs'> & { readonly attributes: JsonObject },
  ) {
    this.builder = parts.builder;
    this.node = parts.node;
    this.inputs = parts.inputs;
    this.#attributes = parts.attributes;
  }

  error(code: ErrorCode, what: string, fix?: string): QuietproofError {
    return this.builder.error(code, this.node, what, fix);
  }

  /** The error for an unsupported form of this operation (QP2208). */
  unsupported(form: string, fix?: string): QuietproofError {
    return this.error('QP2208', `${this.node.op} ${form} cannot be proved`, fix);
  }

  misfit(...shapes: readonly (readonly number[])[]): QuietproofError {
    return this.error(
      'QP2110',
      `${this.node.op} cannot take operands of ${shapes.map(shapeText).join(' and ')}`,
    );
  }

  /** An operand of any kind. */
  input(index: number): GraphValue {
    const value = this.inputs[index];
    if (value !== undefined) return value;
    throw this.error('QP2111', `${this.node.op} is missing its input ${index + 1}`);
  }

  /** An operand that is computed with, as is then a sigmoid or softmax before it. */
  operand(index: number): ViewTensor | ConstantTensor {
    const value = this.input(index);
    if (value.kind !== 'head') return value;
    const view = computed.get(value) ?? this.#computed(value);
    computed.set(value, view);
    return { kind: 'view', view };
  }

  #computed({ head, view, node }: HeadTensor): TensorView {
    switch (head) {
      case 'sigmoid':
        return this.builder.activation(node, view, SIGMOID);
      case 'softmax': {
        // It is over all values of a row, which may have been reshaped since.
        const { batch } = this.builder;
        const flat = reshapeView(view, [batch, view.ids.length / batch]);
        return reshapeView(softmaxOver(this.builder, node, flat, [1]), view.shape);
      }
      case 'argmax':
        throw this.builder.error('QP2208', node, 'an ArgMax that another operation reads cannot be proved');
    }
  }

  /** @param rank required number of dimensions, including the batch */
  view(index: number, rank?: number): TensorView {
    const value = this.operand(index);
    if (value.kind !== 'view') throw this.unsupported(`with a constant as input ${index + 1}`);
    if (rank !== undefined && value.view.shape.length !== rank) throw this.misfit(value.view.shape);
    return value.view;
  }

  /** An operand as a view, also if it is constant. */
  anyView(index: number): TensorView {
    const value = this.operand(index);
    return value.kind === 'view' ? value.view : this.builder.constant(this.node, value.tensor);
  }

  /** −x */
  negative(x: TensorView): TensorView {
    return this.builder.affine(this.node, x, { shape: [], data: Float64Array.of(-1) });
  }

  constant(index: number, role: string): ConstTensor {
    const value = this.operand(index);
    if (value.kind === 'const') return value.tensor;
    throw this.unsupported(`with ${role} that depend on the input`);
  }

  /** A constant list of integers, such as a shape. */
  integers(index: number, role: string): number[] {
    return Array.from(this.constant(index, role).data);
  }

  flag(key: string): boolean {
    return this.#attribute(key).b === true;
  }

  float(key: string, otherwise: number): number {
    const { f } = this.#attribute(key);
    return typeof f === 'number' && Number.isFinite(f) ? f : otherwise;
  }

  int(key: string, otherwise: number): number {
    const { i } = this.#attribute(key);
    return i === undefined ? otherwise : this.#integer(key, i);
  }

  ints(key: string): number[] {
    const { list } = this.#attribute(key);
    const items = isObject(list) && Array.isArray(list.i) ? (list.i as unknown[]) : [];
    return items.map((item) => this.#integer(key, item));
  }

  /** Text is base64 in this form of protobuf. */
  text(key: string, otherwise: string): string {
    const { s } = this.#attribute(key);
    return typeof s === 'string' ? decoded(s) : otherwise;
  }

  texts(key: string): string[] {
    const { list } = this.#attribute(key);
    const items = isObject(list) && Array.isArray(list.s) ? (list.s as unknown[]) : [];
    return items.map((item) => decoded(String(item)));
  }

  /** The name of a data type. */
  type(key: string): string {
    return String(this.#attribute(key).type);
  }

  /** Sizes of the spatial axes, of a list for [batch, rows, columns, channels]. */
  plane(key: string): [number, number] {
    const list = this.ints(key);
    if (list.length === 0) return [1, 1];
    const [batch, rows, columns, channels] = list;
    if (list.length === 4 && batch === 1 && channels === 1 && isSize(rows) && isSize(columns)) {
      return [rows, columns];
    }
    throw this.unsupported(`with ${key} of ${list.join(', ')}`);
  }

  #attribute(key: string): JsonObject {
    const value = Object.hasOwn(this.#attributes, key) ? this.#attributes[key] : undefined;
    return isObject(value) ? value : {};
  }

  /** 64-bit integers are texts in this form of protobuf. */
  #integer(key: string, value: unknown): number {
    const number = typeof value === 'string' ? Number(value) : value;
    if (Number.isSafeInteger(number)) return number as number;
    throw this.error('QP2111', `${key} of ${this.node.op} is no integer`);
  }
}

const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
