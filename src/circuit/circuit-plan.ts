import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';
import { TraceLayout } from '../integer/trace-layout.ts';
import { buildLayers } from './builders.ts';
import { fusedLinears } from './fused-linears.ts';
import { auxiliaryOwners, type Layer } from './layer.ts';
import { SharedWires } from './shared-wires.ts';
import { EXPANDS_SUMS } from './unwired-linears.ts';
import { WireForms } from './wire-forms.ts';

/** A circuit before it becomes text: its layers, and the layout of the trace that its witness is read from. */
export interface CircuitPlan {
  readonly layers: readonly PlannedLayer[];
  readonly layout: TraceLayout;
  readonly wires: SharedWires;
  /** Constraints of public outputs that share the wire of an input. */
  readonly statedInputs: number;
}

export interface PlannedLayer extends Layer {
  /** Constraints of all positions together, and of the public outputs that state them. */
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
  const context = { bounds, fused: fusedLinears(graph), forms, layout };
  const built = graph.nodes.flatMap((node, k) => buildLayers(`layer${k}`, node, context));
  const wires = new SharedWires(graph.input.count, built);
  const stated = wires.statedRows(graph.statement.outputs);
  const layers = built.map((layer) => ({
    ...layer,
    cost: costOf(layer, layout) + rowsWithin(stated, layer),
  }));
  const inputs = { outputFirst: 0, outputWires: { length: graph.input.count } };
  return { layers, layout, wires, statedInputs: rowsWithin(stated, inputs) };
}

/** The rows of the stated values whose wires are from a layer, or from the inputs. */
function rowsWithin(
  stated: ReadonlyMap<number, number>,
  {
    outputFirst,
    outputWires,
  }: { readonly outputFirst: number; readonly outputWires: { readonly length: number } },
): number {
  let rows = 0;
  for (const [root, own] of stated) {
    if (root >= outputFirst && root < outputFirst + outputWires.length) rows += own;
  }
  return rows;
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
  let cost = layer.otherRows ?? 0;
  for (const wire of layer.outputWires) if (wire === 'row') cost += 1;
  for (let p = 0; p < layer.positions; p += 1) {
    for (const id of auxiliaryOwners(layer, p)) cost += layout.cost(id);
  }
  return cost;
}
