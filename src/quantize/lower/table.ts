import { roundV2 as nearest } from '@quietproof/verify';
import type { ActivationNode } from '../../graph/float-graph.ts';
import type { Tabulated, TabulatedFacts } from '../../graph/functions/tabulated.ts';
import { tabulatedFacts } from '../../graph/functions/tabulated-facts.ts';
import { EXACT_LIMIT, tooWide } from '../../integer/bounds.ts';
import type { Table } from '../../integer/integer-graph.ts';
import { piecewise, piecewiseCost, wholeCost } from '../../integer/piecewise.ts';
import { MOST_TABLE_BITS } from '../../integer/table.ts';
import { argumentOf, isCentred, isSignOnly, type TableWindow } from '../table-window.ts';
import { type Aligned, type LoweringContext, largestOf } from './context.ts';
import { type Segmented, segmented } from './segments.ts';

/** A function that is looked up: the bits of the activation are those of the table's index. */
export function lowerTable(
  node: ActivationNode,
  fn: Tabulated,
  context: LoweringContext,
  { ids, scales }: Aligned,
): void {
  const { name, origin, count } = node;
  const facts = tabulatedFacts(fn);
  const wanted = context.widthsOf(name).activations + (facts.moreBits ?? 0);
  const bits = isSignOnly(facts) ? 2 : Math.min(wanted, MOST_TABLE_BITS);
  const scale = largestOf(scales);
  const window = context.source.window(node, scale, bits);
  if (!(Math.abs(window.offset) < EXACT_LIMIT)) throw tooWide(name);
  const { entries, scale: outScale } = cheapestTable(fn, window, scale, bits, context.finerCosts.get(name)!);
  const order = Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
  const source = Int32Array.from(order, (i) => ids[i]!);
  const { first } = context.push<Table>(
    { op: 'table', name, origin, count, source, ...window, entries },
    new Float64Array(count).fill(outScale),
  );
  for (const [rank, i] of order.entries()) context.map(node.first + i, first + rank, outScale);
}

/** The entries of a function as integers, and their scale. */
export interface TableEntries {
  readonly entries: Float64Array;
  readonly scale: number;
}

/** Entries have at most so many bits, so that sums of them times weights stay exact. */
const MOST_ENTRY_BITS = 24;

/** The cost of rounded entries that are more is estimated, which saves time. */
const EXACTLY_PRICED = 2 ** 11;

/** By function of a graph: its tables. The search for widths asks for the same ones many times. */
const KNOWN = new WeakMap<Tabulated, Map<string, TableEntries>>();

/**
 * Entries that are rounded, or those of segments in finer steps (segments.ts), whichever costs less. Either way each is
 * at most half a step of the rounded ones from the function at the middle of the arguments that share it.
 *
 * @param scale of the integer arguments
 * @param bits of the index
 * @param finerCost constraints that each halving of the steps costs, per output
 */
export function cheapestTable(
  fn: Tabulated,
  window: TableWindow,
  scale: number,
  bits: number,
  finerCost: number,
): TableEntries {
  const known = KNOWN.get(fn) ?? new Map<string, TableEntries>();
  KNOWN.set(fn, known);
  // The same arguments in other steps have the same entries.
  const step = scale * 2 ** window.shift;
  const key = [argumentOf(window, 0) * scale, step, isCentred(window, bits), bits, finerCost].join(' ');
  const table = known.get(key) ?? chosenTable(tabulatedFacts(fn), window, { scale, bits, finerCost });
  known.set(key, table);
  return table;
}

