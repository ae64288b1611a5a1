/**
 * One decision tree. A branch goes to a child: the branch `child` if it is not negative, else the leaf `~child`. Children
 * come after their parent, and each has one parent, so that a tree has no cycle and nothing is shared.
 */
export interface Tree {
  readonly root: number;
  readonly branches: readonly TreeBranch[];
  readonly leaves: readonly TreeLeaf[];
}

export interface TreeBranch {
  /** Index in the node's `source`. */
  readonly feature: number;
  /** The values that go to `whenTrue`: ascending, with at least one other float32 between one interval and the next. */
  readonly passes: readonly Interval[];
  /** Whether a missing value (NaN) goes to `whenTrue`. */
  readonly missingPasses: boolean;
  readonly whenTrue: number;
  readonly whenFalse: number;
}

/** All float32 numbers from `low` to `high`, both included; the ends are float32, perhaps infinite, and never −0. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What a tree adds to the targets if it ends here; a target occurs at most once. */
export type TreeLeaf = readonly { readonly target: number; readonly weight: number }[];

/** Whether a float32 value, which may be infinite or NaN, goes to `whenTrue`. */
export function passesTest({ passes, missingPasses }: TreeBranch, value: number): boolean {
  if (Number.isNaN(value)) return missingPasses;
  return passes.some(({ low, high }) => low <= value && value <= high);
}

/** The leaf at which a tree ends. @param features float32 values, by feature */
export function leafOf({ root, branches, leaves }: Tree, features: Float32Array): TreeLeaf {
  let at = root;
  while (at >= 0) {
    const branch = branches[at]!;
    at = passesTest(branch, features[branch.feature]!) ? branch.whenTrue : branch.whenFalse;
  }
  return leaves[~at]!;
}

/** Indices of the features that some test of some tree reads, ascending. */
export function featuresRead(trees: readonly Tree[]): number[] {
  const read = new Set(trees.flatMap(({ branches }) => branches.map(({ feature }) => feature)));
  return [...read].sort((a, b) => a - b);
}
