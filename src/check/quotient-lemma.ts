import { SCALAR_FIELD } from '../field/bn254.ts';
import type { Term } from './constraint-system.ts';
import type { Unknowns } from './uniqueness-lemmas.ts';

/** The bits that a division determines: lowest first. */
export interface Quotient {
  readonly quotient: readonly number[];
  readonly remainder: readonly number[];
  /** The row that holds the remainder below the divisor. */
  readonly slackRow: number;
}

/** Σ unit·2^k·wires[k] */
interface Digits {
  readonly unit: bigint;
  readonly wires: readonly number[];
}

/**
 * Lemma "quotient". Let q, r and s be sums Σ 2^k·b_k over disjoint sets of unknown boolean wires, of Q, G and S bits, and
 * let a row read q·D + r = N and another one r + s = D − 1 (up to constant factors), where D and N are expressions of known
 * wires, and Q + max(G, S) + 2 ≤ 252. Then there is one value for each bit of q and r.
 *
 * Proof. As integers, r + s + 1 is in [1, 2^(max(G, S)+1)), so it is the residue of D: all solutions have the same integer
 * D = r + s + 1, and 0 ≤ r < D. Two solutions have (q − q′)·D ≡ r′ − r (mod p), and |(q − q′)·D + r − r′| <
 * 2^(Q + max(G, S) + 2) < p, so the two sides are equal. |r′ − r| < D then leaves q = q′ and r = r′, and binary digits are
 * unique. ∎
 *
 * The sides of a row q·D = N − r whose D is constant are merged into one sum, Σ 2^k·D·b_k + r = N. Which bits are those of
 * the remainder is then read off the other row.
 */
export function quotientLemma(unknowns: Unknowns, row: number): Quotient | undefined {
  const { system, known, boolean } = unknowns;
  const [a, b, c] = system.matrices.map((matrix) => system.terms(matrix, row)) as [Term[], Term[], Term[]];
  const isOpen = ({ wire }: Term) => known[wire] === 0;
  if ([a, b, c].some((side) => side.some((term) => isOpen(term) && boolean[term.wire] === 0)))
    return undefined;
  const isLinear = a.length === 0 || b.length === 0;
  if (!isLinear && a.some(isOpen) === b.some(isOpen)) return undefined;
  const [digitSide, divisor] = isLinear ? [c, undefined] : a.some(isOpen) ? [a, b] : [b, a];
  const found = c.filter(isOpen);
  for (const slackRow of rowsOf(unknowns, found)) {
    if (slackRow === row) continue;
    const slack = openSum(unknowns, slackRow);
    if (slack === undefined) continue;
    const inSlack = new Set(slack.map(({ wire }) => wire));
    const remainder = digitsOf(found.filter(({ wire }) => inSlack.has(wire)));
    const quotient = digitsOf(digitSide.filter((term) => isOpen(term) && !inSlack.has(term.wire)));
    if (remainder === undefined || quotient === undefined) continue;
    // In a product, every open wire of the right side belongs to the remainder.
    if (!isLinear && remainder.wires.length !== found.length) continue;
    if (!isLinear && digitSide.filter(isOpen).length !== quotient.wires.length) continue;
    const form = divisorForm(quotient.unit, remainder.unit, divisor);
    if (holdsBelow(unknowns, slackRow, slack, remainder, form, quotient.wires.length))
      return { quotient: quotient.wires, remainder: remainder.wires, slackRow };
  }
  return undefined;
}

/** Rows, once each, that read the first of these wires. */
function rowsOf({ system }: Unknowns, terms: readonly Term[]): Set<number> {
  const rows = new Set<number>();
  for (const { wire } of terms) {
    for (let at = system.start[wire]!; at < system.start[wire + 1]!; at += 1) rows.add(system.rows[at]!);
  }
  return rows;
}

/** The unknown terms of a row 0 = C, if all are boolean. */
function openSum({ system, known, boolean }: Unknowns, row: number): Term[] | undefined {
  const [a, b, c] = system.matrices;
  if (a.rowStart[row] !== a.rowStart[row + 1] && b.rowStart[row] !== b.rowStart[row + 1]) return undefined;
  const open = system.terms(c, row).filter(({ wire }) => known[wire] === 0);
  return open.every(({ wire }) => boolean[wire] !== 0) ? open : undefined;
}

/** Terms as Σ unit·2^k·wire; undefined if they are not that, or there are none. */
function digitsOf(terms: readonly Term[]): Digits | undefined {
  const size = (value: bigint) => (value < 0n ? -value : value);
  const sorted = terms.toSorted((x, y) =>
    size(x.value) < size(y.value) ? -1 : size(x.value) > size(y.value) ? 1 : 0,
  );
  const [first] = sorted;
  if (first === undefined) return undefined;
  const fits = sorted.every(({ value }, k) => value === first.value << BigInt(k));
  return fits ? { unit: first.value, wires: sorted.map(({ wire }) => wire) } : undefined;
}

/**
 * D times the unit of the remainder: a row (q-unit·q)·(divisor) = r-unit·r + … is q·D + r = N with
 * D = −(q-unit/r-unit)·divisor; a row 0 = q-unit·q + r-unit·r + … has D = q-unit/r-unit.
 */
function divisorForm(
  quotientUnit: bigint,
  remainderUnit: bigint,
  divisor: readonly Term[] | undefined,
): { readonly unit: bigint; readonly terms: readonly Term[] } {
  if (divisor === undefined) return { unit: remainderUnit, terms: [{ wire: 0, value: quotientUnit }] };
  const terms = divisor.map(({ wire, value }) => ({ wire, value: -quotientUnit * value }));
  return { unit: remainderUnit, terms };
}

/** Whether the slack row reads r + s = D − 1, and no sum can wrap. */
function holdsBelow(
  { system, known }: Unknowns,
  slackRow: number,
  open: readonly Term[],
  remainder: Digits,
  divisor: { readonly unit: bigint; readonly terms: readonly Term[] },
  quotientBits: number,
): boolean {
  const isRemainder = new Set(remainder.wires);
  const own = digitsOf(open.filter(({ wire }) => isRemainder.has(wire)));
  const slack = digitsOf(open.filter(({ wire }) => !isRemainder.has(wire)));
  if (own === undefined || slack === undefined || own.unit !== slack.unit) return false;
  if (own.wires.some((wire, k) => wire !== remainder.wires[k])) return false;
  if (quotientBits + Math.max(own.wires.length, slack.wires.length) + 2 > 252) return false;
  // unit·(r + s) + K = 0 must be r + s = D − 1: K + unit·(D − 1) = 0, term by term, times the divisor's unit.
  const total = new Map<number, bigint>();
  const add = (wire: number, value: bigint) => total.set(wire, (total.get(wire) ?? 0n) + value);
  for (const { wire, value } of system.terms(system.matrices[2], slackRow)) {
    if (known[wire] === 1) add(wire, value * divisor.unit);
  }
  for (const { wire, value } of divisor.terms) add(wire, value * own.unit);
  add(0, -own.unit * divisor.unit);
  return Array.from(total.values()).every((value) => value % SCALAR_FIELD === 0n);
}
