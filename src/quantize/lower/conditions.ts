import type { FloatGraph, TreesNode } from '../../graph/float-graph.ts';
import { ZERO } from '../../graph/float-graph.ts';
import { featuresRead, passesTest, type TreeBranch } from '../../graph/tree.ts';
import type { IntegerLinear, IntegerNode, Thermometer } from '../../integer/integer-graph.ts';
import type { ValueMap } from '../value-map.ts';
import { branchesReading, type Compared, type CutSum, cutSum } from './cuts.ts';

/** Where a branch leads: always the same way, or as a value says that is 0 or 1; `isInverted`: where 0 passes the test. */
export type Condition = boolean | { readonly id: number; readonly isInverted: boolean };

/** What comparisons are appended to. */
export interface ComparisonContext {
  readonly values: ValueMap;
  compared(floatId: number): NamedValue;
  push<N extends IntegerNode>(node: Omit<N, 'first' | 'scale'>, scales: Float64Array): N;
}

/**
 * The comparisons of all trees of a graph. Each value that trees compare has one thermometer, with the cuts of all trees, so
 * that a comparison is there once however many nodes make it.
 */
export class Conditions {
  readonly #graph: FloatGraph;
  readonly #context: ComparisonContext;
  /** By float id, and then by test. */
  readonly #known = new Map<number, ReadonlyMap<string, Condition>>();

  constructor(graph: FloatGraph, context: ComparisonContext) {
    this.#graph = graph;
    this.#context = context;
  }

  /** Appends the comparisons of a node's features, in order. */
  prepare({ source, trees }: TreesNode): void {
    const ids = new Set(featuresRead(trees).map((feature) => source[feature]!));
    for (const id of Array.from(ids).sort((a, b) => a - b)) {
      if (!this.#isConstant(id) && !this.#known.has(id)) this.#known.set(id, this.#lowered(id));
    }
  }

  /** @param node prepared */
  of({ source }: TreesNode, branch: TreeBranch): Condition {
    const id = source[branch.feature]!;
    if (this.#isConstant(id)) return passesTest(branch, Math.fround(this.#context.values.offset(id)));
    return this.#known.get(id)!.get(testOf(branch))!;
  }

  /** Whatever is the same for every input has no integer. */
  #isConstant(floatId: number): boolean {
    return floatId === ZERO || this.#context.values.isConstant(floatId);
  }

  /** Appends the thermometer of a value, and the sums that its tests are. */
  #lowered(floatId: number): ReadonlyMap<string, Condition> {
    const compared = this.#context.compared(floatId);
    const sums = new Map(
      branchesReading(this.#graph, floatId).map((branch) => [testOf(branch), cutSum(branch, compared)]),
    );
    const cuts = [...new Set([...sums.values()].flatMap(({ weights }) => [...weights.keys()]))];
    if (cuts.length === 0) return new Map([...sums].map(([test, { constant }]) => [test, constant === 1]));
    const wires = this.#thermometer(compared, cuts);
    return this.#tests(compared, sums, wires);
  }

  /** @returns the id of each cut's output */
  #thermometer({ name, integerId }: NamedValue, unordered: readonly number[]): ReadonlyMap<number, number> {
    const cuts = Float64Array.from(unordered).sort();
    const { first } = this.#context.push<Thermometer>(
      { op: 'thermometer', name: `${name}/cuts`, origin: [], count: cuts.length, source: integerId, cuts },
      new Float64Array(cuts.length).fill(1),
    );
    return new Map(Array.from(cuts, (cut, k) => [cut, first + k]));
  }

  /** A test of one cut is the cut's output or the opposite; any other is a sum of outputs, and the sums are one layer. */
  #tests(
    { name }: NamedValue,
    sums: ReadonlyMap<string, CutSum>,
    wires: ReadonlyMap<number, number>,
  ): ReadonlyMap<string, Condition> {
    const found = new Map<string, Condition>();
    const others = new Map<string, CutSum>();
    for (const [test, sum] of sums) {
      const simple = simpleCondition(sum, wires);
      if (simple === undefined) others.set(test, sum);
      else found.set(test, simple);
    }
    if (others.size === 0) return found;
    const first = this.#sums(`${name}/tests`, [...others.values()], wires);
    for (const [k, test] of [...others.keys()].entries())
      found.set(test, { id: first + k, isInverted: false });
    return found;
  }

  /** @returns the id of the first sum */
  #sums(name: string, sums: readonly CutSum[], wires: ReadonlyMap<number, number>): number {
    const { first } = this.#context.push<IntegerLinear>(
      {
        ...{ op: 'linear', name, origin: [], count: sums.length, diagonals: [] },
        blocks: sums.map(({ weights }) => ({
          ...{ rows: 1, positions: 1, taps: weights.size },
          weights: Float64Array.from(weights.values()),
          gather: Int32Array.from(weights.keys(), (cut) => wires.get(cut)!),
        })),
        bias: Float64Array.from(sums, ({ constant }) => constant),
      },
      new Float64Array(sums.length).fill(1),
    );
    return first;
  }
}

/** A value that trees compare, by its integer. */
export interface NamedValue extends Compared {
  readonly name: string;
  readonly integerId: number;
}

function simpleCondition(
  { constant, weights }: CutSum,
  wires: ReadonlyMap<number, number>,
): Condition | undefined {
  const [one, ...more] = weights;
  if (one === undefined) return constant === 1;
  if (more.length > 0) return undefined;
  const [cut, weight] = one;
  return { id: wires.get(cut)!, isInverted: weight < 0 };
}

/** The same text for tests that the same values pass. */
function testOf({ passes, missingPasses }: TreeBranch): string {
  return `${passes.map(({ low, high }) => `${low} ${high}`).join()}${missingPasses ? ' missing' : ''}`;
}
