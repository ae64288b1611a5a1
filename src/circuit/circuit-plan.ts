import type { Bounds } from '../integer/bounds.ts';
import { valueCount } from '../integer/execute.ts';
import type { IntegerGraph, IntegerLinear, IntegerNode, Requantize } from '../integer/integer-graph.ts';
import type { Auxiliary } from '../integer/primitive.ts';
import { primitiveOf } from '../integer/primitives.ts';
import type { Component } from './component.ts';
import { argmaxComponent, maxComponent, thresholdComponent } from './decision-components.ts';
import { linearComponents, requantizeComponents } from './linear-components.ts';

/** A circuit before it is text: components, and the layout of the trace its witness is read from. */
export interface CircuitPlan {
  readonly components: readonly Component[];
  /** In node order, each with its first slot. */
  readonly auxiliaries: readonly { readonly auxiliary: Auxiliary; readonly slot: number }[];
  /** Slots of values and auxiliaries; field elements (the digest's) follow. */
  readonly integerSlots: number;
}

/** Chooses the components: one a node, or one a block of a linear node; linear nodes join the rectifier behind them. */
export function planCircuit(graph: IntegerGraph, bounds: Bounds): CircuitPlan {
  const fused = fusedLinears(graph);
  const auxiliaries: { auxiliary: Auxiliary; slot: number }[] = [];
  let slot = valueCount(graph);
  const components = graph.nodes.flatMap((node, k) => {
    const auxiliary = primitiveOf(node).auxiliary(node, bounds);
    const first = slot;
    auxiliaries.push({ auxiliary, slot: first });
    slot += auxiliary.count;
    return componentsOf(`layer${k}`, node, fused, bounds, first);
  });
  return { components, auxiliaries, integerSlots: slot };
}

interface Fused {
  readonly into: ReadonlyMap<Requantize, IntegerLinear>;
  readonly linears: ReadonlySet<IntegerNode>;
}

function componentsOf(
  name: string,
  node: IntegerNode,
  fused: Fused,
  bounds: Bounds,
  slot: number,
): Component[] {
  switch (node.op) {
    case 'linear':
      return fused.linears.has(node) ? [] : linearComponents(name, node, bounds);
    case 'requantize':
      return requantizeComponents(name, node, fused.into.get(node), bounds, slot);
    case 'max':
      return [maxComponent(name, node, bounds, slot)];
    case 'argmax':
      return [argmaxComponent(name, node, bounds, slot)];
    case 'threshold':
      return [thresholdComponent(name, node, bounds, slot)];
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
