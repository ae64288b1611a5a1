import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';
import { TraceLayout } from '../integer/trace-layout.ts';
import { buildLayers } from './builders.ts';
import { fusedLinears } from './fused-linears.ts';
import { auxiliaryOwners, type Layer } from './layer.ts';
import { EXPANDS_SUMS } from './unwired-linears.ts';
import { WireForms } from './wire-forms.ts';

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
 * Chooses the layers: one per node, or one per block of a linear node. Linear nodes join the rectifier that follows, and
 * those without wires are expanded where they are read.
 *
 * @throws QuietproofError QP4505
 */
export function planCircuit(graph: IntegerGraph, bounds: Bounds): CircuitPlan {
  const layout = new TraceLayout(graph, bounds);
  const forms = new WireForms(graph, bounds, layout);
  requireWires(graph, forms);
  const stated = new Set(graph.statement.outputs);
  const context = { bounds, fused: fusedLinears(graph), forms, layout, stated };
  const layers = graph.nodes.flatMap((node, k) =>
    buildLayers(`layer${k}`, node, context).map((layer) => ({ ...layer, cost: costOf(layer, layout) })),
  );
  return { layers, layout };
}

/** @throws QuietproofError QP4505 if a value without a wire is read by a primitive that does not expand sums */
function requireWires(graph: IntegerGraph, forms: WireForms): void {
  const require = (ids: Int32Array, where: string) => {
    const bare = ids.find((id) => !forms.isOnWire(id));
    if (bare !== undefined) throw new QuietproofError('QP4505', { where: `${where}, value ${bare}` });
  };
  for (const node of graph.nodes) {
    if (node.op === 'linear' || EXPANDS_SUMS[node.op]) continue;
    for (const ids of primitiveOf(node).sources(node)) require(ids, `layer "${node.name}"`);
  }
  require(graph.statement.outputs, 'outputs');
}

function costOf(layer: Layer, layout: TraceLayout): number {
  let cost = layer.outputRows;
  for (let p = 0; p < layer.positions; p += 1) {
    for (const id of auxiliaryOwners(layer, p)) cost += layout.cost(id);
  }
  return cost;
}
