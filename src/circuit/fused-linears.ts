import type {
  IntegerGraph,
  IntegerLinear,
  IntegerNode,
  Requantize,
  Table,
} from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';

/** A node whose circuit decomposes each value that it reads once, and nothing else: it can build the sums itself. */
type Decomposing = Requantize | Table;

/** Linear nodes whose sums are part of the requantize or table node that reads them. */
export interface FusedLinears {
  readonly into: ReadonlyMap<Decomposing, IntegerLinear>;
  readonly linears: ReadonlySet<IntegerNode>;
}

/**
 * Finds linear nodes whose outputs a single requantize or table node reads, all of them and in order, and nothing else reads.
 */
export function fusedLinears(graph: IntegerGraph): FusedLinears {
  const readers = readersOf(graph);
  const into = new Map<Decomposing, IntegerLinear>();
  for (const node of graph.nodes) {
    if (node.op !== 'linear') continue;
    const nodes = readers.get(node.first);
    const reader = nodes?.size === 1 ? Array.from(nodes)[0] : undefined;
    if (reader === undefined || typeof reader === 'string') continue;
    if (reader.op !== 'requantize' && reader.op !== 'table') continue;
    const inOrder = reader.count === node.count && reader.source.every((id, i) => id === node.first + i);
    const alone = Array.from({ length: node.count }, (_, i) => readers.get(node.first + i)?.size === 1).every(
      Boolean,
    );
    if (inOrder && alone) into.set(reader, node);
  }
  return { into, linears: new Set(into.values()) };
}

/** By value id: the nodes that read it, and 'statement' if it is a public output. */
function readersOf(graph: IntegerGraph): Map<number, Set<IntegerNode | 'statement'>> {
  const readers = new Map<number, Set<IntegerNode | 'statement'>>();
  const addReader = (ids: Iterable<number>, reader: IntegerNode | 'statement') => {
    for (const id of ids) {
      const known = readers.get(id);
      if (known === undefined) readers.set(id, new Set([reader]));
      else known.add(reader);
    }
  };
  for (const node of graph.nodes) for (const ids of primitiveOf(node).sources(node)) addReader(ids, node);
  addReader(graph.statement.outputs, 'statement');
  return readers;
}
