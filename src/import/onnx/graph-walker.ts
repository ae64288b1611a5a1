import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { computeBehindTrees, isBehindTrees } from '../ml/behind-trees.ts';
import { Attributes } from './attributes.ts';
import { type GraphProto, isStandardDomain, type NodeProto, type TensorProto } from './decode-model.ts';
import { foldNode, isConstantNode, isFolded } from './fold/fold.ts';
import { type LiveNode, liveNodes, subGraphsOf } from './live-nodes.ts';
import { checkOutputs } from './node-outputs.ts';
import { checkOperandTypes } from './operand-types.ts';
import { OperatorContext } from './operator.ts';
import { operatorOf } from './operators.ts';
import { MAX_ELEMENTS } from './read-tensor.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { densify, type SparseTensorProto, sparseInitializers } from './sparse-tensor.ts';
import type { ConstValue, Outputs, Value } from './value.ts';

/** What the nodes of a model have in common. */
export interface WalkerParts {
  readonly builder: GraphBuilder;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** Version of the operator set of ai.onnx.ml. */
  readonly learnedOpset: number;
  /** Base name of the model file, for error messages. */
  readonly file: string;
  readonly read: (tensor: TensorProto, where: string) => ConstValue;
}

/** A branch within a branch within a branch …: the limit keeps the stack small. */
const MAX_DEPTH = 16;

/**
 * Walks the nodes of a graph in file order, which ONNX requires to be topological, and keeps the value of every name. A
 * sub-graph has a walker of its own, which also sees the names of the graph around it.
 */
export class GraphWalker {
  readonly #parts: WalkerParts;
  readonly #outer: GraphWalker | undefined;
  readonly #depth: number;
  readonly #values = new Map<string, Value>();
  readonly #stored = new Map<string, TensorProto>();
  readonly #sparse: ReadonlyMap<string, SparseTensorProto>;
  /** Outputs that cannot be proved, such as the indices of a MaxPool, to be refused by name where they are read. */
  readonly #refused = new Map<string, string>();
  readonly #nodes: readonly LiveNode[];

  /** @param outputs the outputs that are wanted; all by default */
  constructor(parts: WalkerParts, graph: GraphProto, outer?: GraphWalker, outputs?: readonly string[]) {
    this.#parts = parts;
    this.#outer = outer;
    this.#depth = outer === undefined ? 0 : outer.#depth + 1;
    for (const tensor of graph.initializer as TensorProto[]) this.#stored.set(tensor.name, tensor);
    this.#sparse = sparseInitializers(graph);
    this.#nodes = liveNodes(graph, outputs);
  }

  /** Refuses all nodes at once that cannot be proved whatever their form. Call it before anything is imported. */
  refuseUnknown(): void {
    const constants = new Set<string>();
    const unknown = this.#nodes.filter((one) => {
      const isConstant = isConstantNode(one.proto, (name) => constants.has(name) || this.#isConstant(name));
      if (isConstant) for (const name of one.proto.output) constants.add(name);
      return !isSupported(one, isConstant) && !this.#mayBeBehindTrees(one);
    });
    refuseUnknown(this.#parts.builder, unknown, this.#nodes);
  }

