import { covers, factsOf } from '../activation-facts.ts';
import { NOT_NEGATIVE } from '../activations.ts';
import {
  type ActivationNode,
  type FloatGraph,
  type FloatNode,
  type LinearNode,
  type MaxNode,
  ZERO,
} from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { countValues } from '../use.ts';

/**
 * An activation over values that cannot be negative (relu of an average of relus) goes away where it is the identity on
 * all of them.
 */
export function dropIdleActivations(graph: FloatGraph): FloatGraph {
  /** 1 for values that are never negative; nothing is known of the input. */
  const positive = new Uint8Array(countValues(graph));
  const outputs = new Set(graph.output.values);
  const rewriter = new GraphRewriter(graph);
  let changed = false;
  for (const node of graph.nodes) {
    notePositive(node, positive);
    const idle = node.op === 'activation' && isIdle(node, positive);
    const source = idle ? rewriter.translate(node.source) : undefined;
    // An output must be a value, so a rectified zero that is shown stays.
    if (source?.every((id, i) => id >= 0 || !outputs.has(node.first + i))) {
      rewriter.bind(node, source);
      changed = true;
    } else rewriter.keep(node);
  }
  return changed ? rewriter.finish() : graph;
}

function isIdle({ fn, source }: ActivationNode, positive: Uint8Array): boolean {
  return covers(factsOf(fn).identityOn, NOT_NEGATIVE) && source.every((id) => isPositive(id, positive));
}

const isPositive = (id: number, positive: Uint8Array): boolean => id === ZERO || positive[id] === 1;

function notePositive(node: FloatNode, positive: Uint8Array): void {
  if (node.op === 'linear') noteLinear(node, positive);
  else if (node.op === 'max') noteMax(node, positive);
  else noteActivation(node, positive);
}

/** Only nodes without any negative number are looked into. */
function noteLinear({ first, count, blocks, diagonals, bias }: LinearNode, positive: Uint8Array): void {
  const numbers = [bias, ...blocks.map(({ weights }) => weights), ...diagonals.map(({ weights }) => weights)];
  const sources = [...blocks.map(({ gather }) => gather), ...diagonals.map(({ source }) => source)];
  const never =
    numbers.every((list) => list.every((number) => number >= 0)) &&
    sources.every((ids) => ids.every((id) => isPositive(id, positive)));
  if (never) positive.fill(1, first, first + count);
}

/** One tap that is never negative is enough for a maximum. */
function noteMax({ first, count, taps, gather }: MaxNode, positive: Uint8Array): void {
  for (let i = 0; i < count; i++) {
    const window = gather.subarray(i * taps, (i + 1) * taps);
    if (window.some((id) => isPositive(id, positive))) positive[first + i] = 1;
  }
}

/** Nothing outside its range leaves an activation; one that never decreases makes at least f(0) of x ≥ 0. */
function noteActivation({ first, count, fn, source }: ActivationNode, positive: Uint8Array): void {
  const { range, isMonotone, apply } = factsOf(fn);
  const always = range.min >= 0;
  const ofPositive = isMonotone && apply(0) >= 0;
  for (let i = 0; i < count; i++) {
    if (always || (ofPositive && isPositive(source[i]!, positive))) positive[first + i] = 1;
  }
}
