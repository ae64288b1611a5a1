import { factsOf } from './activation-facts.ts';
import {
  ABSENT,
  type ActivationNode,
  type Block,
  type FloatGraph,
  type LinearNode,
  type MaxNode,
} from './float-graph.ts';

/**
 * Runs a float graph on one row, in double precision and in a fixed order, with +, × and comparisons only: the
 * result is the same on every machine, so that scales may be taken from it.
 *
 * @param row the input, flat, `graph.input.count` long
 * @returns every value of the graph, by id
 */
export function executeFloat(graph: FloatGraph, row: Float64Array): Float64Array {
  const last = graph.nodes.at(-1);
  const values = new Float64Array(last === undefined ? graph.input.count : last.first + last.count);
  values.set(row);
  for (const node of graph.nodes) {
    if (node.op === 'linear') executeLinear(node, values);
    else if (node.op === 'activation') executeActivation(node, values);
    else executeMax(node, values);
  }
  return values;
}

/** The graph's outputs out of all its values. */
export function outputsOf(graph: FloatGraph, values: Float64Array): Float64Array {
  return Float64Array.from(graph.output.values, (id) => values[id]!);
}

function executeLinear(node: LinearNode, values: Float64Array): void {
  values.set(node.bias, node.first);
  let at = node.first;
  for (const block of node.blocks) {
    executeBlock(block, values, at);
    at += block.rows * block.positions;
  }
  for (const { weights, source } of node.diagonals) {
    for (let i = 0; i < node.count; i++) {
      const id = source[i]!;
      if (id >= 0) values[node.first + i]! += weights[i]! * values[id]!;
    }
  }
}

function executeBlock(
  { rows, positions, taps, weights, gather }: Block,
  values: Float64Array,
  first: number,
): void {
  const window = new Float64Array(taps);
  for (let position = 0; position < positions; position++) {
    for (let tap = 0; tap < taps; tap++) {
      const id = gather[position * taps + tap]!;
      window[tap] = id >= 0 ? values[id]! : 0;
    }
    for (let row = 0; row < rows; row++) {
      let sum = values[first + row * positions + position]!;
      for (let tap = 0; tap < taps; tap++) sum += weights[row * taps + tap]! * window[tap]!;
      values[first + row * positions + position] = sum;
    }
  }
}

function executeActivation({ fn, first, count, source }: ActivationNode, values: Float64Array): void {
  const { apply } = factsOf(fn);
  for (let i = 0; i < count; i++) {
    values[first + i] = apply(source[i]! >= 0 ? values[source[i]!]! : 0);
  }
}

function executeMax({ first, count, taps, gather }: MaxNode, values: Float64Array): void {
  for (let i = 0; i < count; i++) {
    let best = -Infinity;
    for (let tap = 0; tap < taps; tap++) {
      const id = gather[i * taps + tap]!;
      if (id === ABSENT) continue;
      const value = id >= 0 ? values[id]! : 0;
      if (value > best) best = value;
    }
    values[first + i] = best;
  }
}
