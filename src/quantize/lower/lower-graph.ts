import type { InputMode } from '@quietproof/verify';
import type { FloatGraph } from '../../graph/float-graph.ts';
import type { BitWidths } from '../bit-widths.ts';
import { finerCosts } from '../finer-costs.ts';
import type { InputEncoding } from '../input-encoding.ts';
import type { ScaleSource } from '../scale-source.ts';
import { stepGroups } from '../step-groups.ts';
import { type LoweredGraph, LoweringContext } from './context.ts';
import { loweringOf } from './node-lowerings.ts';

/**
 * Lowers a float graph to integers: inputs are encoded, weights and activations are rounded at the scales of `source`.
 * Only activations are requantized; other layers are exact sums. What does not depend on the input becomes a constant of
 * the layer that reads it, and leaves no node behind.
 */
export function lowerGraph(
  graph: FloatGraph,
  encoding: InputEncoding,
  source: ScaleSource,
  widths: BitWidths,
  mode: InputMode,
): LoweredGraph {
  const facts = { groups: stepGroups(graph), finerCosts: finerCosts(graph) };
  const context = new LoweringContext(graph, facts, encoding, source, widths);
  for (const node of graph.nodes) loweringOf(node).lower(node, context);
  return context.finish(mode);
}
