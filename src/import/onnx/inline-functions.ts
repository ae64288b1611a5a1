import { QuietproofError } from '../../errors/quietproof-error.ts';
import {
  type AttributeProto,
  type DecodedModel,
  type GraphProto,
  isStandardDomain,
  type LocalFunction,
  type NodeProto,
  toInteger,
} from './decode-model.ts';

/** Limits that stop a small hostile file from growing without end. */
const MAX_NODES = 2 ** 17;
const MAX_DEPTH = 64;

/**
 * Replaces every call of a function that the file itself defines by the function's nodes. Names within a function are
 * its own: they get the calling node's name as a prefix, as do those of sub-graphs in it.
 *
 * @throws QuietproofError QP2125 if functions call each other in a circle, do not fit their call, or differ in version
 */
export function inlineFunctions(model: DecodedModel, file: string): void {
  const { graph, functions } = model;
  if (functions.length > 0) graph.node = new Inliner(model, file).expand(graph.node as NodeProto[], 0);
}

/** A call: what formal names stand for, and the attributes that references in the body take. */
interface Call {
  readonly node: NodeProto;
  readonly names: Map<string, string>;
  readonly prefix: string;
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

class Inliner {
  readonly #functions = new Map<string, LocalFunction>();
  readonly #opset: number;
  readonly #file: string;
  readonly #taken = new Set<string>();
  #nodes = 0;

  constructor({ graph, functions, opset }: DecodedModel, file: string) {
    for (const one of functions) this.#functions.set(keyOf(one.body.domain, one.body.name), one);
    this.#opset = opset;
    this.#file = file;
    collectNames(graph, this.#taken);
  }

  expand(nodes: readonly NodeProto[], depth: number): NodeProto[] {
    return nodes.flatMap((node) => {
      this.#nodes += 1;
      if (this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
        throw this.#refuse(node, 'its functions call each other in a circle, or too often');
      }
      const called = this.#functions.get(keyOf(node.domain, node.opType));
      this.#expandSubGraphs(node, depth);
      return called === undefined ? [node] : this.expand(this.#bodyOf(node, called), depth + 1);
    });
  }

  #expandSubGraphs(node: NodeProto, depth: number): void {
    for (const { g } of node.attribute as AttributeProto[]) {
      if (g) g.node = this.expand(g.node as NodeProto[], depth + 1);
    }
  }

  /** The nodes of a function, with the names and attributes of the call. */
  #bodyOf(node: NodeProto, { body, defaults }: LocalFunction): NodeProto[] {
    this.#checkFit(node, body);
    const names = new Map<string, string>();
    for (const [index, formal] of body.input.entries()) names.set(formal, node.input[index] ?? '');
    for (const [index, formal] of body.output.entries()) {
      const actual = node.output[index] ?? '';
      if (actual !== '') names.set(formal, actual);
    }
    const attributes = new Map<string, AttributeProto>();
    for (const one of [...defaults, ...(node.attribute as AttributeProto[])]) attributes.set(one.name, one);
    const call = { node, names, prefix: this.#freePrefix(node), attributes };
    return (body.node as NodeProto[]).map((inner) => this.#rename(inner, call));
  }

  #checkFit(node: NodeProto, body: LocalFunction['body']): void {
    const own = body.opsetImport.find(({ domain }) => isStandardDomain(domain));
    const version = own === undefined ? this.#opset : toInteger(own.version);
    if (version !== this.#opset) {
      throw this.#refuse(node, `its function is written in operator set ${version}, not ${this.#opset}`);
    }
    if (node.input.length > body.input.length || node.output.length > body.output.length) {
      throw this.#refuse(node, 'it has more inputs or outputs than its function');
    }
  }

  /** No name of the file begins with it. */
  #freePrefix(node: NodeProto): string {
    const wanted = node.name || node.opType;
    let prefix = wanted;
    for (let k = 2; this.#taken.has(prefix); k += 1) prefix = `${wanted}#${k}`;
    this.#taken.add(prefix);
    return `${prefix}/`;
  }

  #rename(node: NodeProto, call: Call): NodeProto {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(node)), node) as NodeProto;
    copy.name = `${call.prefix}${node.name || node.opType}`;
    copy.input = node.input.map((name) => this.#nameIn(call, name));
    copy.output = node.output.map((name) => this.#nameIn(call, name));
    copy.attribute = (node.attribute as AttributeProto[]).flatMap((one) => this.#attribute(one, call));
    return copy;
  }

  #nameIn({ names, prefix }: Call, name: string): string {
    if (name === '') return '';
    const known = names.get(name);
    if (known !== undefined) return known;
    let own = `${prefix}${name}`;
    while (this.#taken.has(own)) own += '#';
    this.#taken.add(own);
    names.set(name, own);
    return own;
  }

  /** An attribute that refers to one of the call takes its value, or is left out if the call does not give it. */
  #attribute(attribute: AttributeProto, call: Call): AttributeProto[] {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(attribute)), attribute) as AttributeProto;
    if (attribute.refAttrName) {
      const given = call.attributes.get(attribute.refAttrName);
      if (given === undefined) return [];
      Object.assign(copy, given, { name: attribute.name, refAttrName: '' });
      return [copy];
    }
    if (attribute.g) copy.g = this.#subGraph(attribute.g as GraphProto, call);
    return [copy];
  }

  #subGraph(graph: GraphProto, call: Call): GraphProto {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(graph)), graph) as GraphProto;
    const renamed = <T extends { name?: string | null }>(one: T): T =>
      Object.assign(Object.create(Object.getPrototypeOf(one)), one, {
        name: this.#nameIn(call, one.name ?? ''),
      });
    copy.initializer = graph.initializer.map(renamed);
    copy.input = graph.input.map(renamed);
    copy.output = graph.output.map(renamed);
    copy.node = (graph.node as NodeProto[]).map((inner) => this.#rename(inner, call));
    return copy;
  }

  #refuse(node: NodeProto, what: string): QuietproofError {
    const where = `node "${node.name || node.opType}" in ${this.#file}`;
    return new QuietproofError('QP2125', {
      what,
      where,
      fix: 'Inline the functions with onnx.inliner.inline_local_functions',
    });
  }
}

const keyOf = (domain: string | null | undefined, name: string): string =>
  `${isStandardDomain(domain) ? '' : domain}\u0000${name}`;

function collectNames(graph: GraphProto, into: Set<string>): void {
  for (const { name } of [...graph.initializer, ...graph.input, ...graph.output]) into.add(name ?? '');
  for (const node of graph.node as NodeProto[]) {
    for (const name of [...node.input, ...node.output, node.name]) into.add(name);
  }
}
