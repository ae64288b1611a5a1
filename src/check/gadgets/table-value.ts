import { type Bilinear, topBit, withoutTop } from '../../integer/bilinear.ts';
import type { Lookup } from '../../integer/table-form.ts';
import type { SmallForm } from '../linear-form.ts';
import type { LookupCase } from './table-case.ts';

/**
 * Whether the polynomial and the mirror give the table: by evaluation at every index, from the coefficients alone.
 *
 * @param expected the entry at an index of the polynomial, and where the sign is 1
 */
export function givesEntries(
  { values, mirror, kind }: Lookup,
  expected: (index: number) => { readonly upper: number; readonly lower: number },
): boolean {
  const { lowBits, highBits, coefficients } = values;
  const count = 2 ** (lowBits + highBits);
  if (coefficients.length !== count) return false;
  for (let index = 0; index < count; index += 1) {
    let value = 0;
    for (let mask = 0; mask < count; mask += 1) {
      if ((index & mask) === mask) value += coefficients[mask]!;
    }
    const { upper, lower } = expected(index);
    if (value !== upper) return false;
    if (kind === 'direct') continue;
    const d = mirror.constant + mirror.slope * index + mirror.factor * value;
    if (value - d !== lower || (!mirror.varies && d !== mirror.least)) return false;
  }
  return true;
}

/** A sum of wires with weights; wire 0 is the constant 1. A wire may occur more than once. */
export type Terms = readonly (readonly [wire: number, weight: number])[];

/** Replaces what a form of the walk holds. */
export function load(form: SmallForm, ...sums: readonly Terms[]): SmallForm {
  form.clear();
  for (const terms of sums) for (const [wire, weight] of terms) form.add(wire, weight);
  return form;
}

export function scaled(terms: Terms, factor: number): Terms {
  return terms.map(([wire, weight]) => [wire, weight * factor]);
}

/** P; `last` is a product that no row is matched for yet, since the output's own row may be it. */
export interface MatchedPolynomial {
  readonly value: Terms;
  readonly last: { readonly high: number; readonly factor: Terms } | undefined;
}

/**
 * Pattern "polynomial": m_L and m_H by one row for each bit after the first, product = m_H · (A_H − least), and
 * P = A_0 + Σ_H (least · m_H + product).
 *
 * Lemma "polynomial". The bits are boolean, so a row monomial = (smaller monomial) · bit makes a monomial the product of
 * its bits, and product = m_H · (A_H − least) for whatever number stands for `least`. So P = Σ_H m_H · A_H =
 * Σ_{H,L} c[H][L]·m_H·m_L, which is Σ c over the masks that the index contains. That sum is the entry (`givesEntries`). ∎
 * Products of booleans and sums with constant coefficients: it holds in the field as it does over the integers.
 * Satisfiable: each row defines one wire.
 *
 * @param bits the wires of the index
 * @param keepsLast whether the last product is left to the output's row
 * @returns undefined after reporting a problem
 */
export function matchPolynomial(
  own: LookupCase,
  bits: readonly number[],
  keepsLast: boolean,
): MatchedPolynomial | undefined {
  const { walk, where, form } = own;
  const { lowBits, highBits, lowMonomials, highMonomials, products, least } = form.values;
  const low = matchMonomials(own, lowMonomials, bits.slice(0, lowBits));
  const high = low && matchMonomials(own, highMonomials, bits.slice(lowBits));
  if (low === undefined || high === undefined) return undefined;
  const value: (readonly [number, number])[] = [];
  let last: MatchedPolynomial['last'];
  for (let H = 0; H < 2 ** highBits; H += 1) {
    const terms = factorTerms(form.values, H, low);
    const highWire = H === 0 ? 0 : high.get(H);
    if (terms === undefined || (highWire === undefined && terms.length > 0)) {
      walk.fail('correspondence', where, `a factor reads a monomial that is not there`);
      return undefined;
    }
    const isSum = H === 0 || terms.every(([wire]) => wire === 0);
    if (H === 0) value.push(...terms);
    else if (isSum) value.push(...terms.map(([, weight]) => [highWire!, weight] as const));
    else {
      value.push([highWire!, least[H]!]);
      const factor: Terms = [...terms, [0, -least[H]!]];
      if (keepsLast && H === products.at(-1)) {
        last = { high: highWire!, factor };
        continue;
      }
      const out = matchProduct(own, 'product', [[highWire!, 1]], factor);
      if (out === undefined) return undefined;
      value.push([out, 1]);
    }
  }
  return { value, last };
}

/** The wires of monomials by mask: of one bit, and of these masks. */
function matchMonomials(
  own: LookupCase,
  masks: readonly number[],
  bits: readonly number[],
): ReadonlyMap<number, number> | undefined {
  const wires = new Map(bits.map((bit, k) => [2 ** k, bit]));
  for (const mask of masks) {
    const smaller = wires.get(withoutTop(mask));
    const bit = bits[topBit(mask)];
    if (smaller === undefined || bit === undefined || wires.has(mask)) {
      own.walk.fail('correspondence', own.where, `monomial ${mask} is built from one that is not there`);
      return undefined;
    }
    const out = matchProduct(own, 'monomial', [[smaller, 1]], [[bit, 1]]);
    if (out === undefined) return undefined;
    wires.set(mask, out);
  }
  return wires;
}

/** Matches the row wire = left · right of an auxiliary, and claims the wire. */
export function matchProduct(
  { walk, aux, id, where }: LookupCase,
  name: 'guard' | 'monomial' | 'product' | 'mirror',
  left: Terms,
  right: Terms,
): number | undefined {
  const out = walk.wireOf(aux.whole(name), id);
  load(walk.left, left);
  load(walk.right, right);
  return walk.product(out, walk.sum.clear(), `${where}, ${name}`) ? out : undefined;
}

/** A_H over wires; undefined if it reads a monomial that is not there. */
function factorTerms(
  { lowBits, coefficients }: Bilinear,
  H: number,
  low: ReadonlyMap<number, number>,
): Terms | undefined {
  const terms: (readonly [number, number])[] = [];
  for (let L = 0; L < 2 ** lowBits; L += 1) {
    const weight = coefficients[H * 2 ** lowBits + L]!;
    if (weight === 0) continue;
    const wire = L === 0 ? 0 : low.get(L);
    if (wire === undefined) return undefined;
    terms.push([wire, weight]);
  }
  return terms;
}
