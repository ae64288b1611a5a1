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
  readonly test: TreeTest;
  /** Whether a missing value (NaN) passes the test, whatever the comparison says of it. */
  readonly missingPasses: boolean;
  readonly whenTrue: number;
  readonly whenFalse: number;
}

export type TreeTest =
  /** Compares as IEEE 754: −0 equals 0, and NaN passes only `ne`. The threshold is a float32, perhaps infinite. */
  | { readonly kind: 'le' | 'lt' | 'ge' | 'gt' | 'eq' | 'ne'; readonly threshold: number }
  /** Passes the listed float32 numbers, which ascend. */
  | { readonly kind: 'member'; readonly values: readonly number[] };

/** What a tree adds to the targets if it ends here; a target occurs at most once. */
export type TreeLeaf = readonly { readonly target: number; readonly weight: number }[];

const COMPARISONS: {
  readonly [K in Exclude<TreeTest['kind'], 'member'>]: (value: number, threshold: number) => boolean;
} = {
  le: (value, threshold) => value <= threshold,
  lt: (value, threshold) => value < threshold,
  ge: (value, threshold) => value >= threshold,
  gt: (value, threshold) => value > threshold,
  eq: (value, threshold) => value === threshold,
  ne: (value, threshold) => value !== threshold,
};

/** Whether a float32 value, which may be infinite or NaN, goes to `whenTrue`. */
export function passesTest({ test, missingPasses }: TreeBranch, value: number): boolean {
  if (missingPasses && Number.isNaN(value)) return true;
  if (test.kind === 'member') return test.values.some((one) => one === value);
  return COMPARISONS[test.kind](value, test.threshold);
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
