import { canonicalJson, INPUT_MODES } from '@quietproof/verify';
import type { ModelSource } from '../graph/float-graph.ts';
import type { IntegerGraph, IntegerNode, Statement } from './integer-graph.ts';
import { integers } from './json-form.ts';
import { primitiveNamed, primitiveOf } from './primitives.ts';
import { OUTPUT_SIGNALS } from './statement.ts';

/** Version of the file format. A new version changes every digest that depends on the graph. */
const VERSION = 'quietproof/integer-graph/v2';
/** Artifacts of 0.1 have this format: it also has labels, the names of the model and of its file. */
const LABELLED_VERSION = 'quietproof/integer-graph/v1';

/**
 * The integer graph as canonical JSON (SPEC.md): the content of integer-graph.json, and what its digest is taken over.
 * Integers are numbers; reals are strings that parse to the same double.
 */
export function integerGraphJson(graph: IntegerGraph): string {
  const { format, sha256 } = graph.source;
  return canonicalJson({ version: VERSION, source: { format, sha256 }, ...definition(graph) });
}

/** What version 1 of the form holds beside the definition. */
export interface GraphLabels {
  readonly name: string;
  readonly source: ModelSource;
}

/** The graph in version 1 of the form, so that artifacts of 0.1 can be derived again. */
export function labelledGraphJson(graph: IntegerGraph, { name, source }: GraphLabels): string {
  return canonicalJson({ version: LABELLED_VERSION, name, source: { ...source }, ...definition(graph) });
}

function definition({ input, nodes, statement }: IntegerGraph): Record<string, unknown> {
  return {
    input: {
      name: input.name,
      shape: Array.from(input.shape),
      offset: reals(input.offset),
      step: reals(input.step),
      max: integers(input.max),
    },
    nodes: nodes.map(nodeJson),
    statement: { output: statement.output, outputs: integers(statement.outputs), input: statement.input },
  };
}

/** Reads the graph from the text of its file, in either version. @throws SyntaxError or TypeError for any other text */
export function parseIntegerGraph(text: string): IntegerGraph {
  const json = JSON.parse(text);
  if (json.version !== VERSION && json.version !== LABELLED_VERSION) {
    throw new TypeError(`not an integer graph of version ${VERSION} or ${LABELLED_VERSION}`);
  }
  const { input, statement, source } = json;
  const count = input.offset.length;
  return {
    source: { format: source.format, sha256: source.sha256 },
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
