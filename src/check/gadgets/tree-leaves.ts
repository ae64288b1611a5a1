import type { TreeLeaves } from '../../integer/integer-graph.ts';
import type { treeLeaves } from '../../integer/tree-leaves.ts';
import type { Walk, WireSum } from '../walk.ts';
import type { Gadget } from './gadget.ts';
import { isCondition } from './select.ts';

/**
 * Pattern "tree leaves": for every inner node j but the root, branch_j = reached_j · condition_j, where reached is 1 at
 * the root, branch is the condition there, and a node's children are reached by branch_j (for 1) and reached_j − branch_j
 * (for 0). The leaves are such sums of wires, and have no wires of their own.
 *
 * Lemma "tree leaves". If every condition is 0 or 1, reached_j is 1 where the way from the root leads through j, else 0,
 * and exactly one leaf is reached. Proof, from the root down: if reached_j is 0 or 1, branch_j is reached_j or 0 as the
 * condition is 1 or 0, so the child for the condition's value gets reached_j and the other 0. The sum over the nodes
 * whose children are not expanded yet stays 1, since both children together get reached_j. ∎
 */
export const walkTreeLeaves: Gadget<TreeLeaves, typeof treeLeaves.auxiliaries> = (
  walk,
  node,
  auxiliariesOf,
) => {
  for (let leaf = 0; leaf < node.count; leaf += 1) walk.bound(node.first + leaf, 0, 1, node.name);
  const aux = auxiliariesOf(0);
  const reached: (WireSum | undefined)[] = [new Map([[0, 1]])];
  const place = (child: number, form: WireSum) => {
    if (child >= 0) reached[child] = form;
    else walk.placeForm(node.first - 1 - child, form);
  };
  for (const [own, condition] of node.condition.entries()) {
    const where = `${node.name}, node ${own}`;
    const way = reached[own];
    if (way === undefined) {
      walk.fail('correspondence', where, 'no parent before it leads to it');
      return;
    }
    if (!isCondition(walk, condition, where)) return;
    const branch =
      own === 0
        ? walk.expand(condition)
        : product(walk, way, condition, walk.hints.of(aux.whole('branch')), where);
    if (branch === undefined) return;
    place(node.whenTrue[own]!, branch);
    place(node.whenFalse[own]!, difference(way, branch));
  }
  walk.relate('one-hot', node.first, node.count);
  walk.proved('tree leaves');
};

/** Matches wire = way · condition. @returns the wire as a sum; undefined after reporting a problem */
function product(
  walk: Walk,
  way: WireSum,
  condition: number,
  wire: number,
  where: string,
): WireSum | undefined {
  walk.left.clear();
  for (const [own, weight] of way) walk.left.add(own, weight);
  walk.addValue(walk.right.clear(), condition, 1);
  return walk.product(wire, walk.sum.clear(), where) ? new Map([[wire, 1]]) : undefined;
}

function difference(from: WireSum, less: WireSum): WireSum {
  const sum = new Map(from);
  for (const [wire, weight] of less) sum.set(wire, (sum.get(wire) ?? 0) - weight);
  return sum;
}
