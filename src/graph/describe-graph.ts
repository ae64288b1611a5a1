import type { FloatGraph, FloatNode } from './float-graph.ts';
import type { KindDescription } from './node-kind.ts';
import { kindOf } from './node-kinds.ts';

/** One line of `inspect`'s output. */
export interface NodeDescription extends KindDescription {
  readonly name: string;
  /** The operators of the source file that were fused into it. */
  readonly origin: readonly string[];
  readonly count: number;
}

export interface GraphDescription {
  readonly nodes: readonly NodeDescription[];
  readonly macs: number;
  readonly params: number;
}

/** Describes a float graph node by node, with totals. */
export function describeGraph(graph: FloatGraph): GraphDescription {
  const nodes = graph.nodes.map(describeNode);
  const total = (key: 'macs' | 'params') => nodes.reduce((sum, node) => sum + node[key], 0);
  return { nodes, macs: total('macs'), params: total('params') };
}

function describeNode(node: FloatNode): NodeDescription {
  const { name, origin, count } = node;
  return { name, origin, count, ...kindOf(node).describe(node) };
}
