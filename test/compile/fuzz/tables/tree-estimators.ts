import { ensembleAttributes, HOSTILE, MODES, type TreeSpec } from '../../../import/ml/ensembles.ts';
import { answersOf, type Estimator, labelsOf, postTransform } from './estimators.ts';
import { type Attributes, type Columns, floats, type TableMaker } from './table-maker.ts';

const THRESHOLDS = HOSTILE.filter((value) => !Number.isNaN(value));

interface TreeParts {
  readonly columns: Columns;
  readonly targets: number;
  /** Which targets a leaf may write to. */
  readonly written: readonly number[];
  readonly isFull: boolean;
}

function tree(maker: TableMaker, parts: TreeParts, depth: number): TreeSpec {
  const { choices } = maker;
  if (depth === 0 || choices.once(5)) {
    const written = parts.written.filter(() => parts.isFull || !choices.once(4));
    const weights = maker.eighths(written.length);
    return { leaf: Object.fromEntries(written.map((target, k) => [target, weights[k]!])) };
  }
  const { unit, width } = parts.columns;
  return {
    mode: choices.pick(MODES),
    feature: choices.upTo(width - 1),
    threshold: Math.fround(choices.once(3) ? choices.pick(THRESHOLDS) : maker.noise(1, 1.5 * unit)[0]!),
    missing: choices.once(2),
    whenTrue: tree(maker, parts, depth - 1),
    whenFalse: tree(maker, parts, depth - 1),
  };
}

function forest(
  maker: TableMaker,
  columns: Columns,
  targets: number,
  written: readonly number[],
): TreeSpec[] {
  const isFull = written.length === 1 || !maker.choices.once(4);
  const parts = { columns, targets, written, isFull };
  return Array.from({ length: maker.choices.pick([1, 2, 4, 8]) }, () => {
    return tree(maker, parts, 1 + maker.choices.upTo(2));
  });
}

const all = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

const treeClassifier: Estimator = (maker, columns) => {
  const { choices } = maker;
  const classes = choices.pick([2, 3, 4]);
  const labels = labelsOf(maker, classes, 'classlabels_int64s');
  const written = classes === 2 ? choices.pick([[0, 1], [0], [1]]) : all(classes);
  const base = choices.pick([0, classes, classes === 2 ? 1 : 0]);
  const attributes: Attributes = {
    ...ensembleAttributes(forest(maker, columns, classes, written), 'class'),
    ...(base > 0 && { base_values: floats(maker.eighths(base)) }),
    ...postTransform(maker),
    ...labels,
  };
  return answersOf(maker.learned('TreeEnsembleClassifier', [columns.name], attributes, 1), labels);
};

const treeRegressor: Estimator = (maker, columns) => {
  const { choices } = maker;
  const targets = choices.pick([1, 2, 3]);
  const attributes: Attributes = {
    ...ensembleAttributes(forest(maker, columns, targets, all(targets)), 'target'),
    n_targets: targets,
    aggregate_function: choices.pick(['SUM', 'AVERAGE', 'MIN', 'MAX']),
    ...(choices.once(3) && { base_values: floats(maker.eighths(targets)) }),
    ...postTransform(maker),
  };
  const name = maker.learned('TreeEnsembleRegressor', [columns.name], attributes);
  return [{ name, kind: 'numbers' }];
};

/** Branches and leaves of a tree as TreeEnsemble lists them, with tests of membership among the others. */
const treeEnsemble: Estimator = (maker, columns) => {
  const { choices } = maker;
  const targets = choices.pick([1, 2]);
  const list = new MemberWriter(maker, columns, targets);
  const roots = Array.from({ length: choices.pick([1, 2, 4]) }, () => list.branch(1 + choices.upTo(1)));
  const name = maker.learned('TreeEnsemble', [columns.name], {
    ...list.attributes(),
    ...{ n_targets: targets, tree_roots: roots, aggregate_function: choices.pick([1, 0, 2, 3]) },
    post_transform: choices.once(3) ? choices.upTo(4) : 0,
  });
  return [{ name, kind: 'numbers' }];
};

class MemberWriter {
  readonly #maker: TableMaker;
  readonly #columns: Columns;
  readonly #targets: number;
  readonly #branches: { mode: number; split: number; feature: number; missing: number; next: Child[] }[] = [];
  readonly #leaves: { target: number; weight: number }[] = [];
  readonly #sets = new Map<number, readonly number[]>();

  constructor(maker: TableMaker, columns: Columns, targets: number) {
    this.#maker = maker;
    this.#columns = columns;
    this.#targets = targets;
  }

  branch(depth: number): number {
    const { choices } = this.#maker;
    const { unit, width } = this.#columns;
    const at = this.#branches.length;
    const mode = choices.upTo(6);
    if (mode === MEMBER) this.#sets.set(at, choices.pick([[1, 3], [0], [-1, 7], [2, 3, 40]]));
    const threshold = choices.once(3) ? choices.pick(THRESHOLDS) : this.#maker.noise(1, 1.5 * unit)[0]!;
    const next: Child[] = [];
    this.#branches.push({
      ...{ mode, split: mode === MEMBER ? 0 : Math.fround(threshold), feature: choices.upTo(width - 1) },
      ...{ missing: choices.upTo(1), next },
    });
    for (let side = 0; side < 2; side += 1) {
      const isLeaf = depth <= 1 || choices.once(3);
      next.push({ isLeaf: isLeaf ? 1 : 0, at: isLeaf ? this.#leaf() : this.branch(depth - 1) });
    }
    return at;
  }

  #leaf(): number {
    const target = this.#maker.choices.upTo(this.#targets - 1);
    return this.#leaves.push({ target, weight: this.#maker.eighths(1)[0]! }) - 1;
  }

  attributes(): Attributes {
    const side = (k: number, own: keyof Child) => this.#branches.map(({ next }) => next[k]![own]);
    const members = [...this.#sets].sort(([a], [b]) => a - b).map(([, set]) => set);
    const joined = members.flatMap((set, k) => (k === 0 ? set : [Number.NaN, ...set]));
    return {
      nodes_modes: { tensor: this.#branches.map(({ mode }) => mode), type: 2 },
      nodes_splits: { tensor: this.#branches.map(({ split }) => split), type: 1 },
      nodes_featureids: this.#branches.map(({ feature }) => feature),
      nodes_missing_value_tracks_true: this.#branches.map(({ missing }) => missing),
      nodes_truenodeids: side(0, 'at'),
      nodes_falsenodeids: side(1, 'at'),
      nodes_trueleafs: side(0, 'isLeaf'),
      nodes_falseleafs: side(1, 'isLeaf'),
      leaf_targetids: this.#leaves.map(({ target }) => target),
      leaf_weights: { tensor: this.#leaves.map(({ weight }) => weight), type: 1 },
      ...(joined.length > 0 && { membership_values: { tensor: joined, type: 1 } as const }),
    };
  }
}

const MEMBER = 6;

interface Child {
  readonly isLeaf: 0 | 1;
  readonly at: number;
}

/** The first is the simplest. */
export const TREE_ESTIMATORS: readonly Estimator[] = [treeRegressor, treeClassifier, treeEnsemble];
