import type { Bounds } from '../integer/bounds.ts';
import { valueCount } from '../integer/execute.ts';
import type { IntegerGraph, IntegerLinear, IntegerNode, Requantize } from '../integer/integer-graph.ts';
import type { Auxiliary } from '../integer/primitive.ts';
import { primitiveOf } from '../integer/primitives.ts';
import { argmaxLayer, maxLayer, thresholdLayer } from './decision-layers.ts';
import type { Layer } from './layer.ts';
import { linearLayers } from './linear-layers.ts';
import { requantizeLayers } from './requantize-layers.ts';

/** A circuit before it is text: layers, and the layout of the trace its witness is read from. */
export interface CircuitPlan {
  readonly layers: readonly Layer[];
  /** In node order, each with its first slot. */
  readonly auxiliaries: readonly { readonly auxiliary: Auxiliary; readonly slot: number }[];
  /** Slots of values and auxiliaries; field elements (the digest's) follow. */
  readonly integerSlots: number;
}

/** Chooses the layers: one a node, or one a block of a linear node; linear nodes join the rectifier behind them. */
export function planCircuit(graph: IntegerGraph, bounds: Bounds): CircuitPlan {
  const fused = fusedLinears(graph);
  const auxiliaries: { auxiliary: Auxiliary; slot: number }[] = [];
  let slot = valueCount(graph);
  const layers = graph.nodes.flatMap((node, k) => {
    const auxiliary = primitiveOf(node).auxiliary(node, bounds);
    const first = slot;
    auxiliaries.push({ auxiliary, slot: first });
    slot += auxiliary.count;
    return layersOf(`layer${k}`, node, fused, bounds, first);
  });
  return { layers, auxiliaries, integerSlots: slot };
}

interface Fused {
  readonly into: ReadonlyMap<Requantize, IntegerLinear>;
  readonly linears: ReadonlySet<IntegerNode>;
}

function layersOf(name: string, node: IntegerNode, fused: Fused, bounds: Bounds, slot: number): Layer[] {
  switch (node.op) {
    case 'linear':
      return fused.linears.has(node) ? [] : linearLayers(name, node, bounds);
    case 'requantize':
      return requantizeLayers(name, node, fused.into.get(node), bounds, slot);
    case 'max':
      return [maxLayer(name, node, bounds, slot)];
    case 'argmax':
      return [argmaxLayer(name, node, bounds, slot)];
    case 'threshold':
      return [thresholdLayer(name, node, bounds, slot)];
  }
}

/** Linear nodes that one requantize node reads whole and in order, and nobody else reads. */
function fusedLinears(graph: IntegerGraph): Fused {
  const readers = readersOf(graph);
  const into = new Map<Requantize, IntegerLinear>();
  for (const node of graph.nodes) {
    if (node.op !== 'linear') continue;
    const nodes = readers.get(node.first);
    const reader = nodes?.size === 1 ? Array.from(nodes)[0] : undefined;
    if (reader === undefined || typeof reader === 'string' || reader.op !== 'requantize') continue;
    const inOrder = reader.count === node.count && reader.source.every((id, i) => id === node.first + i);
    const alone = Array.from({ length: node.count }, (_, i) => readers.get(node.first + i)?.size === 1).every(
      Boolean,
    );
    if (inOrder && alone) into.set(reader, node);
  }
  return { into, linears: new Set(into.values()) };
}

/** By value id: the nodes that read it; the statement reads as 'statement'. */
function readersOf(graph: IntegerGraph): Map<number, Set<IntegerNode | 'statement'>> {
  const readers = new Map<number, Set<IntegerNode | 'statement'>>();
  const note = (ids: Iterable<number>, reader: IntegerNode | 'statement') => {
    for (const id of ids) {
      const known = readers.get(id);
      if (known === undefined) readers.set(id, new Set([reader]));
      else known.add(reader);
    }
  };
  for (const node of graph.nodes) for (const ids of sourcesOf(node)) note(ids, node);
  note(graph.statement.outputs, 'statement');
  return readers;
}

/** Every id a node reads, as the arrays it holds. */
export function sourcesOf(node: IntegerNode): Int32Array[] {
  switch (node.op) {
    case 'linear':
      return [
        ...node.blocks.map((block) => block.gather),
        ...node.diagonals.map((diagonal) => diagonal.source),
      ];
    case 'max':
      return [node.gather];
    case 'threshold':
      return [Int32Array.of(node.source)];
    default:
      return [node.source];
  }
}
