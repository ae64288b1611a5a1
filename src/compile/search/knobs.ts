import type { FloatGraph, FloatNode } from '../../graph/float-graph.ts';
import { type BitWidths, DEFAULT_BITS, type LayerWidths } from '../../quantize/bit-widths.ts';
import type { RankedFeatures } from '../../quantize/input-encoding.ts';
import { leafBounds } from '../../quantize/leaf-bound.ts';
import { loweringOf } from '../../quantize/lower/node-lowerings.ts';

/** One width that the search chooses. Without a layer: that of all layers. */
export interface Knob {
  readonly part: 'input' | 'weights' | 'activations';
  readonly layer?: string;
  /** Whether values of it are looked up: a table costs the more per bit the wider it is. */
  readonly isLookedUp?: true;
}

/** One width per knob, in bits. */
export type Allocation = readonly number[];

/** With more layers than this, all layers share two widths: every knob costs a few runs of the sample. */
const MAX_KNOBS = 48;

/**
 * The input, then the weights of each linear layer and the values of each that rounds, in the graph's order. None for
 * constants, and for trees that compare ranks: nothing of them is rounded that has a width.
 */
export function knobsOf(graph: FloatGraph, ranked: RankedFeatures = []): readonly Knob[] {
  const { nodes, input } = graph;
  const bounds = leafBounds(graph, ranked);
  const isExact = ({ first, count }: FloatNode) =>
    bounds.subarray(first, first + count).every((bound) => bound < Infinity);
  const own = nodes.flatMap((node): Knob[] => {
    const { searched } = loweringOf(node);
    if (searched === 'none' || isExact(node) || isConstant(node)) return [];
    return [{ part: searched, layer: node.name, ...(isLookedUp(node) && { isLookedUp: true }) }];
  });
  const isRanked = ranked.length === input.count && !ranked.includes(undefined);
  const all: readonly Knob[] = isRanked ? [] : [{ part: 'input' }];
  if (own.length < MAX_KNOBS) return [...all, ...own];
  const shared = nodes.some(isLookedUp) ? ({ isLookedUp: true } as const) : {};
  return [...all, { part: 'weights' }, { part: 'activations', ...shared }];
}

function isLookedUp(node: FloatNode): boolean {
  return 'fn' in node && node.fn.kind === 'tabulated';
}

/** Whether a node yields its biases, whatever its weights' width. */
function isConstant(node: FloatNode): boolean {
  if (node.op !== 'linear') return false;
  return [...node.blocks, ...node.diagonals].every(({ weights }) => weights.every((weight) => weight === 0));
}

/**
 * The widths of an allocation. Layers without a knob (alignments) have the widest of their part, so that nothing is lost
 * between layers.
 */
export function widthsOf(knobs: readonly Knob[], allocation: Allocation): BitWidths {
  const bitsOf = (part: Knob['part']) => allocation.filter((_, k) => knobs[k]!.part === part);
  const widest = (part: Knob['part']) => bitsOf(part).reduce((a, b) => Math.max(a, b), 0);
  const [own] = bitsOf('input');
  // A model without activations, say, has whatever width its weights have; one without knobs has any.
  const weights = widest('weights') || widest('activations') || own || DEFAULT_BITS;
  const activations = widest('activations') || weights;
  const shared = { input: own ?? weights, weights, activations };
  const layers = knobs.flatMap(({ part, layer }, k): LayerWidths[] => {
    const bits = allocation[k]!;
    return layer === undefined || part === 'input' || bits === shared[part] ? [] : [{ layer, [part]: bits }];
  });
  return { ...shared, ...(layers.length > 0 && { layers }) };
}
