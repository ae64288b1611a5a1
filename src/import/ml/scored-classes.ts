import type { EnsembleTable } from './ensemble-table.ts';

/** Which classes the leaves that a row reaches give a score. */
export interface Scored {
  /** Classes to which no leaf writes. */
  readonly never: readonly number[];
  /** Classes to which some leaf writes, but no tree from every leaf. */
  readonly sometimes: readonly number[];
  /** Whether every row gives some class a score above 0, and none a score below 0. */
  readonly someIsPositive: boolean;
}

export function scoredClasses({ modes, treeIds, nodeIds, writes }: EnsembleTable, classes: number): Scored {
  const leaves = new Map<number, number>();
  modes.forEach((mode, at) => {
    if (mode === 'LEAF') leaves.set(treeIds[at]!, (leaves.get(treeIds[at]!) ?? 0) + 1);
  });
  const isLeaf = new Set(
    nodeIds.flatMap((node, at) => (modes[at] === 'LEAF' ? [`${treeIds[at]}:${node}`] : [])),
  );
  const written = Array.from({ length: classes }, () => new Map<number, number>());
  const positive = new Map<number, Set<number>>();
  let noneIsNegative = true;
  for (let i = 0; i < writes.nodeIds.length; i += 1) {
    const [tree, node, target] = [writes.treeIds[i]!, writes.nodeIds[i]!, writes.targets[i]!];
    if (!isLeaf.has(`${tree}:${node}`)) continue;
    written[target]!.set(tree, (written[target]!.get(tree) ?? 0) + 1);
    if (writes.weights[i]! < 0) noneIsNegative = false;
    if (writes.weights[i]! > 0) positive.set(tree, (positive.get(tree) ?? new Set()).add(node));
  }
  const isAlways = (trees: ReadonlyMap<number, number>) =>
    [...trees].some(([tree, count]) => count === leaves.get(tree));
  const targets = [...written.keys()];
  return {
    never: targets.filter((target) => written[target]!.size === 0),
    sometimes: targets.filter((target) => written[target]!.size > 0 && !isAlways(written[target]!)),
    someIsPositive: noneIsNegative && [...positive].some(([tree, nodes]) => nodes.size === leaves.get(tree)),
  };
}
