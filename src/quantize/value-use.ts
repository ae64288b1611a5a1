import { factsOf } from '../graph/activation-facts.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { countValues } from '../graph/use.ts';

/** What the layers after a value do with it. */
export interface ValueUse {
  /** By value: 1 if it is rounded to the bits of an activation, directly or after a maximum. */
  readonly isRounded: Uint8Array;
  /** By value: the width of the range outside of which its readers tell no values apart; Infinity for most. */
  readonly passed: Float64Array;
}

export function valueUse(graph: FloatGraph): ValueUse {
  const isRounded = new Uint8Array(countValues(graph));
  const passed = new Float64Array(isRounded.length);
  const note = (id: number, rounded: number, span: number) => {
    if (id < 0) return;
    isRounded[id] = Math.max(isRounded[id]!, rounded);
    passed[id] = Math.max(passed[id]!, span);
  };
  for (const id of graph.output.values) note(id, 0, Infinity);
  for (const node of graph.nodes.toReversed()) {
    if (node.op === 'linear') {
      for (const { gather } of node.blocks) for (const id of gather) note(id, 0, Infinity);
      for (const { source } of node.diagonals) for (const id of source) note(id, 0, Infinity);
    } else if (node.op === 'max') {
      node.gather.forEach((id, k) => {
        const own = node.first + Math.floor(k / node.taps);
        note(id, isRounded[own]!, passed[own]!);
      });
    } else {
      const { min, max } = factsOf(node.fn).range;
      for (const id of node.source) note(id, 1, max - min);
    }
  }
  return { isRounded, passed };
}