  /** What is computed from one tree, or decides on their sum: whether it can be is seen when it is imported. */
  #mayBeBehindTrees({ proto }: LiveNode): boolean {
    return (
      isBehindTrees(proto.opType) && this.#nodes.some((one) => one.proto.opType === 'TreeEnsembleRegressor')
    );
  }

  /** The domains of all nodes that the outputs depend on, and of the nodes of their sub-graphs. */
  domains(): Set<string> {
    return new Set(this.#nodes.flatMap(({ proto }) => domainsOf(proto)));
  }

  /** Gives a name its value, such as the model's input. */
  define(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Imports all nodes that the outputs depend on. */
  run(): void {
    for (const { proto, node } of this.#nodes) this.#import(proto, node);
  }

  /** The value of a name. @param reader the node that reads it, for the error if there is no such name */
  lookUp(name: string, reader: NodeInfo): Value {
    const value = this.#find(name, reader);
    if (value !== undefined) return value;
    const { builder } = this.#parts;
    throw builder.error('QP2111', reader, `it reads "${name}", which no earlier node produces`);
  }

  #find(name: string, reader: NodeInfo): Value | undefined {
    const known = this.#values.get(name) ?? this.#readStored(name);
    if (known !== undefined) {
      this.#values.set(name, known);
      return known;
    }
    const refused = this.#refused.get(name);
    if (refused === undefined) return this.#outer === undefined ? undefined : this.#outer.#find(name, reader);
    throw this.#parts.builder.error('QP2102', reader, `it reads ${refused}, which cannot be proved`);
  }

  #isConstant(name: string): boolean {
    const isStored = this.#stored.has(name) || this.#sparse.has(name);
    if (isStored || this.#values.get(name)?.kind === 'const') return true;
    return this.#outer === undefined ? false : this.#outer.#isConstant(name);
  }

  #import(proto: NodeProto, node: NodeInfo): void {
    const { builder, file, opset, learnedOpset, read } = this.#parts;
    checkOutputs(builder, node, proto.output);
    const attributes = new Attributes(builder, node, proto);
    const context = new OperatorContext({
      builder,
      node,
      opset,
      learnedOpset,
      attributes,
      inputs: proto.input.map((name) => (name === '' ? undefined : this.lookUp(name, node))),
      outputCount: proto.output.length,
      readTensor: (tensor) => read(tensor, `node "${node.name}" in ${file}`),
      runGraph: (graph) => this.#runGraph(graph, node),
    });
    checkOperandTypes(context);
    const result = this.#compute(proto, context);
    attributes.finish();
    this.#keep(proto, result);
  }

  #compute(proto: NodeProto, context: OperatorContext): Value | Outputs {
    const { builder } = this.#parts;
    const { domain, opType } = proto;
    const isStandard = isStandardDomain(domain);
    const folded = isStandard ? foldNode(context) : undefined;
    if (folded !== undefined) return folded;
    const behindTrees = builder.leaves.size === 0 ? undefined : computeBehindTrees(context, domain);
    if (behindTrees !== undefined) return behindTrees;
    const operator = operatorOf(domain, opType);
    if (operator !== undefined) return operator(context);
    refuseUnknown(builder, [{ proto, node: context.node }], this.#nodes);
    throw context.unsupported('of this kind');
  }

  #keep({ opType, output }: NodeProto, result: Value | Outputs): void {
    const { values, refused } = result.kind === 'outputs' ? result : { values: [result] };
    for (const [index, name] of output.entries()) {
      const value = values[index];
      if (value !== undefined) this.#values.set(name, value);
      else this.#refused.set(name, refused ?? `output ${index + 1} of ${opType}`);
    }
  }

  #runGraph(graph: GraphProto, node: NodeInfo): Value[] {
    if (this.#depth >= MAX_DEPTH) {
      throw this.#parts.builder.error('QP2112', node, `sub-graphs are nested more than ${MAX_DEPTH} deep`);
    }
    const walker = new GraphWalker(this.#parts, graph, this);
    walker.refuseUnknown();
    walker.run();
    return graph.output.map(({ name }) => walker.lookUp(name ?? '', node));
  }

  #readStored(name: string): ConstValue | undefined {
    const { file, read } = this.#parts;
    const where = `tensor "${name}" in ${file}`;
    const tensor = this.#stored.get(name);
    if (tensor !== undefined) return read(tensor, where);
    const sparse = this.#sparse.get(name);
    return sparse && densify(sparse, (part) => read(part, where), MAX_ELEMENTS, where);
  }
}

function domainsOf(node: NodeProto): string[] {
  const inner = subGraphsOf(node).flatMap((graph) => (graph.node as NodeProto[]).flatMap(domainsOf));
  return [node.domain ?? '', ...inner];
}

function isSupported({ proto: { domain, opType } }: LiveNode, isConstant: boolean): boolean {
  if (operatorOf(domain, opType) !== undefined) return true;
  return isStandardDomain(domain) && isConstant && isFolded(opType);
}
