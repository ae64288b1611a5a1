import type { IntegerGraph, IntegerLinear, IntegerNode, Requantize } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';

/** Linear nodes whose sums are built where they are rectified. */
export interface FusedLinears {
  readonly into: ReadonlyMap<Requantize, IntegerLinear>;
  readonly linears: ReadonlySet<IntegerNode>;
}

/** Linear nodes that one requantize node reads whole and in order, and nobody else reads. */
export function fusedLinears(graph: IntegerGraph): FusedLinears {
  const readers = readersOf(graph);
  const into = new Map<Requantize, IntegerLinear>();
  for (const node of graph.nodes) {
    if (node.op !== 'linear') continue;
    const nodes = readers.get(node.first);
    const reader = nodes?.size === 1 ? Array.from(nodes)[0] : undefined;
    if (reader === undefined || typeof reader === 'string' || reader.op !== 'requantize') continue;
    const inOrder = reader.count === node.count && reader.source.every((id, i) => id === node.first + i);
    const alone = Array.from({ length: node.count }, (_, i) => readers.get(node.first + i)?.size === 1).every(
      Boolean,
    );
    if (inOrder && alone) into.set(reader, node);
  }
  return { into, linears: new Set(into.values()) };
}

/** By value id: the nodes that read it; the statement reads as 'statement'. */
function readersOf(graph: IntegerGraph): Map<number, Set<IntegerNode | 'statement'>> {
  const readers = new Map<number, Set<IntegerNode | 'statement'>>();
  const note = (ids: Iterable<number>, reader: IntegerNode | 'statement') => {
    for (const id of ids) {
      const known = readers.get(id);
      if (known === undefined) readers.set(id, new Set([reader]));
      else known.add(reader);
    }
  };
  for (const node of graph.nodes) for (const ids of primitiveOf(node).sources(node)) note(ids, node);
  note(graph.statement.outputs, 'statement');
  return readers;
}
