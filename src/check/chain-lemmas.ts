import { SCALAR_FIELD } from '../field/bn254.ts';
import type { Chains } from './chain-wires.ts';
import type { Unknowns } from './uniqueness-lemmas.ts';

/** The wire of the constant 1. */
const ONE_WIRE = 0;

/** What is known of chains beside what lemmas about single rows read. `boolean` includes the wires of chains. */
export interface ChainUnknowns extends Unknowns {
  readonly chains: Chains;
}

/** A linear row 0 = Σ coefficient · wire, by wire, signed. */
type Row = ReadonlyMap<number, bigint>;

/**
 * Lemma "ones". Let the unknown wires of a linear row be a chain s_1 … s_K from its first wire on, with integer
 * coefficients u_j > 0 (or all < 0) that add up to less than r in magnitude. The row leaves one value for each of them.
 *
 * Proof. Their values are m ones and then zeros, so they add Σ_{j≤m} u_j to the row. These sums are strictly monotone in
 * m and differ by less than r, so at most one m satisfies the row. ∎
 *
 * @returns the wires in the order of the chain
 */
export function onesLemma(unknowns: ChainUnknowns, row: number): readonly number[] {
  const terms = linearRow(unknowns, row);
  if (terms === undefined) return [];
  const unknown = Array.from(terms.keys()).filter((wire) => unknowns.known[wire] === 0);
  const chain = chainOrder(unknowns, unknown);
  if (chain === undefined) return [];
  const weights = chain.map((wire) => terms.get(wire)!);
  const isOneSigned = weights.every((u) => u > 0n) || weights.every((u) => u < 0n);
  return isOneSigned && magnitude(weights) < SCALAR_FIELD ? chain : [];
}

export interface Tied {
  /** The second row. */
  readonly other: number;
  /** The wires of the chain, in its order. */
  readonly wires: readonly number[];
}

/**
 * Lemma "thermometer". Let the unknown wires that two linear rows share be a chain s_1 … s_K from its first wire on, and
 * all other unknown wires of the rows be 0 or 1. With a factor −1 where it is needed, let the rows read
 *   A + Σ u_j·s_j + (known) = 0, with A = Σ α_i·a_i and all α_i > 0, every u_j > 0;
 *   B + Σ v_j·s_j + (known) = 0, with B = Σ β_i·b_i and all β_i > 0,
 * in integers that stand for the coefficients. Let the known parts add up to a constant κ, whatever the known wires are,
 * and let W(m) = −κ − Σ_{j≤m} (u_j + v_j). If u_{m+1} > W(m) for all m from 0 to K − 1, and
 * Σ α + Σ β + Σ u + |W(m)| < r for all m, the rows leave one value for each s_j.
 *
 * Proof. Consider two solutions with m < m' ones that agree on the known wires. The first rows of the two differ by
 * A − A' ≡ u_{m+1} + … + u_{m'}. Both sides are integers that differ by less than r, so A ≥ u_{m+1} > W(m). The rows of the
 * first solution add up to A + B ≡ W(m), again with a difference below r, so A + B = W(m), and since B ≥ 0, A ≤ W(m).
 * Contradiction. ∎
 *
 * A thermometer has A = x − T_m, B = T_{m+1} − 1 − x, u_{m+1} = T_{m+1} − T_m and W(m) = u_{m+1} − 1. The digits of A and B
 * then follow by lemma "digits".
 */
export function thermometerLemma(unknowns: ChainUnknowns, row: number): Tied | undefined {
  const terms = linearRow(unknowns, row);
  if (terms === undefined) return undefined;
  for (const other of rowsBeside(unknowns, row, terms)) {
    const others = linearRow(unknowns, other);
    if (others === undefined) continue;
    const wires = tiedWires(unknowns, terms, others);
    if (wires !== undefined) return { other, wires };
  }
  return undefined;
}

/** The terms of a row without a product whose unknown wires are all 0 or 1; undefined for any other. */
function linearRow({ system, known, boolean }: ChainUnknowns, row: number): Row | undefined {
  const [a, b, c] = system.matrices;
  if (a.rowStart[row] !== a.rowStart[row + 1] && b.rowStart[row] !== b.rowStart[row + 1]) return undefined;
  for (let at = c.rowStart[row]!; at < c.rowStart[row + 1]!; at += 1) {
    if (known[c.wire[at]!] === 0 && boolean[c.wire[at]!] === 0) return undefined;
  }
  return new Map(system.terms(c, row).map(({ wire, value }) => [wire, value]));
}

