import { canonicalJson, INPUT_MODES } from '@quietproof/verify';
import type { IntegerGraph, IntegerNode, Statement } from './integer-graph.ts';
import { integers } from './json-form.ts';
import { primitiveNamed, primitiveOf } from './primitives.ts';
import { OUTPUT_SIGNALS } from './statement.ts';

/** Version of the file format. A new version changes every digest that depends on the graph. */
const VERSION = 'quietproof/integer-graph/v1';

/**
 * The integer graph as canonical JSON (SPEC.md): the content of integer-graph.json, and what its digest is taken over.
 * Integers are numbers; reals are strings that parse to the same double.
 */
export function integerGraphJson(graph: IntegerGraph): string {
  const { input, nodes, statement, source, name } = graph;
  return canonicalJson({
    version: VERSION,
    name,
    source: { ...source },
    input: {
      name: input.name,
      shape: Array.from(input.shape),
      offset: reals(input.offset),
      step: reals(input.step),
      max: integers(input.max),
    },
    nodes: nodes.map(nodeJson),
    statement: { output: statement.output, outputs: integers(statement.outputs), input: statement.input },
  });
}

/** Reads the graph from the text of its file. @throws SyntaxError or TypeError if the text is not such a file */
export function parseIntegerGraph(text: string): IntegerGraph {
  const json = JSON.parse(text);
  if (json.version !== VERSION) throw new TypeError(`not an integer graph of version ${VERSION}`);
  const { input, statement } = json;
  const count = input.offset.length;
  return {
    name: json.name,
    source: json.source,
    input: {
      name: input.name,
      shape: input.shape,
      count,
      offset: Float64Array.from(input.offset, Number),
      step: Float64Array.from(input.step, Number),
      max: Float64Array.from(input.max),
    },
    nodes: json.nodes.map(parseNode),
    statement: parseStatement(statement),
  };
}

function nodeJson(node: IntegerNode): object {
  return {
    op: node.op,
    name: node.name,
    origin: Array.from(node.origin),
    first: node.first,
    count: node.count,
    scale: String(node.scale),
    ...primitiveOf(node).writeJson(node),
  };
}

function parseStatement(json: Record<keyof Statement, unknown>): Statement {
  const { output, outputs, input } = json as Omit<Statement, 'outputs'> & { outputs: number[] };
  if (!Object.hasOwn(OUTPUT_SIGNALS, output)) throw new TypeError(`no output "${output}"`);
  if (!Object.hasOwn(INPUT_MODES, input)) throw new TypeError(`no input mode "${input}"`);
  return { output, outputs: Int32Array.from(outputs), input };
}

// biome-ignore lint/suspicious/noExplicitAny: the file's digest is checked before it is read; checkIntegerGraph follows
function parseNode(json: any): IntegerNode {
  const primitive = primitiveNamed(json.op);
  const { name, origin, first, count } = json;
  const base = { op: primitive.op, name, origin, first, count, scale: Number(json.scale) };
  return { ...base, ...primitive.readJson(json) } as IntegerNode;
}

function reals(values: Float64Array): string[] {
  return Array.from(values, (value) => String(value === 0 ? 0 : value));
}
