import type { FloatGraph, FloatNode } from '../graph/float-graph.ts';
import { sourcesOf } from '../graph/use.ts';
import type { FeatureRange } from './feature-range.ts';
import type { RankedFeatures } from './input-encoding.ts';

export interface RankingOptions {
  /** By feature: what a card declares. A step asks for a grid, which is cheaper. */
  readonly declared?: readonly (FeatureRange | undefined)[];
  /** Whether the user asks for grids of so many bits. */
  readonly grids?: boolean;
}

/** Integers of few values are coded as they are, which takes fewer bits than their rank. */
const MOST_PLACES = 2 ** 16 - 1;

/**
 * The features that are coded by category, which are texts, and by rank: those that only trees read, and beside them those
 * that nothing reads. Trees compare float32 numbers, and ranks have the same order, so nothing is rounded. NaN has a rank if
 * some tree knows where missing values go, unless the feature is an integer or some reader of it has no answer for NaN.
 *
 * @returns empty for a model without texts and without such trees
 */
export function rankedFeatures(
  graph: FloatGraph,
  { declared = [], grids = false }: RankingOptions,
): RankedFeatures {
  const ranked = grids ? [] : byRank(graph, declared);
  return (
    graph.categories?.map((own, id) => (own === undefined ? ranked[id] : { kind: 'category', ...own })) ??
    ranked
  );
}

function byRank(graph: FloatGraph, declared: readonly (FeatureRange | undefined)[]): RankedFeatures {
  const { count } = graph.input;
  const isCompared = new Uint8Array(count);
  const isComputedWith = new Uint8Array(count);
  const note = (readers: Uint8Array, ids: Int32Array) => {
    for (const id of ids) if (id >= 0 && id < count) readers[id] = 1;
  };
  for (const node of graph.nodes) {
    for (const ids of sourcesOf(node)) note(node.op === 'trees' ? isCompared : isComputedWith, ids);
  }
  for (const { values } of graph.outputs) note(isComputedWith, values);
  const values = graph.input.parts.flatMap((part) => Array.from({ length: part.count }, () => part.values));
  const isIndex = (id: number) => {
    const own = values[id];
    return own?.kind === 'integer' && own.max - own.min <= MOST_PLACES;
  };
  const isText = (id: number) => graph.categories?.[id] !== undefined;
  const isCoded = (id: number) => isIndex(id) || isText(id);
  const isRanked = (id: number) =>
    isComputedWith[id] === 0 && declared[id]?.step === undefined && !isCoded(id);
  if (!isCompared.some((compared, id) => compared === 1 && isRanked(id))) return [];
  const present = presentFeatures(graph);
  const mayBeMissing = (id: number) => values[id]!.kind === 'real' && !present.has(id);
  const isKnown = graph.nodes.some((node) =>
    knowsMissing(node, (id) => id < count && isRanked(id) && mayBeMissing(id)),
  );
  return Array.from({ length: count }, (_, id) => {
    if (!isRanked(id)) return undefined;
    return { kind: 'rank32', nan: isKnown && mayBeMissing(id) ? 'coded' : 'refused' };
  });
}

/** The features of which some reader has no answer where they are missing. */
function presentFeatures({ nodes, input }: FloatGraph): ReadonlySet<number> {
  const read = nodes.flatMap((node) =>
    node.op === 'trees' && node.refusesMissing === true ? Array.from(node.source) : [],
  );
  return new Set(read.filter((id) => id >= 0 && id < input.count));
}

/** Whether a test of an input that is ranked sends missing values where numbers may go. */
function knowsMissing(node: FloatNode, isRanked: (id: number) => boolean): boolean {
  if (node.op !== 'trees') return false;
  const isInput = (id: number) => id >= 0 && isRanked(id);
  return node.trees.some(({ branches }) =>
    branches.some(({ feature, missingPasses }) => missingPasses && isInput(node.source[feature]!)),
  );
}
