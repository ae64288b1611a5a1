import type { Decomposition } from '../../integer/decomposition.ts';
import type { Requantize } from '../../integer/integer-graph.ts';
import type { requantize } from '../../integer/requantize.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';

/** The decomposition of one kind. */
export type Kind<K extends Decomposition['kind']> = Extract<Decomposition, { readonly kind: K }>;

/** The kinds that decompose a number into bits. */
type Decomposed = Exclude<Decomposition, Kind<'constant' | 'identity'>>;

/**
 * One output that a pattern proves: y = ⌊(acc + half) / 2^S⌋ with acc ∈ [acc.lo, acc.hi], and the compiler's form `d`.
 */
export interface Case<D extends Decomposition = Decomposition> {
  readonly walk: Walk;
  readonly node: Requantize;
  readonly where: string;
  readonly id: number;
  readonly source: number;
  /** Where the output's auxiliary numbers are said to be: hints. */
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

/** The bits of v = acc + offset, which must be in [0, 2^N) for all inputs in range. */
export function bitsOf(own: Case<Decomposed>): number[] | undefined {
  const { walk, d, acc, source, aux, where } = own;
  const fits = d.bits <= 53 && acc.lo + d.offset >= 0 && acc.hi + d.offset < 2 ** d.bits;
  if (!premise(own, fits, `${d.bits} bits do not hold its range ${acc.lo + d.offset} … ${acc.hi + d.offset}`))
    return undefined;
  const form = walk.sum.clear().add(0, d.offset);
  walk.addValue(form, source, 1);
  return walk.bits(aux.bits('bit'), d.bits, form, where, own.id);
}