/** Linear rows that share an unknown wire with a row. */
function rowsBeside({ system, known }: ChainUnknowns, row: number, terms: Row): Set<number> {
  const { start, rows, matrices } = system;
  const [a, b] = matrices;
  const found = new Set<number>();
  for (const wire of terms.keys()) {
    if (known[wire] === 1) continue;
    for (let at = start[wire]!; at < start[wire + 1]!; at += 1) {
      const own = rows[at]!;
      const isLinear = a.rowStart[own] === a.rowStart[own + 1] || b.rowStart[own] === b.rowStart[own + 1];
      if (own !== row && isLinear) found.add(own);
    }
  }
  return found;
}

/** The chain, if every premise of lemma "thermometer" holds with these as the first and the second row. */
function tiedWires(unknowns: ChainUnknowns, first: Row, second: Row): readonly number[] | undefined {
  const { known } = unknowns;
  const unknown = Array.from(first.keys()).filter((wire) => known[wire] === 0);
  const chain = chainOrder(
    unknowns,
    unknown.filter((wire) => second.has(wire)),
  );
  if (chain === undefined) return undefined;
  const isShared = new Set(chain);
  const [low, high] = [first, second].map((row) => normalised(unknowns, row, isShared));
  if (low === undefined || high === undefined) return undefined;
  if (!cancels(unknowns, low.row, high.row)) return undefined;
  const constant = (low.row.get(ONE_WIRE) ?? 0n) + (high.row.get(ONE_WIRE) ?? 0n);
  const u = chain.map((wire) => low.row.get(wire)!);
  const v = chain.map((wire) => high.row.get(wire)!);
  let width = -constant;
  let widest = magnitude([width]);
  for (let m = 0; m < chain.length; m += 1) {
    if (!(u[m]! > 0n && u[m]! > width)) return undefined;
    width -= u[m]! + v[m]!;
    widest = magnitude([width]) > widest ? magnitude([width]) : widest;
  }
  return low.digits + high.digits + magnitude(u) + widest < SCALAR_FIELD ? chain : undefined;
}

/** A row with the sign that makes the coefficients of its own unknown wires positive, and the sum of these. */
function normalised(
  { known }: ChainUnknowns,
  row: Row,
  isShared: ReadonlySet<number>,
): { readonly row: Row; readonly digits: bigint } | undefined {
  const own = Array.from(row).filter(([wire]) => known[wire] === 0 && !isShared.has(wire));
  const [sample] = own;
  if (sample === undefined) return undefined;
  const sign = sample[1] > 0n ? 1n : -1n;
  if (!own.every(([, value]) => sign * value > 0n)) return undefined;
  const signed = new Map(Array.from(row, ([wire, value]) => [wire, sign * value]));
  return { row: signed, digits: magnitude(own.map(([, value]) => value)) };
}

/** Whether the known wires, the constant apart, have opposite coefficients in the two rows. */
function cancels({ known }: ChainUnknowns, first: Row, second: Row): boolean {
  for (const wire of new Set([...first.keys(), ...second.keys()])) {
    if (known[wire] === 0 || wire === ONE_WIRE) continue;
    if (((first.get(wire) ?? 0n) + (second.get(wire) ?? 0n)) % SCALAR_FIELD !== 0n) return false;
  }
  return true;
}

/** The wires in the order of a chain that starts with one that a row of its own makes boolean; undefined if they are none. */
function chainOrder({ chains }: ChainUnknowns, wires: readonly number[]): readonly number[] | undefined {
  if (wires.length === 0) return undefined;
  const own = new Set(wires);
  const after = new Map<number, number>();
  for (const wire of wires) {
    const before = chains.before[wire]!;
    if (before === 0) continue;
    if (!own.has(before) || after.has(before)) return undefined;
    after.set(before, wire);
  }
  const order: number[] = [];
  const [first, ...others] = wires.filter((wire) => chains.before[wire] === 0);
  if (first === undefined || others.length > 0) return undefined;
  for (let wire: number | undefined = first; wire !== undefined; wire = after.get(wire)) order.push(wire);
  return order.length === wires.length ? order : undefined;
}

function magnitude(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + (value < 0n ? -value : value), 0n);
}
