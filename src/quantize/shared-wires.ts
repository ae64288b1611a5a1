import { copiedBy } from '../integer/copied-values.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerLinear, IntegerNode } from '../integer/integer-graph.ts';
import type { Decision } from './decision.ts';
import type { LoweredGraph, LoweredOutput } from './lower/context.ts';

/**
 * Gives every input a wire of its own. circom merges a value with one that it repeats, and keeps the name of a public
 * output: an input that is stated as it is would have no wire, which `check` refuses. All values of such an output are
 * stated in half the steps: twice the integers, one constraint each.
 *
 * @param decisions one per output
 */
export function withOwnWires(lowered: LoweredGraph, decisions: readonly Decision[]): LoweredGraph {
  if (decisions.every(({ kind }) => kind !== 'logits')) return lowered;
  const rootOf = roots(lowered);
  const inputs = lowered.input.count;
  const nodes = [...lowered.nodes];
  const outputs = lowered.outputs.map((output, k) => {
    const repeats = output.logits.some((id) => id >= 0 && rootOf(id) < inputs);
    if (decisions[k]!.kind !== 'logits' || !repeats) return output;
    const node = doubled(output, `output ${k}/apart`, nodes, inputs);
    nodes.push(node);
    return { ...output, logits: output.logits.map((_, i) => node.first + i), scale: node.scale };
  });
  return { ...lowered, nodes, outputs };
}

/** The value that a value repeats, perhaps by way of others; itself if it is its own. */
function roots({ input, nodes }: LoweredGraph): (id: number) => number {
  const bounds = computeBounds({ input, nodes });
  const before = new Map<number, number>();
  for (const node of nodes) {
    const copied = copiedBy(node, bounds);
    for (let i = 0; i < node.count; i += 1) {
      const source = copied(i);
      if (source !== undefined) before.set(node.first + i, before.get(source) ?? source);
    }
  }
  return (id) => before.get(id) ?? id;
}

function doubled(
  { logits, scale }: LoweredOutput,
  name: string,
  nodes: readonly IntegerNode[],
  inputs: number,
): IntegerLinear {
  const last = nodes.at(-1);
  const count = logits.length;
  return {
    ...{ op: 'linear', name, origin: [], count, scale: scale / 2 },
    first: last === undefined ? inputs : last.first + last.count,
    blocks: [],
    diagonals: [{ weights: Float64Array.from(logits, (id) => (id < 0 ? 0 : 2)), source: logits }],
    bias: new Float64Array(count),
  };
}
