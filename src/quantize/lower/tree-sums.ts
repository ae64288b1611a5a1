import { ZERO } from '../../graph/float-graph.ts';
import type { IntegerLinear, Select, TreeLeaves } from '../../integer/integer-graph.ts';
import type { LoweringContext } from './context.ts';
import type { FoldedTree } from './fold-trees.ts';
import { type TreeValue, withOperands } from './tree-values.ts';

/** A sum of integers: Σ weight · value(id) + constant. */
export interface TreeSum {
  readonly weights: Map<number, number>;
  constant: number;
  /** Whether it reads conditions or leaves, which circuits may expand: they may have no wire of their own. */
  isExpanded: boolean;
}

export const emptySum = (): TreeSum => ({ weights: new Map(), constant: 0, isExpanded: false });

function addTerm({ weights }: TreeSum, id: number, weight: number): void {
  weights.set(id, (weights.get(id) ?? 0) + weight);
}

/** The layers of one ensemble: its leaves, its choices between them, and indicators of leaves. */
export class TreeLayers {
  readonly #context: LoweringContext;
  readonly #name: string;
  readonly #step: number;
  readonly #ids = new Map<TreeValue, number>();

  constructor(context: LoweringContext, name: string, step: number) {
    this.#context = context;
    this.#name = name;
    this.#step = step;
  }

  /** Appends what these values are computed from, and the values of `wanted`, so that `idOf` knows them. */
  append(values: readonly TreeValue[], wanted: readonly TreeValue[] = []): void {
    const all = withOperands([...values, ...wanted]);
    const selects = [...all].filter((value) => value.kind === 'select');
    const read = new Set([...selects.flatMap(({ whenTrue, whenFalse }) => [whenTrue, whenFalse]), ...wanted]);
    this.#leaves([...all].filter((value) => value.kind !== 'select').filter((value) => read.has(value)));
    const highest = selects.reduce((most, { height }) => Math.max(most, height), 0);
    for (let height = 1; height <= highest; height += 1) {
      this.#selects(
        height,
        selects.filter((own) => own.height === height),
      );
    }
  }

  idOf(value: TreeValue): number {
    return this.#ids.get(value)!;
  }

  /** Adds a value that was appended to a sum; constants and choices of two constants need no wire. */
  addTo(sum: TreeSum, value: TreeValue): void {
    switch (value.kind) {
      case 'constant':
        sum.constant += value.value;
        break;
      case 'pair':
        sum.isExpanded = true;
        sum.constant += value.whenFalse;
        addTerm(sum, value.condition, value.whenTrue - value.whenFalse);
        break;
      case 'select':
        addTerm(sum, this.idOf(value), 1);
        break;
    }
  }

  /** Appends indicators of a tree's leaves, and adds each leaf's weights to the sums of the targets. */
  addLeaves(tree: FoldedTree, index: number, sums: ReadonlyMap<number, TreeSum>): void {
    const { branches, leaves } = flatten(tree);
    const { first } = this.#context.push<TreeLeaves>(
      {
        ...{ op: 'tree-leaves', name: `${this.#name}/tree ${index}`, origin: [], count: leaves.length },
        condition: Int32Array.from(branches, ({ condition }) => condition),
        whenTrue: Int32Array.from(branches, ({ whenTrue }) => whenTrue),
        whenFalse: Int32Array.from(branches, ({ whenFalse }) => whenFalse),
      },
      new Float64Array(leaves.length).fill(1),
    );
    for (const [target, sum] of sums) {
      sum.isExpanded = true;
      leaves.forEach((weights, leaf) => {
        if (weights[target] !== 0) addTerm(sum, first + leaf, weights[target]!);
      });
    }
  }

  /** One layer of constants, and of choices of two constants: sums that cost nothing. */
  #leaves(values: readonly Exclude<TreeValue, { kind: 'select' }>[]): void {
    if (values.length === 0) return;
    const isPair = (value: TreeValue) => value.kind === 'pair';
    const { first } = this.#context.push<IntegerLinear>(
      {
        ...{ op: 'linear', name: `${this.#name}/leaves`, origin: [], count: values.length, blocks: [] },
        diagonals: values.some(isPair)
          ? [
              {
                weights: Float64Array.from(values, (own) =>
                  own.kind === 'pair' ? own.whenTrue - own.whenFalse : 0,
                ),
                source: Int32Array.from(values, (own) => (own.kind === 'pair' ? own.condition : ZERO)),
              },
            ]
          : [],
        bias: Float64Array.from(values, (own) => (own.kind === 'pair' ? own.whenFalse : own.value)),
      },
      new Float64Array(values.length).fill(this.#step),
    );
    values.forEach((value, k) => {
      this.#ids.set(value, first + k);
    });
  }

  #selects(height: number, values: readonly Extract<TreeValue, { kind: 'select' }>[]): void {
    const { first } = this.#context.push<Select>(
      {
        ...{ op: 'select', name: `${this.#name}/select ${height}`, origin: [], count: values.length },
        condition: Int32Array.from(values, ({ condition }) => condition),
        whenTrue: Int32Array.from(values, ({ whenTrue }) => this.idOf(whenTrue)),
        whenFalse: Int32Array.from(values, ({ whenFalse }) => this.idOf(whenFalse)),
      },
      new Float64Array(values.length).fill(this.#step),
    );
    values.forEach((value, k) => {
      this.#ids.set(value, first + k);
    });
  }
}

interface FlatTree {
  readonly branches: readonly { condition: number; whenTrue: number; whenFalse: number }[];
  /** The weights of each leaf. */
  readonly leaves: readonly Float64Array[];
}

/** Numbers the branches from the root and the leaves, −1 − l for leaf l, with a copy of a sub-tree for each parent. */
function flatten(root: FoldedTree): FlatTree {
  const branches: { condition: number; whenTrue: number; whenFalse: number }[] = [];
  const leaves: Float64Array[] = [];
  const queue: { tree: FoldedTree; place: (at: number) => void }[] = [{ tree: root, place: () => {} }];
  for (const { tree, place } of queue) {
    if (tree.kind === 'leaf') {
      leaves.push(tree.weights);
      place(-leaves.length);
      continue;
    }
    const own = { condition: tree.condition, whenTrue: 0, whenFalse: 0 };
    branches.push(own);
    place(branches.length - 1);
    queue.push(
      { tree: tree.whenTrue, place: (at) => (own.whenTrue = at) },
      { tree: tree.whenFalse, place: (at) => (own.whenFalse = at) },
    );
  }
  return { branches, leaves };
}
