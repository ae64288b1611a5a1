import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import { checkGraph } from '../graph/check-graph.ts';
import type {
  ActivationFunction,
  Block,
  Diagonal,
  FloatGraph,
  FloatNode,
  GraphOutput,
  InputValues,
  ModelSource,
} from '../graph/float-graph.ts';
import { type TreesNode, ZERO } from '../graph/float-graph.ts';
import type { Interval } from '../graph/functions/interval.ts';
import { broadcastShape, broadcastTo } from './broadcast.ts';
import { ExactMaps } from './exact-maps.ts';
import { type FinalTensor, refuseConstantHead } from './final-tensor.ts';
import type { LeafFunction } from './leaf-function.ts';
import { liveNodeNames } from './live-values.ts';
import { TextInputs } from './ml/texts.ts';
import { ModelInputs } from './model-inputs.ts';
import { rearrangeConst, rearrangeView } from './rearrange.ts';
import { type ConstTensor, idRange, shapeText, sizeOf, type TensorView } from './tensor.ts';
import { ValueRanges } from './value-ranges.ts';

/** The operator in the model file that a graph node comes from. */
export interface NodeInfo {
  /** Name in the file; the builder makes it unique. */
  readonly name: string;
  /** Operator type in the file, e.g. `Conv`. */
  readonly op: string;
}

/** The affine map that `GraphBuilder.linear` adds, as in a linear node. */
export interface LinearParts {
  readonly blocks?: readonly Block[];
  readonly diagonals?: readonly Diagonal[];
  /** One per output. */
  readonly bias: Float64Array;
}

/** Limits that stop a small hostile file from exhausting memory. */
const MAX_VALUES = 2 ** 24;
/** Elements of weights, gather tables and biases over the whole graph. */
const MAX_WORDS = 2 ** 27;

/**
 * Builds a float graph one operator at a time, for every importer. Tensors are channels first and have a batch
 * dimension of 1. Nothing is fused here: passes over the finished graph do that.
 *
 * Convolutions, pools and reductions have their own files and call `linear` and `max`.
 */
export class GraphBuilder {
  /** What the file computes value by value, for operators that need the runtime's own result. */
  readonly exact = new ExactMaps();
  /** Values that one tree decides. */
  readonly leaves = new Map<number, LeafFunction>();
  /** Values that are the sign of another one: its id. */
  readonly signs = new Map<number, number>();
  /** Values that are the root of another one: its id. */
  readonly roots = new Map<number, number>();
  /** Values that have the order of others, by one increasing function: which, and of what. */
  readonly orders = new Map<number, { readonly by: string; readonly source: number }>();
  /** Whole numbers that a Cast cuts off values: the ids of those. */
  readonly cut = new Map<number, number>();
  /** The strings of the file's string tensors, whose elements are places in this list. */
  readonly texts: string[] = [];
  /** What the file calls scores, by the id of the first. */
  readonly scoreNames = new Map<number, readonly string[]>();
  /** The inputs that are texts, and what encoders know of them. */
  readonly textInputs = new TextInputs();
  readonly #modelName: string;
  readonly #file: string;
  readonly #nodes: FloatNode[] = [];
  readonly #names = new Set<string>();
  /** Nodes that stand for values that only few may read, which take over what they read: why, by name in the graph. */
  readonly #refused = new Map<string, QuietproofError>();
  readonly #ranges = new ValueRanges(this.#nodes);
  readonly #inputs = new ModelInputs();
  /** Rows that the model takes at once: all of them are one row of data, and each has outputs of its own. */
  batch = 1;
  #values = 0;
  #words = 0;

  /** @param file base name of the model file, for error messages */
  constructor(modelName: string, file: string) {
    this.#modelName = modelName;
    this.#file = file;
  }

  /** An error located at the node and the file. */
  error(code: ErrorCode, node: NodeInfo, what: string, fix?: string): QuietproofError {
    const where = `node "${node.name}" in ${this.#file}`;
    return new QuietproofError(code, { what, where, ...(fix === undefined ? {} : { fix }) });
  }

  /**
   * Declares the next input; call it before anything else.
   *
   * @param shape as the operators see it, usually with a batch dimension of 1
   * @param rowShape what a row has of it; the shape without the batch dimension by default
   */
  input(
    name: string,
    shape: readonly number[],
    rowShape: readonly number[] = shape.slice(1),
    values: InputValues = { kind: 'real' },
  ): TensorView {
    const count = sizeOf(shape);
    this.#reserve({ name, op: 'input' }, count, 0);
    this.#inputs.add({ name, shape: rowShape, count, values });
    const first = this.#values;
    this.#values += count;
    return { shape, ids: idRange(first, count) };
  }

