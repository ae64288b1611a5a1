import type { FloatGraph, FloatNode } from '../../../../src/graph/float-graph.ts';
import { float32Rank } from '../../../../src/graph/float32.ts';
import { sourcesOf } from '../../../../src/graph/use.ts';

/**
 * Whether a row is so near a step of the model that float32 and doubles may end on different sides of it: a comparison of
 * computed numbers, or a test of one by trees. Tests of inputs, and of what tests of inputs choose, are never so.
 *
 * @param values of the row, by id
 * @param room how far float32 may be off
 */
export function isNearStep(graph: FloatGraph, values: Float64Array, room: number): boolean {
  const exact = exactValues(graph);
  return graph.nodes.some((node) => {
    if (node.op === 'compare')
      return node.left.some((id, i) => Math.abs(at(values, id) - at(values, node.right[i]!)) <= room);
    if (node.op !== 'trees') return false;
    return node.trees.some(({ branches }) =>
      branches.some(({ feature, passes }) => {
        const id = node.source[feature]!;
        if (id < 0 || exact.has(id)) return false;
        const [low, high] = [rankOf(values[id]! - room), rankOf(values[id]! + room)];
        return passes.some((own) => isBetween(rankOf(own.low)) || isBetween(rankOf(own.high) + 1));
        function isBetween(rank: number): boolean {
          return low <= rank && rank <= high;
        }
      }),
    );
  });
}

const at = (values: Float64Array, id: number): number => (id < 0 ? 0 : values[id]!);
const rankOf = (value: number): number => float32Rank(Math.fround(value));

/** Inputs, what trees choose by them alone, and choices between such values. */
function exactValues({ nodes, input }: FloatGraph): ReadonlySet<number> {
  const exact = new Set(Array.from({ length: input.count }, (_, id) => id));
  const isChoice = ({ op }: FloatNode) => op === 'trees' || op === 'select';
  for (const node of nodes) {
    if (!isChoice(node)) continue;
    const isExact = sourcesOf(node).every((ids) => ids.every((id) => id < 0 || exact.has(id)));
    if (isExact) for (let id = node.first; id < node.first + node.count; id += 1) exact.add(id);
  }
  return exact;
}
