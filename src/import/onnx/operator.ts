import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ErrorCode } from '../../errors/registry.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { type ConstTensor, shapeText, type TensorView } from '../tensor.ts';
import type { Attributes } from './attributes.ts';
import { computedHead } from './between-layers.ts';
import { BOOL, precisionOf, STRING } from './data-types.ts';
import type { GraphProto, TensorProto } from './decode-model.ts';
import type { ConstValue, Outputs, Value, ViewValue } from './value.ts';

/** Imports one ONNX operator: reads operands and attributes from the context and returns the first output, or all. */
export type Operator = (context: OperatorContext) => Value | Outputs;

const FIXED_SIZES = 'Export with fixed sizes, so that they are stored in the model';
/** What helps where an operand is not constant, by its role; empty where nothing does. */
const FIXES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  indices: '',
  conditions: '',
  scales: FIXED_SIZES,
};

/** The error for an operator that reads texts and is no encoder. */
export function textsComputedWith(builder: GraphBuilder, node: NodeInfo): QuietproofError {
  const fix = 'Leave texts as they are up to a OneHotEncoder or an OrdinalEncoder';
  return builder.error('QP2155', node, `${node.op} of texts cannot be proved`, fix);
}

/** The operands and attributes of one node. The accessors refuse what does not fit, with an error at the node. */
export class OperatorContext {
  readonly builder: GraphBuilder;
  readonly node: NodeInfo;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** Version of the operator set of ai.onnx.ml; 0 if the file does not name it. */
  readonly learnedOpset: number;
  readonly attributes: Attributes;
  /** Undefined for an omitted optional input. */
  readonly inputs: readonly (Value | undefined)[];
  /** How many outputs the node has in the file. */
  readonly outputCount: number;
  readonly readTensor: (tensor: TensorProto) => ConstValue;
  /** Imports the nodes of a sub-graph, which may read every value before this node, and returns its outputs. */
  readonly runGraph: (graph: GraphProto) => readonly Value[];

  constructor(
    parts: Pick<
      OperatorContext,
      | 'builder'
      | 'node'
      | 'opset'
      | 'learnedOpset'
      | 'attributes'
      | 'inputs'
      | 'outputCount'
      | 'readTensor'
      | 'runGraph'
    >,
  ) {
    this.builder = parts.builder;
    this.node = parts.node;
    this.opset = parts.opset;
    this.learnedOpset = parts.learnedOpset;
    this.attributes = parts.attributes;
    this.inputs = parts.inputs;
    this.outputCount = parts.outputCount;
    this.readTensor = parts.readTensor;
    this.runGraph = parts.runGraph;
  }

  /** An error located at the node and the file. */
  error(code: ErrorCode, what: string, fix?: string): QuietproofError {
    return this.builder.error(code, this.node, what, fix);
  }

  /** The error for an unsupported form of this operator (QP2102). */
  unsupported(form: string, fix?: string): QuietproofError {
    return this.error('QP2102', `${this.node.op} ${form} cannot be proved`, fix);
  }

  input(index: number): ViewValue | ConstValue {
    const value = this.inputs[index];
    if (value === undefined) throw this.error('QP2111', `${this.node.op} is missing its input ${index + 1}`);
    if (value.kind !== 'head') return value;
    const activation = computedHead(this.builder, value);
    if (activation === undefined) throw this.#betweenLayers(value.node);
    return activation;
  }

  /** An operand that depends on the model's input, of a floating-point type or true and false. */
  view(index: number): TensorView {
    const { view, dataType } = this.#viewValue(index);
    if (dataType === STRING) throw textsComputedWith(this.builder, this.node);
    if (precisionOf(dataType) === undefined && dataType !== BOOL) {
      const what = `${this.node.op} computes with integers of the input, and only floats are proved`;
      throw this.error('QP2136', what, 'Cast the input to float32 first');
    }
    return view;
  }

  /** An operand that depends on the model's input, of any type. */
  anyView(index: number): TensorView {
    return this.#viewValue(index).view;
  }

  #viewValue(index: number): ViewValue {
    const value = this.input(index);
    if (value.kind === 'view') return value;
    throw this.unsupported(`with a constant as input ${index + 1}`);
  }

  constant(
    index: number,
    role: string,
    fix = FIXES[role] ?? 'Weights must be stored in the model',
  ): ConstTensor {
    const value = this.input(index);
    if (value.kind === 'const') return value.tensor;
    throw this.unsupported(`with ${role} that depend on data`, fix === '' ? undefined : fix);
  }

  optionalConstant(index: number, role: string): ConstTensor | undefined {
    return this.inputs[index] === undefined ? undefined : this.constant(index, role);
  }

  /** A constant list of integers. */
  integers(index: number, role: string): number[] {
    const values = [...this.constant(index, role, FIXED_SIZES).data];
    if (!values.every(Number.isInteger))
      throw this.error('QP2111', `the ${role} of ${this.node.op} must be integers`);
    return values;
  }

  optionalIntegers(index: number, role: string): number[] | undefined {
    return this.inputs[index] === undefined ? undefined : this.integers(index, role);
  }

  /** Normalizes a negative axis. @param rank number of dimensions of the operand */
  axis(axis: number, rank: number): number {
    const from0 = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(from0) && from0 >= 0 && from0 < rank) return from0;
    throw this.error('QP2110', `axis ${axis} is out of range for an operand of ${rank} dimensions`);
  }

  axes(axes: readonly number[], rank: number): number[] {
    return axes.map((axis) => this.axis(axis, rank)).sort((a, b) => a - b);
  }

  /** The error for incompatible shapes (QP2110). */
  misfit(...shapes: readonly (readonly number[])[]): QuietproofError {
    return this.error(
      'QP2110',
      `${this.node.op} cannot take operands of ${shapes.map(shapeText).join(' and ')}`,
    );
  }

  /** A result with the data type of the first activation among the inputs. */
  viewOf(view: TensorView): ViewValue {
    const first = this.inputs.find((value) => value?.kind === 'view');
    return { kind: 'view', view, dataType: first?.kind === 'view' ? first.dataType : 1 };
  }

  /** Of a label: other final functions are computed where an operator reads them. */
  #betweenLayers(head: NodeInfo): QuietproofError {
    const fix = `Only a final ${head.op} can be left out of the proof: cut the model there, or train without it`;
    return this.builder.error('QP2101', head, `${head.op} between layers cannot be proved`, fix);
  }
}
