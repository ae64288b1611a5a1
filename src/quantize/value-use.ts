import type { FloatGraph } from '../graph/float-graph.ts';
import { countValues } from '../graph/use.ts';
import type { NoteUse, ValueUse } from './lower/node-lowering.ts';
import { loweringOf } from './lower/node-lowerings.ts';

/** What the readers of each value do with it. */
export function valueUse(graph: FloatGraph): ValueUse {
  const isRounded = new Uint8Array(countValues(graph));
  const passed = new Float64Array(isRounded.length);
  const use = { isRounded, passed };
  const note: NoteUse = (id, rounded, span) => {
    if (id < 0) return;
    isRounded[id] = Math.max(isRounded[id]!, rounded);
    passed[id] = Math.max(passed[id]!, span);
  };
  for (const { values } of graph.outputs) for (const id of values) note(id, 0, Infinity);
  for (const node of graph.nodes.toReversed()) loweringOf(node).noteUse(node, note, use);
  return use;
}
