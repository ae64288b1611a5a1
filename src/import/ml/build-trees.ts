import type { Tree, TreeBranch, TreeLeaf } from '../../graph/tree.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import { type EnsembleTable, malformed } from './ensemble-table.ts';
import { type Comparison, passing, type RankSet, union } from './rank-set.ts';
import type { ThresholdFolder } from './threshold-folder.ts';

const COMPARISONS: ReadonlySet<string> = new Set<Comparison>(['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ']);

/** Deeper trees are no work of a training tool. ONNX Runtime recurses over them. */
const MAX_DEPTH = 1000;

/**
 * The trees of an ensemble, in the order of the file. The root of a tree is its first node, as in ONNX Runtime.
 *
 * @param targets number of targets or classes
 * @throws QuietproofError QP2117 if the nodes form no trees, QP2109 for a threshold or weight that is not a number
 */
export function buildTrees(
  context: OperatorContext,
  table: EnsembleTable,
  targets: number,
  folder: ThresholdFolder,
): Tree[] {
  const index = indexNodes(context, table);
  const leaves = leavesByNode(context, table, index, targets);
  const trees: Tree[] = [];
  for (let root = 0; root < table.nodeIds.length; ) {
    const builder = new TreeBuilder(context, table, index.get(table.treeIds[root]!)!, leaves, folder);
    const tree = builder.build(root);
    trees.push(tree);
    root += builder.size;
  }
  return trees;
}

/** By tree, then by the node's id: its place in the table. */
type NodeIndex = ReadonlyMap<number, ReadonlyMap<number, number>>;

function indexNodes(context: OperatorContext, { treeIds, nodeIds }: EnsembleTable): NodeIndex {
  const index = new Map<number, Map<number, number>>();
  for (let at = 0; at < nodeIds.length; at += 1) {
    const tree = treeIds[at]!;
    const known = index.get(tree);
    if (known !== undefined && treeIds[at - 1] !== tree)
      throw malformed(context, `the nodes of tree ${tree} are not listed together`);
    const nodes = known ?? new Map<number, number>();
    if (nodes.has(nodeIds[at]!)) throw malformed(context, `tree ${tree} has two nodes ${nodeIds[at]}`);
    nodes.set(nodeIds[at]!, at);
    index.set(tree, nodes);
  }
  return index;
}

/** By place in the table: what the leaf writes. Weights of branches have no effect in ONNX Runtime, nor here. */
function leavesByNode(
  context: OperatorContext,
  { writes, modes, values }: EnsembleTable,
  index: NodeIndex,
  targets: number,
): ReadonlyMap<number, TreeLeaf> {
  const leaves = new Map<number, { target: number; weight: number }[]>();
  for (let i = 0; i < writes.nodeIds.length; i += 1) {
    const [tree, node, target] = [writes.treeIds[i]!, writes.nodeIds[i]!, writes.targets[i]!];
    const at = index.get(tree)?.get(node);
    if (at === undefined)
      throw malformed(context, `a weight is of node ${node} of tree ${tree}, which does not exist`);
    if (modes[at] !== 'LEAF') continue;
    const leaf = leaves.get(at) ?? [];
    if (leaf.some((write) => write.target === target))
      throw malformed(context, `leaf ${node} of tree ${tree} has two weights for target ${target}`);
    leaf.push({ target, weight: writes.weights[i]! });
    leaves.set(at, leaf);
  }
  // With a single target, ONNX Runtime takes the value of a leaf without weight, usually 0, as its weight.
  if (targets === 1) {
    for (const [at, mode] of modes.entries())
      if (mode === 'LEAF' && !leaves.has(at)) leaves.set(at, [{ target: 0, weight: values[at]! }]);
  }
  return leaves;
}

/** Walks one tree from its root, with parents before their children. */
class TreeBuilder {
  /** Number of nodes of the table that the tree took. */
  size = 0;
  readonly #context: OperatorContext;
  readonly #table: EnsembleTable;
  readonly #places: ReadonlyMap<number, number>;
  readonly #leavesByNode: ReadonlyMap<number, TreeLeaf>;
  readonly #folder: ThresholdFolder;
  readonly #branches: TreeBranch[] = [];
  readonly #leaves: TreeLeaf[] = [];
  readonly #seen = new Set<number>();

