import type { FloatGraph, FloatNode, TreesNode } from '../graph/float-graph.ts';
import { countValues, sourcesOf } from '../graph/use.ts';

/**
 * By feature: whether it may be missing, because a choice replaces it wherever anything but a tree computes with it. Any other
 * use of a missing value makes the file's answer NaN, so that a row without it is refused. Integers are never missing.
 */
export function gappedFeatures(graph: FloatGraph): readonly boolean[] {
  const { count } = graph.input;
  const tests = missingTests(graph);
  const gapped = new Array<boolean>(count).fill(false);
  if (tests.size === 0) return gapped;
  const isReal = graph.input.parts.flatMap((part) => new Array(part.count).fill(part.values.kind === 'real'));
  const spread = new Spread(countValues(graph), tests);
  for (const feature of new Set(tests.values())) spread.start(feature);
  for (const node of graph.nodes) spread.through(node, count);
  for (const feature of tests.values()) gapped[feature] = isReal[feature]!;
  for (const { values } of graph.outputs)
    for (const id of values) for (const feature of spread.at(id)) gapped[feature] = false;
  for (const feature of spread.refused) gapped[feature] = false;
  return gapped;
}

/** By id of a value that is 1 where a feature is missing and else 0: the feature. */
function missingTests({ nodes, input }: FloatGraph): ReadonlyMap<number, number> {
  const tests = new Map<number, number>();
  for (const node of nodes) {
    const feature = node.op === 'trees' ? testedFeature(node) : undefined;
    if (feature !== undefined && feature < input.count) tests.set(node.first, feature);
  }
  return tests;
}

/** What a node tests for being missing, if that is all it does. */
function testedFeature({ count, trees, source, base, aggregate }: TreesNode): number | undefined {
  const [{ branches, leaves }, ...others] = trees as [TreesNode['trees'][number]];
  const [branch] = branches;
  if (count !== 1 || others.length > 0 || branches.length !== 1 || aggregate !== 'sum' || base[0] !== 0)
    return undefined;
  const { feature, passes, missingPasses, whenTrue, whenFalse } = branch!;
  const isIndicator = leaves[~whenTrue]![0]?.weight === 1 && leaves[~whenFalse]!.length === 0;
  return passes.length === 0 && missingPasses && isIndicator ? source[feature] : undefined;
}

const NOTHING: ReadonlySet<number> = new Set();

/** By value: the features of which it is NaN, or would be, if they are missing. */
class Spread {
  /** Features that some reader refuses where they are missing. */
  readonly refused = new Set<number>();
  readonly #features: (ReadonlySet<number> | undefined)[];
  readonly #tests: ReadonlyMap<number, number>;

  constructor(count: number, tests: ReadonlyMap<number, number>) {
    this.#features = new Array<ReadonlySet<number> | undefined>(count);
    this.#tests = tests;
  }

  at(id: number): ReadonlySet<number> {
    return (id >= 0 ? this.#features[id] : undefined) ?? NOTHING;
  }

  start(feature: number): void {
    this.#features[feature] = new Set([feature]);
  }

  /** @param inputs of the graph */
  through(node: FloatNode, inputs: number): void {
    if (node.op === 'trees' && node.refusesMissing === true)
      for (const id of node.source) for (const feature of this.at(id)) this.refused.add(feature);
    for (let i = 0; i < node.count; i += 1) {
      const own = this.#of(node, i, inputs);
      if (own.size > 0) this.#features[node.first + i] = own;
    }
  }

  #of(node: FloatNode, i: number, inputs: number): ReadonlySet<number> {
    switch (node.op) {
      case 'select': {
        const replaced = this.#tests.get(node.condition[i]!);
        const kept = [...this.at(node.whenFalse[i]!)].filter((feature) => feature !== replaced);
        return this.#union([node.condition[i]!, node.whenTrue[i]!], kept);
      }
      case 'trees':
        // A tree knows where a missing input goes, but not a value that is computed from it.
        return this.#union(Array.from(node.source).filter((id) => id >= inputs));
      case 'linear': {
        const own = node.diagonals.flatMap(({ weights, source }) => (weights[i] === 0 ? [] : [source[i]!]));
        return this.#union([...own, ...termsOf(node.blocks, i)]);
      }
      case 'activation':
        return this.at(node.source[i]!);
      default:
        return this.#union(sourcesOf(node).flatMap((ids) => Array.from(ids)));
    }
  }

  #union(ids: readonly number[], more: readonly number[] = []): ReadonlySet<number> {
    const sets = ids.map((id) => this.at(id)).filter(({ size }) => size > 0);
    if (sets.length === 0 && more.length === 0) return NOTHING;
    return new Set([...more, ...sets.flatMap((set) => [...set])]);
  }
}

/** What an output of a linear node's blocks reads. */
function termsOf(blocks: Extract<FloatNode, { op: 'linear' }>['blocks'], i: number): number[] {
  let first = 0;
  for (const { rows, positions, taps, gather } of blocks) {
    const at = i - first;
    first += rows * positions;
    if (at < 0 || i >= first) continue;
    const position = at % positions;
    return Array.from(gather.subarray(position * taps, (position + 1) * taps));
  }
  return [];
}
