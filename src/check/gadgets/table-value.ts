import { type Bilinear, topBit, withoutTop } from '../../integer/bilinear.ts';
import type { Piecewise } from '../../integer/piecewise.ts';
import type { Lookup } from '../../integer/table-form.ts';
import type { SmallForm } from '../linear-form.ts';
import type { LookupCase } from './table-case.ts';

/** Numbers up to this are exact in doubles, and far below r: what is computed with them does not wrap. */
const EXACT = 2 ** 52;

/**
 * Whether the segments and the mirror give the table: by evaluation at every index, from the coefficients alone. Not if a
 * number on the way could leave the exact range, where a product would wrap.
 *
 * @param expected the entry at an index of the polynomial, and where the sign is 1
 */
export function givesEntries(
  { values, mirror, kind }: Lookup,
  expected: (index: number) => { readonly upper: number; readonly lower: number },
): boolean {
  const { fine, lowBits, highBits, parts } = values;
  const segments = 2 ** (lowBits + highBits);
  const length = 2 ** fine;
  if (!parts.every(({ coefficients }) => coefficients.length === segments)) return false;
  if (parts.length === 0 || !(magnitude(values) < EXACT)) return false;
  const bySegment = parts.map(({ coefficients }) => valuesOf(coefficients));
  for (let index = 0; index < segments * length; index += 1) {
    const at = Math.floor(index / length);
    const value = bySegment.reduceRight((sum, own) => sum * (index % length) + own[at]!, 0);
    const { upper, lower } = expected(index);
    if (value !== upper) return false;
    if (kind === 'direct') continue;
    const d = mirror.constant + mirror.slope * index + mirror.factor * value;
    if (value - d !== lower || (!mirror.varies && d !== mirror.least)) return false;
  }
  return true;
}

/** No number of Horner's scheme is larger, whatever the order of its sums. */
function magnitude({ fine, parts }: Piecewise): number {
  return parts.reduce(
    (sum, { coefficients }, k) => sum + coefficients.reduce((a, b) => a + Math.abs(b), 0) * 2 ** (fine * k),
    0,
  );
}

/** The sum of the coefficients over the masks that each number contains: one bit after the other. */
function valuesOf(coefficients: Float64Array): Float64Array {
  const values = Float64Array.from(coefficients);
  for (let bit = 1; bit < values.length; bit *= 2) {
    for (let i = 0; i < values.length; i += 1) if ((i & bit) !== 0) values[i]! += values[i - bit]!;
  }
  return values;
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
  readonly last: OpenProduct | undefined;
}

interface OpenProduct {
  readonly left: Terms;
  readonly right: Terms;
}

/**
 * Pattern "polynomial": m_L and m_H by one row for each bit of the segment after the first; for each part, product =
 * m_H · (A_H − least) and P_k = A_0 + Σ_H (least · m_H + product); then, with x the rest, the number of the bits below the
 * segment's, product = x · (Q − least) and Q' = P_k + least · x + product, from Q = P_g of the highest degree on.
 *
 * Lemma "polynomial". The bits are boolean, so a row monomial = (smaller monomial) · bit makes a monomial the product of
 * its bits, and product = m_H · (A_H − least) for whatever number stands for `least`. So P_k = Σ_H m_H · A_H =
 * Σ_{H,L} c[H][L]·m_H·m_L, which is Σ c over the masks that the segment contains. In the same way Q' = P_k + x · Q, so the
 * last one is P_0 + x · (P_1 + …): Horner's scheme. That number is the entry (`givesEntries`). ∎
 * Products and sums with constant coefficients: it holds in the field as it does over the integers, in which no number on
 * the way reaches 2^52 (`givesEntries`). Satisfiable: each row defines one wire.
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
  const { fine, lowBits, lowMonomials, highMonomials, parts, leasts } = own.form.values;
  const low = matchMonomials(own, lowMonomials, bits.slice(fine, fine + lowBits));
  const high = low && matchMonomials(own, highMonomials, bits.slice(fine + lowBits));
  if (low === undefined || high === undefined) return undefined;
  const monomials = { low, high };
  const rest = bits.slice(0, fine).map((bit, k): Terms[number] => [bit, 2 ** k]);
  // From the highest degree down, as the template does.
  const matched: MatchedPolynomial[] = [];
  for (let k = parts.length - 1; k >= 0; k -= 1) {
    const part = matchPart(own, parts[k]!, monomials, keepsLast && parts.length === 1);
    if (part === undefined) return undefined;
    matched.push(part);
  }
  let { value, last } = matched[0]!;
  for (let k = parts.length - 1; k > 0; k -= 1) {
    const least = leasts[k]!;
    const factor: Terms = [...value, [0, -least]];
    const others: Terms = [...matched[parts.length - k]!.value, ...scaled(rest, least)];
    if (keepsLast && k === 1) return { value: others, last: { left: rest, right: factor } };
    const out = matchProduct(own, 'product', rest, factor);
    if (out === undefined) return undefined;
    [value, last] = [[...others, [out, 1]], undefined];
  }
  return { value, last };
}

interface Monomials {
  readonly low: ReadonlyMap<number, number>;
  readonly high: ReadonlyMap<number, number>;
}

/** P_k from the monomials. @param keepsLast whether the last product is left to the output's row */
function matchPart(
  own: LookupCase,
  part: Bilinear,
  { low, high }: Monomials,
  keepsLast: boolean,
): MatchedPolynomial | undefined {
  const { walk, where } = own;
  const { highBits, products, least } = part;
  const value: (readonly [number, number])[] = [];
  let last: OpenProduct | undefined;
  for (let H = 0; H < 2 ** highBits; H += 1) {
    const terms = factorTerms(part, H, low);
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
        last = { left: [[highWire!, 1]], right: factor };
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
