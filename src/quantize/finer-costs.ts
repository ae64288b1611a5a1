import type { FloatGraph } from '../graph/float-graph.ts';
import { countValues, sourcesOf } from '../graph/use.ts';
import { loweringOf } from './lower/node-lowerings.ts';

/** By graph: it is asked for at every choice of bits. */
const KNOWN = new WeakMap<FloatGraph, ReadonlyMap<string, number>>();

/** By node: the constraints that finer steps of its values cost where they are read, per value and bit. */
export function finerCosts(graph: FloatGraph): ReadonlyMap<string, number> {
  const known = KNOWN.get(graph) ?? computed(graph);
  KNOWN.set(graph, known);
  return known;
}

function computed(graph: FloatGraph): ReadonlyMap<string, number> {
  const { nodes } = graph;
  const producer = new Int32Array(countValues(graph)).fill(-1);
  const costs = new Float64Array(nodes.length);
  nodes.forEach((node, index) => {
    const reads = new Map<number, number>();
    for (const ids of sourcesOf(node)) {
      for (const id of ids) {
        const from = id < 0 ? -1 : producer[id]!;
        if (from >= 0) reads.set(from, (reads.get(from) ?? 0) + 1);
      }
    }
    for (const [from, count] of reads) costs[from]! += loweringOf(node).costOfFiner(node, count);
    producer.fill(index, node.first, node.first + node.count);
  });
  return new Map(nodes.map(({ name, count }, index) => [name, costs[index]! / count]));
}
