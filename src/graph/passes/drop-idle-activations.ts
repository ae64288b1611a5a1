import { covers, factsOf } from '../activation-facts.ts';
import { NON_NEGATIVE } from '../activations.ts';
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
 * Drops an activation that is the identity on all values ≥ 0 if none of its operands can be negative (ReLU of an average
 * of ReLUs).
 */
export function dropIdleActivations(graph: FloatGraph): FloatGraph {
  /** 1 for values that are never negative; 0 for the input, whose sign is unknown. */
  const nonNegative = new Uint8Array(countValues(graph));
  const outputs = new Set(graph.output.values);
  const rewriter = new GraphRewriter(graph);
  let changed = false;
  for (const node of graph.nodes) {
    markNode(node, nonNegative);
    const idle = node.op === 'activation' && isIdle(node, nonNegative);
    const source = idle ? rewriter.translate(node.source) : undefined;
    // An output must be a value, not ZERO, so an activation of ZERO that is an output stays.
    if (source?.every((id, i) => id >= 0 || !outputs.has(node.first + i))) {
      rewriter.bind(node, source);
      changed = true;
    } else rewriter.keep(node);
  }
  return changed ? rewriter.finish() : graph;
}

function isIdle({ fn, source }: ActivationNode, nonNegative: Uint8Array): boolean {
  return (
    covers(factsOf(fn).identityOn, NON_NEGATIVE) && source.every((id) => cannotBeNegative(id, nonNegative))
  );
}

const cannotBeNegative = (id: number, nonNegative: Uint8Array): boolean =>
  id === ZERO || nonNegative[id] === 1;

function markNode(node: FloatNode, nonNegative: Uint8Array): void {
  if (node.op === 'linear') markLinear(node, nonNegative);
  else if (node.op === 'max') markMax(node, nonNegative);
  else markActivation(node, nonNegative);
}

/** Conservative: any negative weight or bias in the node leaves all its outputs unmarked. */
function markLinear({ first, count, blocks, diagonals, bias }: LinearNode, nonNegative: Uint8Array): void {
  const numbers = [bias, ...blocks.map(({ weights }) => weights), ...diagonals.map(({ weights }) => weights)];
  const sources = [...blocks.map(({ gather }) => gather), ...diagonals.map(({ source }) => source)];
  const isNonNegative =
    numbers.every((list) => list.every((number) => number >= 0)) &&
    sources.every((ids) => ids.every((id) => cannotBeNegative(id, nonNegative)));
  if (isNonNegative) nonNegative.fill(1, first, first + count);
}

/** A maximum is never negative if one of its taps never is. */
function markMax({ first, count, taps, gather }: MaxNode, nonNegative: Uint8Array): void {
  for (let i = 0; i < count; i += 1) {
    const window = gather.subarray(i * taps, (i + 1) * taps);
    if (window.some((id) => cannotBeNegative(id, nonNegative))) nonNegative[first + i] = 1;
  }
}

/** Never negative if the range is, or if f is non-decreasing with f(0) ≥ 0, since then f(x) ≥ f(0) for x ≥ 0. */
function markActivation({ first, count, fn, source }: ActivationNode, nonNegative: Uint8Array): void {
  const { range, isMonotone, apply } = factsOf(fn);
  const rangeIsNonNegative = range.min >= 0;
  const keepsNonNegative = isMonotone && apply(0) >= 0;
  for (let i = 0; i < count; i += 1) {
    if (rangeIsNonNegative || (keepsNonNegative && cannotBeNegative(source[i]!, nonNegative)))
      nonNegative[first + i] = 1;
  }
}
