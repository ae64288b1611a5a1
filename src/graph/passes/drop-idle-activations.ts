import { covers, factsOf } from '../activation-facts.ts';
import { NON_NEGATIVE } from '../activations.ts';
import type { ActivationNode, FloatGraph } from '../float-graph.ts';
import { kindOf } from '../node-kinds.ts';
import { cannotBeNegative } from '../nodes/never-negative.ts';
import { GraphRewriter } from '../rewriter.ts';
import { countValues } from '../use.ts';

/**
 * Drops an activation that is the identity on all values ≥ 0 if none of its operands can be negative (ReLU of an average
 * of ReLUs).
 */
export function dropIdleActivations(graph: FloatGraph): FloatGraph {
  /** 1 for values that are never negative; 0 for the input, whose sign is unknown. */
  const nonNegative = new Uint8Array(countValues(graph));
  const outputs = new Set(graph.outputs.flatMap(({ values }) => Array.from(values)));
  const rewriter = new GraphRewriter(graph);
  let changed = false;
  for (const node of graph.nodes) {
    kindOf(node).markNonNegative(node, nonNegative);
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