/** The lower half of a symmetric table follows from the upper one, so that rounding cannot break the symmetry. */
function chosenTable(
  facts: TabulatedFacts,
  window: TableWindow,
  { scale, bits, finerCost }: { scale: number; bits: number; finerCost: number },
): TableEntries {
  const isHalved = isCentred(window, bits) && facts.symmetry !== 'none';
  const from = isHalved ? 2 ** (bits - 1) : 0;
  const values = Float64Array.from({ length: 2 ** bits - from }, (_, i) =>
    facts.apply(argumentOf(window, from + i) * scale),
  );
  fillGaps(values);
  const outScale = scaleOf(facts, values, scale * 2 ** window.shift, bits);
  const inSteps = values.map((value) => value / outScale);
  const rounded = inSteps.map((value) => nearest(value) + 0);
  const own = bySegments(facts, inSteps, { outScale, finerCost, bits, rounded }) ?? {
    entries: rounded,
    finer: 0,
  };
  if (!isHalved) return { entries: own.entries, scale: outScale / 2 ** own.finer };
  const entries = new Float64Array(2 ** bits);
  entries.set(own.entries, from);
  mirror(facts, entries, outScale / 2 ** own.finer, 2 ** own.finer);
  return { entries, scale: outScale / 2 ** own.finer };
}

/** Entries by segments, if they cost less than the rounded ones. Whole numbers stay what they are. */
function bySegments(
  { range, outputs }: TabulatedFacts,
  values: Float64Array,
  { outScale, finerCost, bits, rounded }: Rounded,
): Pick<Segmented, 'entries' | 'finer'> | undefined {
  if (outputs === 'whole') return undefined;
  const limit =
    values.length > EXACTLY_PRICED ? wholeCost(Math.log2(values.length)) : piecewiseCost(piecewise(rounded));
  const mostFiner = Math.max(0, MOST_ENTRY_BITS - bits);
  const samples = { values, lo: range.min / outScale, hi: range.max / outScale };
  return segmented(samples, { finerCost, mostFiner, limit });
}

interface Rounded {
  readonly outScale: number;
  readonly finerCost: number;
  readonly bits: number;
  readonly rounded: Float64Array;
}

/** Where the function has no finite value, an entry has the nearest one. Windows reach such arguments only at their ends. */
function fillGaps(values: Float64Array): void {
  const isKnown = (i: number) => Number.isFinite(values[i]!);
  const known = Array.from(values.keys()).filter(isKnown);
  const distance = (i: number) => (best: number, k: number) =>
    Math.abs(k - i) < Math.abs(best - i) ? k : best;
  values.forEach((_, i) => {
    if (!isKnown(i)) values[i] = known.length === 0 ? 0 : values[known.reduce(distance(i))]!;
  });
}

/** The scale of the entries: see `TabulatedFacts.outputs`. */
function scaleOf(
  { outputs, range }: TabulatedFacts,
  values: Float64Array,
  step: number,
  bits: number,
): number {
  switch (outputs) {
    case 'steps':
      return step / 2;
    case 'whole':
      return 1;
    case 'bounded':
      return powerFor(Math.max(-range.min, range.max), range.min < 0 ? bits - 1 : bits);
    case 'free': {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return powerFor(largest, values.some((value) => value < 0) ? bits - 1 : bits);
    }
  }
}

/** The smallest power of two in whose steps a magnitude has at most so many bits. */
function powerFor(magnitude: number, bits: number): number {
  if (magnitude === 0) return 1;
  let power = 1;
  while (magnitude / power > 2 ** bits) power *= 2;
  while (magnitude / (power / 2) <= 2 ** bits) power /= 2;
  return power;
}

/** Replaces the lower half by what the upper half and the symmetry say. @param unit steps of entries per rounded one */
function mirror(
  { symmetry, outputs }: TabulatedFacts,
  entries: Float64Array,
  scale: number,
  unit: number,
): void {
  if (symmetry === 'none') return;
  const half = entries.length / 2;
  for (let j = 0; j < half; j += 1) {
    const upper = entries[half + j]!;
    if (symmetry === 'even') entries[half - 1 - j] = upper;
    // x = (j + ½) steps, in halves of a step.
    else if (symmetry === 'half-slope' && outputs === 'steps')
      entries[half - 1 - j] = upper - (2 * j + 1) * unit;
    else if (symmetry !== 'half-slope') entries[half - 1 - j] = symmetry.sum / scale - upper;
  }
}
