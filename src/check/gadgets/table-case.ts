import type { Table } from '../../integer/integer-graph.ts';
import type { table } from '../../integer/table.ts';
import type { Lookup } from '../../integer/table-form.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { SmallForm } from '../linear-form.ts';
import type { Walk } from '../walk.ts';

/** One output of a table node that is looked up, with the compiler's form: a hint, whose every premise is checked. */
export interface LookupCase {
  readonly walk: Walk;
  readonly node: Table;
  readonly where: string;
  readonly id: number;
  readonly source: number;
  readonly aux: AuxiliaryCursor<typeof table.auxiliaries>;
  readonly form: Lookup;
  /** The proved range of the source. */
  readonly acc: { readonly lo: number; readonly hi: number };
  readonly indexBits: number;
}

/** The wires of the decomposition. `sign` is that of a mirrored form, or the top bit of a signed number; else 0. */
export interface IndexWires {
  readonly bits: readonly number[];
  readonly sign: number;
}

/** An entry of the table, where the index is beyond its ends too. */
export function entryAt({ entries }: Table, index: number): number {
  return entries[index < 0 ? 0 : Math.min(index, entries.length - 1)]!;
}

/**
 * Whether the numbers of the form are those of a lookup. With w = source + node.offset and i = indexBits:
 *
 * Direct: v = w ≥ 0, or v = w + 2^(N−1) if signed, so that the top bit is s = [w ≥ 0]; 0 ≤ v < 2^N. Where w ≥ 0,
 * w < 2^(S+i+guards), so the index ⌊w / 2^S⌋ is below 2^i exactly if the guards, bits S + i … of v, are 0.
 * Mirrored: with a = w − half·2^S, half the number of upper entries, −2^N ≤ a < 2^N and N ≤ S + i + guards, and v is a or
 * −1 − a; ⌊v / 2^S⌋ is the distance of the index from the middle: half + it, or half − 1 − it where a < 0. It is below
 * 2^i exactly if the guards are 0.
 *
 * If there are guards, the 2^i values are all of the table (or of its upper half), so beyond them are its ends.
 */
export function isLookup({ node, form, acc, indexBits }: LookupCase): boolean {
  const { kind, bits, guards, isSigned, offset, beyond } = form;
  const { entries, shift } = node;
  const half = entries.length / 2;
  const isMirrored = kind === 'mirrored';
  const [top, unit, all] = [2 ** bits, 2 ** shift, isMirrored ? half : entries.length];
  const reach = shift + indexBits + guards;
  const used = (guards > 0 ? reach : shift + indexBits) + (isSigned ? 1 : 0);
  const fits = bits <= 52 && Number.isInteger(guards) && guards >= 0 && indexBits >= 0;
  const places = (used <= bits || indexBits + guards === 0) && 2 ** indexBits <= all;
  const isWhole = guards === 0 || 2 ** indexBits === all;
  const lo = acc.lo + offset;
  const hi = acc.hi + offset;
  const [first, last] = [entries[0]!, entries.at(-1)!];
  if (!fits || !places || !isWhole || !Number.isInteger(half)) return false;
  if (isMirrored) {
    const ends = beyond.base === last && beyond.base + beyond.slope === first;
    const holds = lo >= -top && hi < top && bits <= reach && !isSigned;
    return holds && offset === node.offset - half * unit && (guards === 0 || ends);
  }
  const below = beyond.base === first;
  const above = guards === 0 || beyond.base + (isSigned ? beyond.slope : 0) === last;
  const holds = lo >= 0 && hi < top && acc.hi + node.offset < 2 ** reach;
  return holds && offset === node.offset + (isSigned ? top / 2 : 0) && above && (!isSigned || below);
}

/**
 * Lemma "bits" for the sign and the magnitude of a number: left · (1 − 2σ) = Σ 2^k·b_k + σ, and σ and all b_k boolean.
 *
 * Lemma "magnitude". If −2^N ≤ a < 2^N in all witnesses with inputs in range, and N ≤ 52, the rows force σ = [a < 0] and
 * b_k to be bit k of a, or of −1 − a where a < 0. Proof: σ = 0 gives Σ 2^k·b_k ≡ a, and σ = 1 gives Σ 2^k·b_k ≡ −1 − a.
 * Both sides are integers of magnitude at most 2^N, far below r, so they are equal; the left one is not negative, so
 * a ≥ 0 in the first case and a ≤ −1 in the second, and binary digits are unique. ∎ Satisfiable: by these values.
 */
export function magnitudeBits(own: LookupCase, a: SmallForm): IndexWires | undefined {
  const { walk, aux, form, id, where } = own;
  const signSource = aux.whole('sign');
  const [sign] = walk.booleans(() => signSource, 1, where, id) ?? [];
  const bits = walk.booleans(aux.bits('bit'), form.bits, where, id);
  if (sign === undefined || bits === undefined) return undefined;
  walk.right.clear().add(0, 1).add(sign, -2);
  const digits = walk.left.clear().add(sign, 1);
  for (const [k, wire] of bits.entries()) digits.add(wire, 2 ** k);
  if (walk.rows.product(a, walk.right, digits)) return { bits, sign };
  walk.failRow(digits, sign, where, `as a sign and ${form.bits} bits: `);
  return undefined;
}

/** Lemma "bits" (see Walk). */
export function directBits(own: LookupCase, v: SmallForm): IndexWires | undefined {
  const { walk, aux, form, id, where } = own;
  const bits = walk.bits(aux.bits('bit'), form.bits, v, where, id);
  return bits && { bits, sign: form.isSigned ? bits.at(-1)! : 0 };
}
