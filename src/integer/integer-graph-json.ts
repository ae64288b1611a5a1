import { canonicalJson } from '@quietproof/verify';
import type { ModelSource } from '../graph/float-graph.ts';
import type { IntegerGraph, IntegerNode } from './integer-graph.ts';

/** Version of the file's form; a new one changes every digest after it. */
const VERSION = 'quietproof/integer-graph/v2';
/** Artifacts of 0.1 hold this form: it also has labels, the model's name and its file's. */
const LABELLED_VERSION = 'quietproof/integer-graph/v1';

/**
 * The integer graph as canonical JSON (SPEC.md): what integer-graph.json holds and its digest is taken of. Integers are
 * numbers, reals are strings that read back to the same double.
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

/** The graph back from its file, of either version. @throws SyntaxError or TypeError where the text is not such a file */
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
    statement: { ...statement, outputs: Int32Array.from(statement.outputs) },
  };
}

function nodeJson(node: IntegerNode): object {
  const base = {
    op: node.op,
    name: node.name,
    origin: Array.from(node.origin),
    first: node.first,
    count: node.count,
    scale: String(node.scale),
  };
  switch (node.op) {
    case 'linear':
      return {
        ...base,
        blocks: node.blocks.map(({ rows, positions, taps, weights, gather }) => ({
          rows,
          positions,
          taps,
          weights: integers(weights),
          gather: integers(gather),
        })),
        diagonals: node.diagonals.map(({ weights, source }) => ({
          weights: integers(weights),
          source: integers(source),
        })),
        bias: integers(node.bias),
      };
    case 'requantize':
      return { ...base, source: integers(node.source), shift: node.shift, activation: node.activation };
    case 'max':
      return { ...base, taps: node.taps, gather: integers(node.gather) };
    case 'argmax':
      return { ...base, source: integers(node.source) };
    case 'threshold':
      return { ...base, source: node.source, threshold: node.threshold };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the file's digest is checked before it is read; checkIntegerGraph follows
function parseNode(json: any): IntegerNode {
  const base = { ...json, scale: Number(json.scale) };
  switch (json.op) {
    case 'linear':
      return {
        ...base,
        blocks: json.blocks.map((block: { weights: number[]; gather: number[] }) => ({
          ...block,
          weights: Float64Array.from(block.weights),
          gather: Int32Array.from(block.gather),
        })),
        diagonals: json.diagonals.map((diagonal: { weights: number[]; source: number[] }) => ({
          weights: Float64Array.from(diagonal.weights),
          source: Int32Array.from(diagonal.source),
        })),
        bias: Float64Array.from(json.bias),
      };
    case 'max':
      return { ...base, gather: Int32Array.from(json.gather) };
    case 'threshold':
      return base;
    case 'requantize':
    case 'argmax':
      return { ...base, source: Int32Array.from(json.source) };
    default:
      throw new TypeError(`no primitive "${json.op}"`);
  }
}

/** −0 is written as 0. */
function integers(values: Float64Array | Int32Array): number[] {
  return Array.from(values, (value) => (value === 0 ? 0 : value));
}

function reals(values: Float64Array): string[] {
  return Array.from(values, (value) => String(value === 0 ? 0 : value));
}
