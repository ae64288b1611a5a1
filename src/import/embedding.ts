import type { Tree, TreeBranch, TreeLeaf } from '../graph/tree.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { type ConstTensor, sizeOf, type TensorView } from './tensor.ts';

/**
 * Rows of a table at places that the input gives: a tree for each place, which compares it with the places in the table.
 * An index beyond the end is read as the last one, which no row of the producer has.
 *
 * @param table [rows, …row]
 * @returns [...places, …row]
 */
export function embedding(
  builder: GraphBuilder,
  node: NodeInfo,
  places: TensorView,
  table: ConstTensor,
): TensorView {
  const [rows, ...row] = table.shape as [number, ...number[]];
  const width = sizeOf(row);
  builder.restrictInput(node, places.ids, rows - 1);
  const trees = Array.from(places.ids, (_, feature) => treeOf(feature, rows, width, table.data));
  const ids = builder.trees(node, places.ids.length * (table.data.length + 4 * rows), {
    trees,
    source: places.ids,
    aggregate: 'sum',
    base: new Float64Array(places.ids.length * width),
  });
  return { shape: [...places.shape, ...row], ids };
}

/** A balanced tree whose leaf k is reached by the index k, and writes row k of the table. */
function treeOf(feature: number, rows: number, width: number, table: Float64Array): Tree {
  const leaves = Array.from({ length: rows }, (_, k): TreeLeaf => {
    return Array.from({ length: width }, (_, i) => ({
      target: feature * width + i,
      weight: table[k * width + i]!,
    }));
  });
  const branches: TreeBranch[] = [];
  // Children come after their parent, so a branch takes its place before they do.
  const build = (low: number, high: number): number => {
    if (low === high) return ~low;
    const middle = (low + high) >> 1;
    const at = branches.length;
    const passes = [{ low: Number.NEGATIVE_INFINITY, high: middle }];
    const open = { feature, passes, missingPasses: false, whenTrue: 0, whenFalse: 0 };
    branches.push(open);
    const [whenTrue, whenFalse] = [build(low, middle), build(middle + 1, high)];
    branches[at] = { ...open, whenTrue, whenFalse };
    return at;
  };
  const root = build(0, rows - 1);
  return { root, branches, leaves };
}
