import type { NodeInfo } from '../graph-builder.ts';
import type { AttributeProto, GraphProto, NodeProto } from './decode-model.ts';

/** A node that the outputs depend on, with its name for messages. */
export interface LiveNode {
  readonly proto: NodeProto;
  readonly node: NodeInfo;
}

/** The nodes that outputs of a graph depend on, in file order. @param outputs their names; all by default */
export function liveNodes(graph: GraphProto, outputs?: readonly string[]): LiveNode[] {
  const wanted = new Set<string>(outputs ?? graph.output.map((output) => output.name ?? ''));
  const live: LiveNode[] = [];
  for (let index = graph.node.length - 1; index >= 0; index -= 1) {
    const proto = graph.node[index] as NodeProto;
    if (!proto.output.some((name) => name !== '' && wanted.has(name))) continue;
    for (const name of namesReadBy(proto)) wanted.add(name);
    live.push({ proto, node: { name: proto.name || `${proto.opType}_${index}`, op: proto.opType } });
  }
  return live.reverse();
}

/** The sub-graphs that a node has as attributes. */
export function subGraphsOf(node: NodeProto): GraphProto[] {
  const attributes = node.attribute as AttributeProto[];
  return attributes.flatMap(({ g, graphs }) => [...(g ? [g] : []), ...graphs]) as GraphProto[];
}

/** What a node reads; a sub-graph may read any name of the graphs around it. */
function namesReadBy(proto: NodeProto): string[] {
  const names = [...proto.input];
  for (const graph of subGraphsOf(proto)) {
    for (const inner of graph.node as NodeProto[]) names.push(...namesReadBy(inner));
    for (const output of graph.output) names.push(output.name ?? '');
  }
  return names;
}
