import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { isObject, type JsonObject } from '../json-value.ts';

/** A node of a TensorFlow graph, as `model.json` has it: protobuf in its JSON form. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Tensors that it reads, by the node that gives them and the output's place. Control inputs are left out. */
  readonly inputs: readonly TensorName[];
  readonly attributes: JsonObject;
}

export interface TensorName {
  readonly node: string;
  readonly output: number;
}

export interface GraphDef {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** In the order of the signature, or of the graph where there is none. */
  readonly inputs: readonly GraphEnd[];
  readonly outputs: readonly GraphEnd[];
}

/** An input or output of the model, by its name in the signature. */
export interface GraphEnd {
  readonly name: string;
  readonly tensor: TensorName;
}

/**
 * Reads the graph of a converted model.
 *
 * @param signature names of inputs and outputs; older files have none
 * @throws QuietproofError QP2111 if it is broken
 */
export function readGraphDef(topology: JsonObject, signature: unknown, file: string): GraphDef {
  if (!Array.isArray(topology.node)) throw broken('the graph has no nodes', file);
  const nodes = new Map<string, GraphNode>();
  for (const entry of topology.node as unknown[]) {
    const node = readNode(entry, file);
    if (nodes.has(node.name)) throw broken(`two nodes are named "${node.name}"`, file);
    nodes.set(node.name, node);
  }
  const ends = (key: string) => endsOf(isObject(signature) ? signature[key] : undefined);
  const read = new Set(Array.from(nodes.values()).flatMap((node) => node.inputs.map((input) => input.node)));
  const all = Array.from(nodes.values());
  const end = ({ name }: GraphNode): GraphEnd => ({ name, tensor: { node: name, output: 0 } });
  const inputs = ends('inputs') ?? all.filter(({ op }) => op === 'Placeholder').map(end);
  const outputs = ends('outputs') ?? all.filter(({ name, op }) => !read.has(name) && op !== 'NoOp').map(end);
  if (inputs.length === 0 || outputs.length === 0) throw broken('the graph has no input or no output', file);
  return { nodes, inputs, outputs };
}

function readNode(entry: unknown, file: string): GraphNode {
  if (!isObject(entry) || typeof entry.name !== 'string' || typeof entry.op !== 'string') {
    throw broken('a node has no name or no operation', file);
  }
  const inputs = Array.isArray(entry.input) ? (entry.input as unknown[]) : [];
  if (!inputs.every((input) => typeof input === 'string')) throw broken('an input is no name', file);
  const { name, op } = entry;
  const tensors = inputs.filter((input) => !input.startsWith('^')).map(tensorName);
  return { name, op, inputs: tensors, attributes: isObject(entry.attr) ? entry.attr : {} };
}

/** `name`, or `name:1` for another output than the first. */
function tensorName(text: string): TensorName {
  const [, node = text, output = '0'] = /^(.*):(\d{1,4})$/s.exec(text) ?? [];
  return { node, output: Number(output) };
}

function endsOf(ends: unknown): GraphEnd[] | undefined {
  if (!isObject(ends) || Object.keys(ends).length === 0) return undefined;
  return Object.entries(ends).map(([name, end]) => {
    const tensor = isObject(end) && typeof end.name === 'string' ? end.name : name;
    return { name, tensor: tensorName(tensor) };
  });
}

function broken(what: string, where: string): QuietproofError {
  return new QuietproofError('QP2111', { what, where, fix: 'Convert the model again' });
}
