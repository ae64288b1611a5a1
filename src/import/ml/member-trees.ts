import type { Tree, TreeBranch, TreeLeaf } from '../../graph/tree.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import { malformed } from './ensemble-table.ts';
import { type Comparison, membersOf, passing, type RankSet, truncatedTo } from './rank-set.ts';
import type { ThresholdFolder } from './threshold-folder.ts';

/** By number; 6 is membership. */
const MODES: readonly Comparison[] = ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ'];
const MEMBER = 6;

/** The attributes of TreeEnsemble: branches and leaves have lists of their own, and children are places in them. */
export interface MemberTable {
  readonly roots: readonly number[];
  readonly modes: ArrayLike<number>;
  readonly splits: ArrayLike<number>;
  readonly features: readonly number[];
  readonly missingTracksTrue: readonly number[];
  readonly trueIds: readonly number[];
  readonly falseIds: readonly number[];
  readonly trueIsLeaf: readonly number[];
  readonly falseIsLeaf: readonly number[];
  readonly targets: readonly number[];
  readonly weights: ArrayLike<number>;
  /** The sets of all branches that test membership, in order, each but the last followed by NaN. */
  readonly members: ArrayLike<number>;
}

/** @throws QuietproofError QP2117 if lists that belong together differ in length */
export function readMemberTable(context: OperatorContext): MemberTable {
  const { attributes } = context;
  attributes.ignore('nodes_hitrates');
  const ints = (name: string) => attributes.ints(name) ?? [];
  const numbers = (name: string) => {
    const tensor = attributes.tensor(name);
    return tensor === undefined ? new Float64Array(0) : context.readTensor(tensor).tensor.data;
  };
  const table: MemberTable = {
    roots: ints('tree_roots'),
    modes: numbers('nodes_modes'),
    splits: numbers('nodes_splits'),
    features: ints('nodes_featureids'),
    missingTracksTrue: ints('nodes_missing_value_tracks_true'),
    trueIds: ints('nodes_truenodeids'),
    falseIds: ints('nodes_falsenodeids'),
    trueIsLeaf: ints('nodes_trueleafs'),
    falseIsLeaf: ints('nodes_falseleafs'),
    targets: ints('leaf_targetids'),
    weights: numbers('leaf_weights'),
    members: numbers('membership_values'),
  };
  const { modes, splits, features, trueIds, falseIds, trueIsLeaf, falseIsLeaf } = table;
  const lists = [splits, features, trueIds, falseIds, trueIsLeaf, falseIsLeaf];
  if (table.roots.length === 0) throw malformed(context, 'it has no trees');
  if (lists.some((list) => list.length !== modes.length))
    throw malformed(context, 'the lists of its nodes differ in length');
  if (table.targets.length !== table.weights.length)
    throw malformed(context, 'the lists of its leaves differ in length');
  if (table.missingTracksTrue.length > modes.length)
    throw malformed(context, 'nodes_missing_value_tracks_true is longer than the list of its nodes');
  return table;
}

/**
 * The trees of a TreeEnsemble. Several branches may lead to one leaf, which then occurs several times, but not to one
 * branch.
 *
 * @throws QuietproofError QP2117 if the branches form no trees, QP2109 for a split that is not a number
 */
export class MemberTrees {
  readonly #context: OperatorContext;
  readonly #table: MemberTable;
  readonly #folder: ThresholdFolder;
  readonly #sets: readonly (readonly number[])[];
  readonly #seen = new Set<number>();

  constructor(context: OperatorContext, table: MemberTable, folder: ThresholdFolder) {
    this.#context = context;
    this.#table = table;
    this.#folder = folder;
    this.#sets = membersByNode(table);
  }

  build(root: number): Tree {
    const { trueIds, falseIds, trueIsLeaf, falseIsLeaf } = this.#table;
    const branches: Mutable<TreeBranch>[] = [];
    const leaves: TreeLeaf[] = [];
    if (!(root >= 0 && root < trueIds.length)) throw malformed(this.#context, `a tree has root ${root}`);
    // A tree of one leaf is a branch that leads to it either way.
    const isLeaf = trueIds[root] === falseIds[root] && trueIsLeaf[root] !== 0 && falseIsLeaf[root] !== 0;
    if (isLeaf) return { root: ~0, branches: [], leaves: [this.#leaf(trueIds[root]!)] };
    const open: { at: number; attach: (child: number) => void }[] = [{ at: root, attach: () => {} }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { at, attach } = next;
      attach(branches.length);
      const branch = this.#branch(at);
      branches.push(branch);
      const child = (id: number, isLeafChild: boolean, attachChild: (child: number) => void) => {
        if (!isLeafChild) {
          open.push({ at: id, attach: attachChild });
          return;
        }
        attachChild(~leaves.length);
        leaves.push(this.#leaf(id));
      };
      child(falseIds[at]!, falseIsLeaf[at] !== 0, (to) => (branch.whenFalse = to));
      child(trueIds[at]!, trueIsLeaf[at] !== 0, (to) => (branch.whenTrue = to));
    }
    return { root: 0, branches, leaves };
  }

  #branch(at: number): Mutable<TreeBranch> {
    const { features } = this.#table;
    if (!(at >= 0 && at < features.length))
      throw malformed(this.#context, `a branch leads to node ${at}, which does not exist`);
    if (this.#seen.has(at)) throw malformed(this.#context, `several paths lead to node ${at}`);
    this.#seen.add(at);
    return { ...this.#folder.fold(features[at]!, this.#test(at)), whenTrue: 0, whenFalse: 0 };
  }

  #test(at: number): RankSet {
    const { modes, splits, missingTracksTrue } = this.#table;
    const missingPasses = missingTracksTrue[at] === 1;
    const mode = modes[at]!;
    if (mode === MEMBER) {
      const members = this.#sets[at]!;
      if (members.length === 0) throw malformed(this.#context, `node ${at} tests membership of no values`);
      return this.#membership(members, missingPasses);
    }
    const comparison = MODES[mode];
    if (comparison === undefined) throw malformed(this.#context, `${mode} is no mode of a node`);
    if (Number.isNaN(splits[at]!)) throw this.#context.error('QP2109', 'a split is not a number');
    return passing(comparison, splits[at]!, missingPasses);
  }

  /**
   * ONNX Runtime compares with each member of a small set of small numbers. For any other set it looks up the value as an
   * integer, so 3.5 is a member where 3 is one.
   */
  #membership(members: readonly number[], missingPasses: boolean): RankSet {
    const isSmall = members.length < 31 && members.every((one) => one >= 0 && one <= 30);
    if (isSmall) return membersOf(members, missingPasses);
    const isInt32 = (one: number) => Number.isInteger(one) && Math.abs(one) < 2 ** 31;
    if (members.every(isInt32)) return truncatedTo(members, missingPasses);
    throw this.#context.unsupported('with a set of other numbers than 32-bit integers');
  }

  #leaf(id: number): TreeLeaf {
    const { targets, weights } = this.#table;
    const target = targets[id];
    if (target === undefined)
      throw malformed(this.#context, `a branch leads to leaf ${id}, which does not exist`);
    return [{ target, weight: weights[id]! }];
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function membersByNode({ modes, members }: MemberTable): number[][] {
  let at = 0;
  return Array.from(modes, (mode) => {
    const own: number[] = [];
    if (mode !== MEMBER) return own;
    for (; at < members.length && !Number.isNaN(members[at]!); at += 1) own.push(members[at]!);
    at += 1;
    return own;
  });
}
