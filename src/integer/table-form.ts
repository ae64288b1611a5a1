import { type Bounds, bitLength, lowerBound, signedBits, upperBound } from './bounds.ts';
import type { Range } from './contest.ts';
import type { Table } from './integer-graph.ts';
import { type Piecewise, piecewise, piecewiseCost, productsOf } from './piecewise.ts';

/**
 * How the circuit looks up one value (circuits/table.circom). Each output gets the cheapest form that its table and the
 * proved range of its source allow.
 */
export type TableForm = ConstantEntry | Lookup;

/** All indices that the range reaches have one entry: wire = 0. */
export interface ConstantEntry {
  readonly kind: 'constant';
  readonly lo: number;
  readonly hi: number;
}

/**
 * v is decomposed into `bits` bits b_k. Bits S to S + i − 1 are the index of `values` (piecewise.ts). Above these,
 * `guards` bits are 0 unless the index is beyond the table.
 *
 * - direct: v = source + offset. If `isSigned`, v + 2^(bits−1) is decomposed instead, so that the top bit is
 *   [source + offset ≥ 0].
 * - mirrored: with a = source + offset (the offset puts the middle of the table at 0) and sign = [a < 0], v is a, or
 *   −1 − a if a < 0. `values` are the entries of the upper half; entries at the same distance below the middle are these
 *   less D = mirror.constant + mirror.slope · index + mirror.factor · value.
 */
export interface Lookup {
  readonly kind: 'direct' | 'mirrored';
  readonly lo: number;
  readonly hi: number;
  readonly bits: number;
  readonly offset: number;
  readonly isSigned: boolean;
  readonly guards: number;
  readonly values: Piecewise;
  /** The output beyond the table: `base`, plus `slope` where the sign (direct: the top bit) is 1. */
  readonly beyond: { readonly base: number; readonly slope: number };
  readonly mirror: Mirror;
}

/** D, of which the part above its least value is multiplied by the sign. */
export interface Mirror {
  readonly constant: number;
  readonly slope: number;
  readonly factor: number;
  readonly least: number;
  /** Whether D takes more than one value. */
  readonly varies: boolean;
}

const NO_MIRROR: Mirror = { constant: 0, slope: 0, factor: 0, least: 0, varies: false };

/** The forms of a node's outputs. Outputs with the same range share one object. */
export function tableForms(node: Table, bounds: Bounds): TableForm[] {
  const known = new Map<string, TableForm>();
  return Array.from(node.source, (id) => {
    const [lo, hi] = [lowerBound(bounds, id), upperBound(bounds, id)];
    const key = `${lo} ${hi}`;
    const form = known.get(key) ?? tableForm(node, lo, hi);
    known.set(key, form);
    return form;
  });
}

/** Index of the entry for a value of the source. */
export function indexOf({ shift, offset, entries }: Table, source: number): number {
  return Math.min(Math.max(Math.floor((source + offset) / 2 ** shift), 0), entries.length - 1);
}

/** @param lo the proved range of the source @param hi its end */
export function tableForm(node: Table, lo: number, hi: number): TableForm {
  const range = rangeOf(node.entries, indexOf(node, lo), indexOf(node, hi));
  if (range.lo === range.hi) return { kind: 'constant', ...range };
  const direct = directForm(node, lo + node.offset, hi + node.offset);
  const mirrored = mirroredForm(node, lo, hi);
  const best = mirrored !== undefined && formCost(mirrored) < formCost(direct) ? mirrored : direct;
  return { ...best, ...range };
}

/** Entries of which the range is kept, so that a table of 2^16 is not read for each output. */
const BLOCK = 256;

/** By entries: the ranges of its blocks. */
const BLOCKS = new WeakMap<Float64Array, readonly Range[]>();

function rangeOf(entries: Float64Array, from: number, to: number): Range {
  const blocks = BLOCKS.get(entries) ?? blocksOf(entries);
  BLOCKS.set(entries, blocks);
  let [lo, hi] = [Infinity, -Infinity];
  for (let index = from; index <= to; ) {
    const isWhole = index % BLOCK === 0 && index + BLOCK <= to + 1;
    const own = isWhole ? blocks[index / BLOCK]! : { lo: entries[index]!, hi: entries[index]! };
    lo = Math.min(lo, own.lo);
    hi = Math.max(hi, own.hi);
    index += isWhole ? BLOCK : 1;
  }
  return { lo, hi };
}

function blocksOf(entries: Float64Array): Range[] {
  return Array.from({ length: Math.ceil(entries.length / BLOCK) }, (_, k) => {
    const own = entries.subarray(k * BLOCK, (k + 1) * BLOCK);
    return { lo: own.reduce((a, b) => Math.min(a, b)), hi: own.reduce((a, b) => Math.max(a, b)) };
  });
}

type Unranged = Omit<Lookup, 'lo' | 'hi'>;

