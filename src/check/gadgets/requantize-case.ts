import type { Decomposition } from '../../integer/decomposition.ts';
import type { Requantize } from '../../integer/integer-graph.ts';
import type { requantize } from '../../integer/requantize.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';

/** The decomposition of one kind. */
export type Kind<K extends Decomposition['kind']> = Extract<Decomposition, { readonly kind: K }>;

/** The kinds with bits. */
type Decomposed = Exclude<Decomposition, Kind<'constant' | 'identity'>>;

/** What a pattern is about: y = ⌊(acc + half) / 2^S⌋ with acc ∈ [accLo, accHi], and the form the compiler chose. */
export interface Case<D extends Decomposition = Decomposition> {
  readonly walk: Walk;
  readonly node: Requantize;
  readonly where: string;
  readonly id: number;
  readonly source: number;
  /** Where its auxiliary numbers are said to be. */
  readonly aux: AuxiliaryCursor<typeof requantize.auxiliaries>;
  readonly d: D;
  readonly unit: number;
  readonly half: number;
  readonly acc: { readonly lo: number; readonly hi: number };
  readonly y: { readonly lo: number; readonly hi: number };
}

export function premise(own: Case, holds: boolean, what: string): boolean {
  return holds || own.walk.fail('range', own.where, what);
}

/** v = acc + offset, in [0, 2^N) for all inputs in range, as bits. */
export function bitsOf(own: Case<Decomposed>): number[] | undefined {
  const { walk, d, acc, source, aux, where } = own;
  const fits = d.bits <= 53 && acc.lo + d.offset >= 0 && acc.hi + d.offset < 2 ** d.bits;
  if (!premise(own, fits, `${d.bits} bits do not hold its range ${acc.lo + d.offset} … ${acc.hi + d.offset}`))
    return undefined;
  const form = walk.sum.clear().add(0, d.offset);
  walk.addValue(form, source, 1);
  return walk.bits(aux.bits('bit'), d.bits, form, where, own.id);
}
