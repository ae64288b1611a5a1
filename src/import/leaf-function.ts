import type { Tree } from '../graph/tree.ts';

/** A value that one tree decides: it has one value at each of the tree's leaves. */
export interface LeafFunction {
  readonly tree: Tree;
  /** What the tree reads, as the node that has it. */
  readonly source: Int32Array;
  /** By leaf. */
  readonly values: ArrayLike<number>;
}
