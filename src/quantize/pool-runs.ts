import { type Block, ZERO } from '../graph/float-graph.ts';
import { isPooling } from '../graph/pooling-sum.ts';
import type { IntegerBlock } from '../integer/integer-graph.ts';

/** Consecutive positions [from, to) of a pool whose windows lie in one step group. */
export interface PoolRun {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The runs of a pool over several positions. Its weights are all alike, so each group of windows (each channel) can have
 * a step of its own, unlike the positions of a convolution.
 *
 * @param groupOf the step group of a value
 */
export function poolRuns({ positions, taps, gather }: Block, groupOf: (id: number) => number): PoolRun[] {
  const runs: PoolRun[] = [];
  for (let position = 0; position < positions; position += 1) {
    const id = gather.subarray(position * taps, (position + 1) * taps).find((own) => own !== ZERO);
    const last = runs.at(-1);
    // A window of padding goes with the one before it.
    const group = id === undefined ? (last?.group ?? ZERO) : groupOf(id);
    if (last?.group === group) runs[runs.length - 1] = { ...last, to: position + 1 };
    else runs.push({ group, from: position, to: position + 1 });
  }
  return runs;
}

/** Blocks with a block for each run of a pool; their outputs are the same, in the same order. */
export function splitPools(blocks: readonly Block[], groupOf: (id: number) => number): Block[] {
  return blocks.flatMap((block) => {
    if (!isPool(block)) return [block];
    return poolRuns(block, groupOf).map(({ from, to }) => ({
      ...block,
      positions: to - from,
      gather: block.gather.slice(from * block.taps, to * block.taps),
    }));
  });
}

/** Undoes a split between blocks that have the same integers. */
export function joinPools(blocks: readonly IntegerBlock[], wasSplit: boolean): IntegerBlock[] {
  const joined: IntegerBlock[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (wasSplit && last !== undefined && areAlike(last, block)) {
      const gather = Int32Array.of(...last.gather, ...block.gather);
      joined[joined.length - 1] = { ...last, positions: last.positions + block.positions, gather };
    } else joined.push(block);
  }
  return joined;
}

/** Whether windows of the block may have steps of their own. */
export function isPool(block: Block): boolean {
  return block.positions > 1 && isPooling(block);
}

function areAlike(a: IntegerBlock, b: IntegerBlock): boolean {
  return (
    a.rows === 1 &&
    b.rows === 1 &&
    a.taps === b.taps &&
    a.weights.every((weight, tap) => weight === b.weights[tap])
  );
}
