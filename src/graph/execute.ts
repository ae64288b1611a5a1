import type { FloatGraph } from './float-graph.ts';
import { kindOf } from './node-kinds.ts';

/**
 * Runs a float graph on one row, in float64 and in a fixed order, with + − × ÷ and comparisons only. Scales are
 * calibrated from the result, so it must be the same on every machine.
 *
 * @param row the input, flat, [graph.input.count]
 * @returns every value of the graph, by id
 */
export function executeFloat(graph: FloatGraph, row: Float64Array): Float64Array {
  const last = graph.nodes.at(-1);
  const values = new Float64Array(last === undefined ? graph.input.count : last.first + last.count);
  values.set(row);
  for (const node of graph.nodes) kindOf(node).execute(node, values);
  return values;
}

/** The graph's outputs, from the result of `executeFloat`. */
export function outputsOf(graph: FloatGraph, values: Float64Array): Float64Array {
  const ids = graph.outputs.flatMap((output) => Array.from(output.values));
  return Float64Array.from(ids, (id) => values[id]!);
}
