import { canonicalJson, INPUT_MODE_NAMES, parseJson, type Reader, readers } from '@quietproof/verify';
import { objectOf } from '../data/json-object.ts';
import type { ModelSource } from '../graph/float-graph.ts';
import { type CodingsJson, codingsJson, readCodings, readRuns } from './codings-json.ts';
import type { IntegerGraph, IntegerInput, IntegerNode, Statement } from './integer-graph.ts';
import { integers, readIds, readIntegers, readReal, readReals } from './json-form.ts';
import { OPS, primitiveNamed, primitiveOf } from './primitives.ts';
import { STATED_OUTPUTS } from './statement.ts';

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
      ...codingsJson(input.codings),
      max: integers(input.max),
    },
    nodes: nodes.map(nodeJson),
    statement: { output: statement.output, outputs: integers(statement.outputs), input: statement.input },
  };
}

/**
 * Reads the graph from its file, in either version: its form only. `checkIntegerGraph` says whether its parts fit.
 *
 * @throws Refusal QP7001 to QP7008, QP7010 for any other file
 */
export function parseIntegerGraph(source: string | Uint8Array): IntegerGraph {
  return readGraph(parseJson(source, MAX_GRAPH_BYTES), '');
}

/** A string cannot be much longer. */
const MAX_GRAPH_BYTES = 2 ** 29 - 2 ** 10;

const { asObject, hex, integer, list, literal, requireMember, text } = readers;

const readFormat = literal('onnx', 'tfjs');

const readInputMembers = objectOf<Omit<IntegerInput, 'count' | 'codings'> & CodingsJson>(
  { name: text, shape: list(integer(1), 0, 8), max: readIntegers },
  { offset: readReals, step: readReals, codings: readRuns },
);

const readInput: Reader<IntegerInput> = (json, at) => {
  const { name, shape, max, ...coded } = readInputMembers(json, at);
  return { name, shape, count: max.length, codings: readCodings(coded, at), max };
};

const readStatement = objectOf<Statement>(
  { output: literal(...STATED_OUTPUTS), outputs: readIds, input: literal(...INPUT_MODE_NAMES) },
  {},
);

const readNode: Reader<IntegerNode> = (json, at) => {
  const op = literal(...OPS)(asObject(json, at).get('op'), `${at}.op`);
  const base = {
    op: literal(op),
    name: text,
    origin: list(text),
    first: integer(0),
    count: integer(1),
    scale: readReal,
  };
  return readers.record({ ...base, ...primitiveNamed(op).fields }, {})(json, at) as unknown as IntegerNode;
};

const definitionMembers = { input: readInput, nodes: list(readNode), statement: readStatement };

const readCurrent = readers.record(
  {
    version: literal(VERSION),
    source: objectOf<IntegerGraph['source']>({ format: readFormat, sha256: hex }, {}),
    ...definitionMembers,
  },
  {},
);

/** The labels are read and dropped: they define nothing. */
const readLabelled = readers.record(
  {
    version: literal(LABELLED_VERSION),
    name: text,
    source: objectOf<ModelSource>({ format: readFormat, file: text, sha256: hex }, { producer: text }),
    ...definitionMembers,
  },
  {},
);

const readGraph: Reader<IntegerGraph> = (json, at) => {
  const members = asObject(json, at);
  requireMember(members, 'version', at);
  const isLabelled =
    literal(VERSION, LABELLED_VERSION)(members.get('version'), 'version') === LABELLED_VERSION;
  const { source, input, nodes, statement } = (isLabelled ? readLabelled : readCurrent)(json, at);
  return { source: { format: source.format, sha256: source.sha256 }, input, nodes, statement };
};

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
