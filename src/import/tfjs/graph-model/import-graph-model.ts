import type { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../../graph/float-graph.ts';
import { chosenOutputs } from '../../chosen-outputs.ts';
import { commonBatch } from '../../common-batch.ts';
import { type FinalTensor, rowsOf } from '../../final-tensor.ts';
import type { GraphBuilder } from '../../graph-builder.ts';
import type { ConstTensor } from '../../tensor.ts';
import type { TfjsFiles } from '../model-files.ts';
import { readWeights } from '../read-weights.ts';
import { operationWords, refusal } from '../words.ts';
import { type GraphDef, type GraphNode, readGraphDef } from './graph-def.ts';
import { type GraphValue, OperationContext } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { importPlaceholder, readPlaceholder } from './placeholder.ts';

/**
 * Imports a graph model: what the converter of TensorFlow.js makes of a SavedModel.
 *
 * @param wanted the outputs to prove, by their names in the signature; all by default
 * @throws QuietproofError QP21xx and QP22xx for the graph
 */
export function importGraphModel(
  files: TfjsFiles,
  builder: GraphBuilder,
  source: FloatGraph['source'],
  wanted: readonly string[] | undefined,
): FloatGraph {
  const def = readGraphDef(files.topology, files.signature, files.file);
  return new GraphModelImporter(def, readWeights(files), builder).run(source, wanted, files.file);
}

/** Operations that give the integers of their operands in another order. */
const MOVING_OPERATIONS = new Set([
  'ConcatV2',
  'ExpandDims',
  'Identity',
  'Pack',
  'Pad',
  'PadV2',
  'Reshape',
  'Slice',
  'Squeeze',
  'StridedSlice',
  'Tile',
  'Transpose',
]);

/** Those that take integers of the input: arithmetic of integers wraps around. */
const INTEGER_OPERATIONS = new Set([
  ...MOVING_OPERATIONS,
  'Cast',
  'GatherV2',
  'OneHot',
  'OnesLike',
  'Shape',
  'ZerosLike',
]);

class GraphModelImporter {
  readonly #values = new Map<string, GraphValue>();

  constructor(
    readonly def: GraphDef,
    readonly weights: ReadonlyMap<string, ConstTensor>,
    readonly builder: GraphBuilder,
  ) {}

  run(source: FloatGraph['source'], wanted: readonly string[] | undefined, file: string): FloatGraph {
    const { inputs, outputs } = this.def;
    const all = outputs.map(({ name }) => name);
    const names = chosenOutputs(all, wanted, file);
    const chosen = outputs.filter(({ name }) => names.includes(name));
    const nodes = this.#order(chosen.map(({ tensor }) => tensor.node));
    this.#refuseUnknown(nodes);
    const placeholders = inputs.map(({ name, tensor }) =>
      readPlaceholder(this.builder, name, this.#node(tensor.node)),
    );
    this.builder.batch = commonBatch(
      placeholders.map(({ batch }) => batch),
      file,
    );
    for (const placeholder of placeholders) {
      this.#values.set(placeholder.node.name, importPlaceholder(this.builder, placeholder));
    }
    for (const node of nodes) this.#import(node);
    const finals = chosen.flatMap(({ name, tensor }): FinalTensor[] => {
      const value = this.#values.get(tensor.node)!;
      const node = { name, op: 'Const' };
      const view = value.kind === 'const' ? this.builder.constant(node, value.tensor) : value.view;
      const head = value.kind === 'head' ? value.head : 'none';
      return rowsOf({ name, view, head }, view.shape, this.builder.batch);
    });
    return this.builder.finish(source, finals, all.length > 1 || finals.length > 1);
  }

  /** The nodes that some depend on, in topological order. Iterative, since a file may be arbitrarily deep. */
  #order(ends: readonly string[]): GraphNode[] {
    const order: GraphNode[] = [];
    const [done, opened] = [new Set<string>(), new Set<string>()];
    const stack = [...ends];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const node = this.#node(name);
      const missing = done.has(name) ? [] : node.inputs.filter((input) => !done.has(input.node));
      if (missing.length > 0) {
        if (opened.has(name)) throw this.#error(node, 'QP2111', 'it reads its own result');
        opened.add(name);
        stack.push(...missing.map((input) => input.node));
        continue;
      }
      stack.pop();
      if (!done.has(name)) order.push(node);
      done.add(name);
    }
    return order;
  }

  /** Reports all unsupported operations at once, not only the first. */
  #refuseUnknown(nodes: readonly GraphNode[]): void {
    const unknown = nodes.filter(
      ({ op }) => op !== 'Placeholder' && op !== 'Const' && OPERATIONS[op] === undefined,
    );
    const [first] = unknown;
    if (first === undefined) return;
    const { what, fix } = refusal(
      unknown.map(({ op }) => op),
      operationWords,
    );
    throw this.#error(first, 'QP2207', what, fix);
  }

  #import(node: GraphNode): void {
    const { name, op, attributes, inputs } = node;
    if (op === 'Const') {
      const tensor = this.weights.get(name);
      if (tensor === undefined) throw this.#error(node, 'QP2206', 'its values are missing');
      this.#values.set(name, { kind: 'const', tensor });
      return;
    }
    if (op === 'Placeholder') {
      if (this.#values.has(name)) return;
      throw this.#error(node, 'QP2111', 'it is no input of the signature');
    }
    const other = inputs.find(({ output }) => output !== 0);
    if (other !== undefined) {
      throw this.#error(
        node,
        'QP2208',
        `it reads output ${other.output} of "${other.node}", which cannot be proved`,
      );
    }
    const operands = inputs.map((input) => this.#values.get(input.node)!);
    const context = new OperationContext({
      ...{ builder: this.builder, node: { name, op }, inputs: operands, attributes },
    });
    const result = OPERATIONS[op]!(context);
    const isInteger = operands.some((value) => value.kind === 'view' && value.isInteger === true);
    if (isInteger && !INTEGER_OPERATIONS.has(op)) {
      throw this.#error(node, 'QP2208', `${op} of integers cannot be proved`);
    }
    const isMoved = isInteger && MOVING_OPERATIONS.has(op) && result.kind === 'view';
    this.#values.set(name, isMoved ? { ...result, isInteger } : result);
  }

  #node(name: string): GraphNode {
    const node = this.def.nodes.get(name);
    if (node !== undefined) return node;
    throw this.builder.error('QP2111', { name, op: '' }, 'there is no such node', 'Convert the model again');
  }

  #error(
    node: GraphNode,
    code: Parameters<GraphBuilder['error']>[0],
    what: string,
    fix?: string,
  ): QuietproofError {
    return this.builder.error(code, { name: node.name, op: node.op }, what, fix);
  }
}