interface Halves {
  readonly values: Piecewise;
  /** Undefined if the lower half does not follow from the upper one. */
  readonly mirror: Mirror | undefined;
}

/** By entries: what all ranges have in common that reach as many of them. It takes time, and tables are read often. */
const KNOWN = new WeakMap<Float64Array, Map<string, Halves>>();

function halvesOf(entries: Float64Array, kind: Lookup['kind'], indexBits: number): Halves {
  const known = KNOWN.get(entries) ?? new Map<string, Halves>();
  KNOWN.set(entries, known);
  const key = `${kind} ${indexBits}`;
  const halves = known.get(key) ?? derivedHalves(entries, kind, 2 ** indexBits);
  known.set(key, halves);
  return halves;
}

function derivedHalves(entries: Float64Array, kind: Lookup['kind'], count: number): Halves {
  if (kind === 'direct') return { values: piecewise(entries.slice(0, count)), mirror: NO_MIRROR };
  const half = entries.length / 2;
  const upper = entries.slice(half, half + count);
  const mirror = mirrorOf(
    upper,
    upper.map((_, j) => entries[half - 1 - j]!),
  );
  return { values: piecewise(upper), mirror };
}

/** The table's first entry is at v = 0. */
function directForm({ entries, shift, offset }: Table, vLo: number, vHi: number): Unranged {
  const isSigned = vLo < 0;
  const tableBits = Math.log2(entries.length);
  const reach = bitLength(vHi);
  const indexBits = Math.min(reach - shift, tableBits);
  const bits = isSigned ? signedBits(vLo, vHi) : reach;
  const guards = reach - shift - indexBits;
  const [first, last] = [entries[0]!, entries.at(-1)!];
  return {
    kind: 'direct',
    ...{ bits, isSigned, guards, mirror: NO_MIRROR },
    offset: offset + (isSigned ? 2 ** (bits - 1) : 0),
    values: halvesOf(entries, 'direct', indexBits).values,
    beyond: isSigned ? { base: first, slope: guards > 0 ? last - first : 0 } : { base: last, slope: 0 },
  };
}

/** undefined if the table has no such form, or only one side of its middle is reached. */
function mirroredForm({ entries, shift, offset }: Table, lo: number, hi: number): Unranged | undefined {
  const half = entries.length / 2;
  const centred = offset - half * 2 ** shift;
  if (half < 1 || lo + centred >= 0 || hi + centred < 0) return undefined;
  const bits = Math.max(bitLength(Math.max(hi + centred, -1 - lo - centred)), 1);
  const indexBits = Math.min(Math.max(bits - shift, 0), Math.log2(half));
  const guards = Math.max(bits - shift - indexBits, 0);
  const { values, mirror } = halvesOf(entries, 'mirrored', indexBits);
  if (mirror === undefined) return undefined;
  const [last, lowest] = [entries[half + 2 ** indexBits - 1]!, entries[half - 2 ** indexBits]!];
  return {
    kind: 'mirrored',
    ...{ bits, offset: centred, isSigned: false, guards, mirror },
    values,
    beyond: { base: last, slope: lowest - last },
  };
}

/** upper − lower as a function that the circuit already has: linear in the index, or 2 · upper − constant (odd). */
function mirrorOf(upper: Float64Array, lower: Float64Array): Mirror | undefined {
  const differences = upper.map((value, j) => value - lower[j]!);
  const least = differences.reduce((a, b) => Math.min(a, b));
  const varies = differences.some((d) => d !== least);
  const [constant, second] = [differences[0]!, differences[1] ?? differences[0]!];
  const slope = second - constant;
  if (differences.every((d, j) => d === constant + slope * j)) {
    return { constant, slope, factor: 0, least, varies };
  }
  const sum = upper[0]! + lower[0]!;
  if (upper.every((value, j) => value + lower[j]! === sum)) {
    return { constant: -sum, slope: 0, factor: 2, least, varies };
  }
  return undefined;
}

/** How the output is computed at last: which row defines it. */
export type LastRow = 'guarded' | 'mirrored' | 'product' | 'sum';

export function lastRow(form: Unranged): LastRow {
  if (factorCount(form) > 0) return 'guarded';
  if (form.mirror.varies) return 'mirrored';
  return productsOf(form.values) > 0 ? 'product' : 'sum';
}

/** How many booleans say that the index is within the table: the guards, and the top bit of a signed number. */
export function factorCount({ guards, isSigned }: Pick<Lookup, 'guards' | 'isSigned'>): number {
  return guards + (isSigned ? 1 : 0);
}

/** Constraints, the output's own counted as one. */
function formCost(form: Unranged): number {
  const last = lastRow(form);
  return (
    form.bits +
    (form.kind === 'mirrored' ? 2 : 1) +
    Math.max(factorCount(form) - 1, 0) +
    piecewiseCost(form.values) +
    (form.mirror.varies ? 1 : 0) +
    (last === 'guarded' || last === 'sum' ? 1 : 0)
  );
}
