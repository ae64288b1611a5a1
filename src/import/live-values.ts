import type { FloatGraph } from '../graph/float-graph.ts';
import { kindOf } from '../graph/node-kinds.ts';

/** The nodes that the outputs depend on, by name. */
export function liveNodeNames({ input, nodes, outputs }: FloatGraph): Set<string> {
  const last = nodes.at(-1);
  const needed = new Uint8Array(last === undefined ? input.count : last.first + last.count);
  for (const { values } of outputs) for (const id of values) if (id >= 0) needed[id] = 1;
  const live = new Set<string>();
  for (const node of nodes.toReversed()) {
    if (!needed.subarray(node.first, node.first + node.count).includes(1)) continue;
    live.add(node.name);
    for (const ids of kindOf(node).sources(node)) for (const id of ids) if (id >= 0) needed[id] = 1;
  }
  return live;
}
