import type { TreeLeaves } from '../integer/integer-graph.ts';
import { parentsOf } from '../integer/tree-leaves.ts';
import { FormSum, type WireForm } from './wire-form.ts';

/**
 * By leaf of a tree: whether it is reached, over the wires of the branches. Where a node is reached, its true child is
 * reached if its branch is 1, and else its false child: reached(false child) = reached(node) − branch(node).
 *
 * @param branches slot of the branch of each inner node but the root, whose branch is its condition
 */
export function leafForms(
  node: TreeLeaves,
  branches: readonly number[],
  formOf: (id: number) => WireForm,
): WireForm[] {
  const leaves: WireForm[] = new Array(node.count);
  const { parent, isTrueChild } = parentsOf(node);
  const branchOf = (own: number): WireForm =>
    own === 0 ? formOf(node.condition[0]!) : { constant: 0, weights: new Map([[branches[own - 1]!, 1]]) };
  const reached: WireForm[] = [new FormSum(1)];
  const otherwise: WireForm[] = [];
  for (let own = 0; own < node.condition.length; own += 1) {
    const above = parent[own]!;
    if (own > 0) reached.push(isTrueChild[own] === 1 ? branchOf(above) : otherwise[above]!);
    const branch = branchOf(own);
    otherwise.push(new FormSum().add(reached[own]!).add(branch, -1));
    const [yes, no] = [node.whenTrue[own]!, node.whenFalse[own]!];
    if (yes < 0) leaves[-1 - yes] = branch;
    if (no < 0) leaves[-1 - no] = otherwise[own]!;
  }
  return leaves;
}
