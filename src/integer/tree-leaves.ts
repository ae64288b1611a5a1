import { rangeBits, valueAt } from './bounds.ts';
import { requireConditions } from './conditions.ts';
import type { TreeLeaves } from './integer-graph.ts';
import { areReadable, type Ensure } from './invariants.ts';
import { integers, readIds, readSmallIntegers } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/** Where each inner node but the root hangs, by inner node. */
export interface Parents {
  readonly parent: Int32Array;
  /** 1 where the parent's condition leads here for 1. */
  readonly isTrueChild: Uint8Array;
}

export function parentsOf({ condition, whenTrue, whenFalse }: TreeLeaves): Parents {
  const parent = new Int32Array(condition.length);
  const isTrueChild = new Uint8Array(condition.length);
  for (let own = 0; own < condition.length; own += 1) {
    const [yes, no] = [whenTrue[own]!, whenFalse[own]!];
    if (yes >= 0) {
      parent[yes] = own;
      isTrueChild[yes] = 1;
    }
    if (no >= 0) parent[no] = own;
  }
  return { parent, isTrueChild };
}

/** By inner node but the root: whether it is reached and leads on by its condition. */
const auxiliaries = { branch: 'whole' } as const;

/**
 * Which leaf of a tree is reached (circuits/tree-leaves.circom): one product per inner node but the root. The leaves are
 * sums of these products, which cost no constraint and have no wire.
 */
export const treeLeaves: Primitive<TreeLeaves, typeof auxiliaries> = {
  op: 'tree-leaves',
  template: { name: 'TreeLeaves', file: 'tree-leaves.circom' },
  auxiliaries,

  sources: ({ condition }) => [condition],

  check: checkTree,

  writeJson: ({ condition, whenTrue, whenFalse }) => ({
    condition: integers(condition),
    whenTrue: integers(whenTrue),
    whenFalse: integers(whenFalse),
  }),
  fields: { condition: readIds, whenTrue: readSmallIntegers, whenFalse: readSmallIntegers },

  bound(node, bounds) {
    requireConditions(node, bounds);
    bounds.lo.fill(0, node.first, node.first + node.count);
    bounds.hi.fill(1, node.first, node.first + node.count);
  },

  joint: ({ first, count }) => [{ relation: 'one-hot', first, count }],

  execute({ first, count, condition, whenTrue, whenFalse }, values) {
    values.fill(0, first, first + count);
    let at = 0;
    while (at >= 0) at = valueAt(values, condition[at]!) === 1 ? whenTrue[at]! : whenFalse[at]!;
    values[first - at - 1] = 1;
  },

  auxiliary(node) {
    const { parent, isTrueChild } = parentsOf(node);
    const inner = node.condition.length;
    const isReached = new Uint8Array(inner);
    return (index, values, aux) => {
      if (index > 0) return;
      isReached[0] = 1;
      for (let own = 1; own < inner; own += 1) {
        const above = valueAt(values, node.condition[parent[own]!]!) === isTrueChild[own] ? 1 : 0;
        isReached[own] = isReached[parent[own]!]! * above;
        aux.whole('branch', isReached[own]! * valueAt(values, node.condition[own]!));
      }
    };
  },

  widestBits: rangeBits,
  calibrated: () => ({}),
};

function checkTree(node: TreeLeaves, ensure: Ensure): void {
  const { condition, whenTrue, whenFalse } = node;
  const inner = condition.length;
  ensure(inner > 0 && node.count === inner + 1, 'one leaf more than inner nodes');
  ensure(whenTrue.length === inner && whenFalse.length === inner, 'two children per inner node');
  ensure(areReadable(condition, node.first), 'sources');
  const isChild = new Set<number>();
  for (let own = 0; own < inner; own += 1) {
    for (const child of [whenTrue[own]!, whenFalse[own]!]) {
      ensure(child > own ? child < inner : child < 0 && -child <= node.count, 'children after their parents');
      ensure(!isChild.has(child), 'one parent per node');
      isChild.add(child);
    }
  }
}
