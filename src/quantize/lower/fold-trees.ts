import type { TreesNode } from '../../graph/float-graph.ts';
import type { Tree } from '../../graph/tree.ts';
import type { Conditions } from './conditions.ts';
import { type TreeValue, TreeValues } from './tree-values.ts';

/** A tree whose branches all depend on the input and lead to different sub-trees. Equal sub-trees are one object. */
export type FoldedTree =
  /** By target: an integer. */
  | { readonly kind: 'leaf'; readonly weights: Float64Array }
  | {
      readonly kind: 'branch';
      /** Id of a value that is 0 or 1. */
      readonly condition: number;
      readonly whenTrue: FoldedTree;
      readonly whenFalse: FoldedTree;
      /** Branches of the tree, with every copy of a sub-tree. */
      readonly branches: number;
    };

/** Folds the trees of a node: branches that always lead the same way, or to equal sub-trees, are none. */
export class FoldedTrees {
  readonly #node: TreesNode;
  readonly #conditions: Conditions;
  readonly #toIntegers: (leaf: Tree['leaves'][number]) => Float64Array;
  readonly #known = new Map<string, FoldedTree>();
  readonly #numbers = new Map<FoldedTree, number>();
  readonly #values = new TreeValues();
  /** By target and tree. */
  readonly #projected: Map<FoldedTree, TreeValue>[] = [];

  /** @param toIntegers what a leaf gives to each target */
  constructor(
    node: TreesNode,
    conditions: Conditions,
    toIntegers: (leaf: Tree['leaves'][number]) => Float64Array,
  ) {
    this.#node = node;
    this.#conditions = conditions;
    this.#toIntegers = toIntegers;
  }

  fold(tree: Tree): FoldedTree {
    const folded: FoldedTree[] = new Array(tree.branches.length);
    const child = (at: number) => (at >= 0 ? folded[at]! : this.#leaf(this.#toIntegers(tree.leaves[~at]!)));
    // Children come after their parents.
    for (let at = tree.branches.length - 1; at >= 0; at -= 1) {
      const { whenTrue, whenFalse } = tree.branches[at]!;
      const condition = this.#conditions.of(this.#node, tree.branches[at]!);
      if (typeof condition === 'boolean') folded[at] = child(condition ? whenTrue : whenFalse);
      else if (condition.isInverted)
        folded[at] = this.#branch(condition.id, child(whenFalse), child(whenTrue));
      else folded[at] = this.#branch(condition.id, child(whenTrue), child(whenFalse));
    }
    return child(tree.root);
  }

  /** What a tree gives to one target. */
  valueOf(tree: FoldedTree, target: number): TreeValue {
    this.#projected[target] ??= new Map();
    const known = this.#projected[target].get(tree);
    if (known !== undefined) return known;
    const value =
      tree.kind === 'leaf'
        ? this.#values.constant(tree.weights[target]!)
        : this.#values.choice(
            tree.condition,
            this.valueOf(tree.whenTrue, target),
            this.valueOf(tree.whenFalse, target),
          );
    this.#projected[target].set(tree, value);
    return value;
  }

  #leaf(weights: Float64Array): FoldedTree {
    return this.#once(weights.join(), () => ({ kind: 'leaf', weights }));
  }

  #branch(condition: number, whenTrue: FoldedTree, whenFalse: FoldedTree): FoldedTree {
    if (whenTrue === whenFalse) return whenTrue;
    const key = `${condition}:${this.#numbers.get(whenTrue)}:${this.#numbers.get(whenFalse)}`;
    const branches = 1 + branchCount(whenTrue) + branchCount(whenFalse);
    return this.#once(key, () => ({ kind: 'branch', condition, whenTrue, whenFalse, branches }));
  }

  #once(key: string, make: () => FoldedTree): FoldedTree {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    this.#numbers.set(made, this.#numbers.size);
    return made;
  }
}

export function branchCount(tree: FoldedTree): number {
  return tree.kind === 'branch' ? tree.branches : 0;
}
