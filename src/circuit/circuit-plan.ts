import type { Bounds } from '../integer/bounds.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { TraceLayout } from '../integer/trace-layout.ts';
import { buildLayers } from './builders.ts';
import { fusedLinears } from './fused-linears.ts';
import type { Layer } from './layer.ts';

/** A circuit before it becomes text: its layers, and the layout of the trace that its witness is read from. */
export interface CircuitPlan {
  readonly layers: readonly PlannedLayer[];
  readonly layout: TraceLayout;
}

export interface PlannedLayer extends Layer {
  /** Constraints of all positions together. */
  readonly cost: number;
}

/**
 * Chooses the layers: one per node, or one per block of a linear node. Linear nodes join the rectifier that follows.
 */
export function planCircuit(graph: IntegerGraph, bounds: Bounds): CircuitPlan {
  const context = { bounds, fused: fusedLinears(graph) };
  const layout = new TraceLayout(graph, bounds);
  const layers = graph.nodes.flatMap((node, k) =>
    buildLayers(`layer${k}`, node, context).map((layer) => ({ ...layer, cost: costOf(layer, layout) })),
  );
  return { layers, layout };
}

function costOf({ outputFirst, outputs, positions, outputRows }: Layer, layout: TraceLayout): number {
  let cost = outputRows;
  for (let output = 0; output < outputs * positions; output += 1) cost += layout.cost(outputFirst + output);
  return cost;
}