  /**
   * Notes that values of the input are used as indices, from 0 to `max`.
   *
   * @throws QuietproofError QP2136 if they are no values of one input as it is
   */
  restrictInput(node: NodeInfo, ids: Int32Array, max: number): void {
    if (this.#inputs.restrict(ids, max)) return;
    throw this.error(
      'QP2136',
      node,
      `${node.op} reads places that the model computes, which cannot be proved`,
    );
  }

  /** Whether a value is one of the model's input, as it is. */
  isInput(id: number): boolean {
    return this.#inputs.has(id);
  }

  /** Adds any affine node. Returns the ids of its `bias.length` outputs, block after block. */
  linear(node: NodeInfo, parts: LinearParts): Int32Array {
    const { blocks = [], diagonals = [], bias } = parts;
    let words = bias.length * (1 + diagonals.length);
    for (const block of blocks) words += block.weights.length + block.gather.length;
    this.#reserve(node, bias.length, words);
    return this.#push({ op: 'linear', ...this.#base(node, bias.length), blocks, diagonals, bias });
  }

  /** scale · x + shift, elementwise with broadcasting; both are optional. */
  affine(node: NodeInfo, x: TensorView, scale?: ConstTensor, shift?: ConstTensor): TensorView {
    const shape = this.#commonShape(node, [x, scale, shift]);
    const source = rearrangeView(x, broadcastTo(x.shape, shape)).ids;
    const weights = scale ? rearrangeConst(scale, broadcastTo(scale.shape, shape)).data : ones(source.length);
    const bias = shift ? rearrangeConst(shift, broadcastTo(shift.shape, shape)).data : zeros(source.length);
    if (weights.every((w) => w === 1) && bias.every((b) => b === 0)) return { shape, ids: source };
    if (weights.every((w) => w === 0)) return { shape, ids: this.linear(node, { bias }) };
    return { shape, ids: this.linear(node, { diagonals: [{ weights, source }], bias }) };
  }

  /** a + factor · b for two activations, with broadcasting; `factor` is 1 for Add and −1 for Sub. */
  add(node: NodeInfo, a: TensorView, b: TensorView, factor = 1): TensorView {
    const shape = this.#commonShape(node, [a, b]);
    const diagonals = [
      { weights: ones(sizeOf(shape)), source: rearrangeView(a, broadcastTo(a.shape, shape)).ids },
      {
        weights: ones(sizeOf(shape)).fill(factor),
        source: rearrangeView(b, broadcastTo(b.shape, shape)).ids,
      },
    ];
    return { shape, ids: this.linear(node, { diagonals, bias: zeros(sizeOf(shape)) }) };
  }

  /** Elementwise nonlinearity. */
  activation(node: NodeInfo, x: TensorView, fn: ActivationFunction): TensorView {
    this.#reserve(node, x.ids.length, x.ids.length);
    const base = this.#base(node, x.ids.length);
    return { shape: x.shape, ids: this.#push({ op: 'activation', ...base, fn, source: x.ids }) };
  }

  /**
   * An operation of two activations, elementwise with broadcasting: a product, [left ≥ right] as 1 or 0, or a quotient
   * whose divisor is above 0.
   */
  binary(
    node: NodeInfo,
    op: 'product' | 'compare' | 'divide',
    left: TensorView,
    right: TensorView,
  ): TensorView {
    const shape = this.#commonShape(node, [left, right]);
    const count = sizeOf(shape);
    this.#reserve(node, count, 2 * count);
    const [a, b] = [left, right].map((view) => rearrangeView(view, broadcastTo(view.shape, shape)).ids);
    return { shape, ids: this.#push({ op, ...this.#base(node, count), left: a!, right: b! }) };
  }

  /** whenTrue where the condition is 1, whenFalse where it is 0, elementwise with broadcasting. */
  select(node: NodeInfo, condition: TensorView, whenTrue: TensorView, whenFalse: TensorView): TensorView {
    const views = [condition, whenTrue, whenFalse];
    const shape = this.#commonShape(node, views);
    const count = sizeOf(shape);
    this.#reserve(node, count, 3 * count);
    const [c, t, f] = views.map((view) => rearrangeView(view, broadcastTo(view.shape, shape)).ids);
    const branches = { condition: c!, whenTrue: t!, whenFalse: f! };
    return { shape, ids: this.#push({ op: 'select', ...this.#base(node, count), ...branches }) };
  }

  /** Maximum over windows of `taps` ids each, ignoring ABSENT. Returns one id per window. */
  max(node: NodeInfo, taps: number, gather: Int32Array): Int32Array {
    this.#reserve(node, gather.length / taps, gather.length);
    return this.#push({ op: 'max', ...this.#base(node, gather.length / taps), taps, gather });
  }

  /** Adds an ensemble of trees. @param words numbers that it holds @returns one id per base value */
  trees(
    node: NodeInfo,
    words: number,
    parts: Pick<TreesNode, 'trees' | 'source' | 'aggregate' | 'base' | 'refusesMissing'>,
  ): Int32Array {
    this.#reserve(node, parts.base.length, words);
    return this.#push({ op: 'trees', ...this.#base(node, parts.base.length), ...parts });
  }

  /** The same values under new ids. */
  copy(node: NodeInfo, source: Int32Array): Int32Array {
    const diagonals = [{ weights: ones(source.length), source }];
    return this.linear(node, { diagonals, bias: zeros(source.length) });
  }

  /** Values that only trees may read, and only together with `exact`: `finish` refuses any other reader. */
  copyForTrees(node: NodeInfo, source: Int32Array): Int32Array {
    const what = `${node.op} where more than trees or a comparison reads it cannot be proved`;
    const fix = 'Do this before the model, and prove the model on its result';
    return this.copyRefused(node, source, this.error('QP2102', node, what, fix));
  }

  /** Values that stand for what cannot be proved: `finish` throws the error if an output depends on them. */
  copyRefused(node: NodeInfo, source: Int32Array, error: QuietproofError): Int32Array {
    const ids = this.copy(node, source);
    this.#refused.set(this.#nodes.at(-1)!.name, error);
    return ids;
  }

  /** Between what a value lies whatever the row, as far as it is known. */
  rangeOf(id: number): Interval {
    return this.#ranges.of(id);
  }

  /** Turns constants into activations, e.g. to concatenate them with others: a node with only a bias. */
  constant(node: NodeInfo, tensor: ConstTensor): TensorView {
    if (tensor.data.every((value) => value === 0)) {
      return { shape: tensor.shape, ids: new Int32Array(tensor.data.length).fill(ZERO) };
    }
    return { shape: tensor.shape, ids: this.linear(node, { bias: tensor.data }) };
  }

  /**
   * Completes the graph. Outputs that are ZERO become values of a node, since an output must have an id.
   *
   * @param hasSeveralOutputs whether the file has, even if only one of them is wanted
   * @throws QuietproofError QP2115 if a final function gives the same answer for every input
   */
  finish(
    source: ModelSource,
    finals: readonly FinalTensor[],
    hasSeveralOutputs = finals.length > 1,
  ): FloatGraph {
    const outputs = finals.map((final) => this.#output(final));
    const input = this.#inputs.row();
    const [name, nodes] = [this.#modelName, this.#nodes];
    const graph: FloatGraph = { name, source, input, nodes, outputs, hasSeveralOutputs };
    checkGraph(graph, 'import');
    this.#refuseReaders(graph);
    this.textInputs.refuseConstants(this.#file);
    const categories = this.textInputs.categories(input.count);
    return categories === undefined ? graph : { ...graph, categories };
  }

  #refuseReaders(graph: FloatGraph): void {
    if (this.#refused.size === 0) return;
    const live = liveNodeNames(graph);
    for (const [name, error] of this.#refused) if (live.has(name)) throw error;
  }

  #output(final: FinalTensor): GraphOutput {
    refuseConstantHead(final, this.#file);
    const { name, tensor = name, view: output, head, precision = 'float32', classes } = final;
    const view = output.ids.includes(ZERO) ? this.#materialize(name, output) : output;
    const shape = view.shape[0] === 1 ? view.shape.slice(1) : view.shape;
    const named = classes === undefined ? {} : { classes };
    return { name, tensor, shape, values: view.ids, head, precision, ...named };
  }

  #materialize(name: string, { shape, ids }: TensorView): TensorView {
    return { shape, ids: this.copy({ name, op: 'Identity' }, ids) };
  }

  #commonShape(node: NodeInfo, operands: readonly ({ shape: readonly number[] } | undefined)[]): number[] {
    let shape: number[] = [];
    for (const operand of operands) {
      const common = broadcastShape(shape, operand?.shape ?? []);
      if (common === undefined) {
        const what = `${shapeText(shape)} and ${shapeText(operand!.shape)} cannot be broadcast together`;
        throw this.error('QP2110', node, what);
      }
      shape = common;
    }
    this.checkSize(node, sizeOf(shape));
    return shape;
  }

  /** Refuses a tensor that is too large before it is allocated. @param count elements, of values or gather tables */
  checkSize(node: NodeInfo, count: number): void {
    if (count > 0 && this.#words + count <= MAX_WORDS) return;
    const what = count > 0 ? 'this node makes the model too large to be proved' : 'a tensor has no elements';
    throw this.error(count > 0 ? 'QP2112' : 'QP2110', node, what);
  }

  #reserve(node: NodeInfo, values: number, words: number): void {
    this.checkSize(node, values);
    if (this.#values + values > MAX_VALUES || this.#words + words > MAX_WORDS) {
      throw this.error('QP2112', node, 'this node makes the model too large to be proved');
    }
    this.#words += words;
  }

  #base(node: NodeInfo, count: number) {
    return { name: this.#unique(node), origin: [node.op], first: this.#values, count };
  }

  #unique(node: NodeInfo): string {
    const wanted = node.name === '' ? node.op : node.name;
    let name = wanted;
    for (let k = 2; this.#names.has(name); k += 1) name = `${wanted}#${k}`;
    this.#names.add(name);
    return name;
  }

  #push(node: FloatNode): Int32Array {
    this.#nodes.push(node);
    this.#values += node.count;
    return idRange(node.first, node.count);
  }
}

const ones = (count: number): Float64Array => new Float64Array(count).fill(1);
const zeros = (count: number): Float64Array => new Float64Array(count);
