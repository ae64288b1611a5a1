import type { Block, LinearNode } from '../../graph/float-graph.ts';
import { isPooling } from '../../graph/pooling-sum.ts';
import { valuesOf } from '../../graph/use.ts';
import type { DisjointSets } from '../disjoint-sets.ts';
import { constantOutputs, effectiveLinear } from '../effective-linear.ts';
import { isPool, poolRuns } from '../pool-runs.ts';
import type { NodeLowering } from './node-lowering.ts';

/** An exact sum: weights are rounded, sums are not. */
export const linear: NodeLowering<LinearNode> = {
  searched: 'weights',

  tie(node, sets) {
    let start = node.first;
    for (const block of node.blocks) {
      tieBlock(block, start, sets);
      start += block.rows * block.positions;
    }
  },

  /** Windows of a pool that are in one group have sums in one group. */
  tieAgain(node, sets) {
    let changed = false;
    let start = node.first;
    for (const block of node.blocks) {
      const first = new Map<number, number>();
      for (const { group, from, to } of isPool(block) ? poolRuns(block, (id) => sets.name(id)) : []) {
        const known = first.get(group) ?? start + from;
        first.set(group, known);
        for (let p = from; p < to; p += 1) changed = sets.tie([known, start + p]) || changed;
      }
      start += block.rows * block.positions;
    }
    return changed;
  },

  noteUse({ blocks, diagonals }, note) {
    for (const { gather } of blocks) for (const id of gather) note(id, 0, Infinity);
    for (const { source } of diagonals) for (const id of source) note(id, 0, Infinity);
  },

  costOfFiner: ({ count }) => count,

  lower(node, context) {
    const { values } = context;
    const { weights } = context.widthsOf(node.name);
    const effective = effectiveLinear(node, values);
    const isConstant = constantOutputs(effective);
    if (!isConstant.every(Boolean)) {
      const { ids, scales } = context.linear(node, valuesOf(node), weights);
      ids.forEach((id, i) => {
        context.map(node.first + i, id, scales[i]!);
      });
    }
    isConstant.forEach((constant, i) => {
      if (constant) values.setConstant(node.first + i, effective.bias[i]!);
    });
  },
};

function tieBlock(block: Block, start: number, sets: DisjointSets): void {
  const { rows, positions, taps, gather } = block;
  const range = (length: number, id: (i: number) => number) => Array.from({ length }, (_, i) => id(i));
  if (positions > 1 && !isPool(block)) {
    for (let row = 0; row < rows; row += 1) sets.tie(range(positions, (p) => start + row * positions + p));
    for (let tap = 0; tap < taps; tap += 1) sets.tie(range(positions, (p) => gather[p * taps + tap]!));
  }
  if (!isPooling(block)) return;
  for (let p = 0; p < positions; p += 1) sets.tie(gather.subarray(p * taps, (p + 1) * taps));
}