  constructor(
    context: OperatorContext,
    table: EnsembleTable,
    places: ReadonlyMap<number, number>,
    leaves: ReadonlyMap<number, TreeLeaf>,
    folder: ThresholdFolder,
  ) {
    this.#context = context;
    this.#table = table;
    this.#places = places;
    this.#leavesByNode = leaves;
    this.#folder = folder;
  }

  build(root: number): Tree {
    const open: { at: number; depth: number; attach: (child: number) => void }[] = [];
    let first = 0;
    open.push({ at: root, depth: 0, attach: (child) => (first = child) });
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { at, depth, attach } = next;
      this.#visit(at);
      if (this.#table.modes[at] === 'LEAF') {
        attach(~this.#leaves.length);
        this.#leaves.push(this.#leavesByNode.get(at) ?? []);
        continue;
      }
      if (depth >= MAX_DEPTH)
        throw this.#context.error('QP2112', `a tree is deeper than ${MAX_DEPTH} branches`);
      const { branch, whenTrue, whenFalse } = this.#branch(at);
      attach(this.#branches.length);
      this.#branches.push(branch);
      open.push({ at: whenFalse, depth: depth + 1, attach: (child) => (branch.whenFalse = child) });
      open.push({ at: whenTrue, depth: depth + 1, attach: (child) => (branch.whenTrue = child) });
    }
    if (this.size !== this.#places.size)
      throw malformed(this.#context, `tree ${this.#table.treeIds[root]} has nodes that no path reaches`);
    return { root: first, branches: this.#branches, leaves: this.#leaves };
  }

  #visit(at: number): void {
    const { treeIds, nodeIds } = this.#table;
    if (this.#seen.has(at))
      throw malformed(this.#context, `several paths lead to node ${nodeIds[at]} of tree ${treeIds[at]}`);
    this.#seen.add(at);
    this.size += 1;
  }

  /**
   * A branch and its children's places. Several EQ in a row whose true branches share a child are one test of membership:
   * onnxmltools writes LightGBM's categories so.
   */
  #branch(at: number): { branch: Mutable<TreeBranch>; whenTrue: number; whenFalse: number } {
    const { features, trueIds } = this.#table;
    const whenTrue = this.#place(at, trueIds[at]!);
    let whenFalse = this.#place(at, this.#table.falseIds[at]!);
    let set = this.#test(at);
    while (this.#continues(at, whenFalse)) {
      this.#visit(whenFalse);
      set = union(set, this.#test(whenFalse));
      whenFalse = this.#place(whenFalse, this.#table.falseIds[whenFalse]!);
    }
    const { feature, passes, missingPasses } = this.#folder.fold(features[at]!, set);
    return { branch: { feature, passes, missingPasses, whenTrue: 0, whenFalse: 0 }, whenTrue, whenFalse };
  }

  #continues(at: number, next: number): boolean {
    const { modes, features, trueIds } = this.#table;
    const isEqual = modes[at] === 'BRANCH_EQ' && modes[next] === 'BRANCH_EQ';
    return (
      isEqual && features[at] === features[next] && trueIds[at] === trueIds[next] && !this.#seen.has(next)
    );
  }

  #place(at: number, id: number): number {
    const place = this.#places.get(id);
    if (place !== undefined) return place;
    const { nodeIds, treeIds } = this.#table;
    throw malformed(
      this.#context,
      `node ${nodeIds[at]} of tree ${treeIds[at]} leads to node ${id}, which does not exist`,
    );
  }

  #test(at: number): RankSet {
    const { modes, values, missingTracksTrue } = this.#table;
    const mode = modes[at]!.replace(/^BRANCH_/, '');
    if (!isComparison(mode) || mode === modes[at])
      throw malformed(this.#context, `"${printable(modes[at]!)}" is no mode of a node`);
    const threshold = values[at]!;
    if (Number.isNaN(threshold)) throw this.#context.error('QP2109', 'a threshold is not a number');
    return passing(mode, threshold, missingTracksTrue[at] === 1);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function isComparison(mode: string): mode is Comparison {
  return COMPARISONS.has(mode);
}

const printable = (text: string): string => JSON.stringify(text.slice(0, 30)).slice(1, -1);
