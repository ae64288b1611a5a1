import { type divide, division } from '../../integer/divide.ts';
import type { Divide } from '../../integer/integer-graph.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';
import type { Gadget } from './gadget.ts';

/** Magnitudes below this are exact in doubles, and far below r. */
const EXACT = 2 ** 52;

/**
 * Pattern "divide": quotient · 2d = v − remainder and remainder + slack = 2d − 1, where quotient, remainder and slack are
 * sums of bits, v = 2·factor·n + d − lowest·2d, and wire = quotient.
 *
 * Lemma "divide". If d ≥ 1 and lowest ≤ ⌊(2·factor·n + d) / 2d⌋ < lowest + 2^Q for all inputs in range, and
 * 2d ≤ 2^G, then wire + lowest = ⌊(2·factor·n + d) / 2d⌋.
 * Proof: all sums of bits are integers, those of remainder and slack in [0, 2^G). All magnitudes in the two rows are below
 * 2^54 · 2^54 < r/4, so both hold over the integers. The second gives 0 ≤ remainder ≤ 2d − 1, and then the first says
 * that quotient = ⌊v / 2d⌋, since division with remainder by 2d ≥ 2 is unique. ∎
 * Satisfiable: by the digits of ⌊v / 2d⌋ ∈ [0, 2^Q), of v mod 2d ≤ 2d − 1 < 2^G and of 2d − 1 − (v mod 2d).
 *
 * The interval: ⌊factor·n/d + 1/2⌋ rises with n, and is monotone in d for a fixed n, so its ends are among those for
 * ends of n and d.
 */
export const walkDivide: Gadget<Divide, typeof divide.auxiliaries> = (walk, node, auxiliariesOf) => {
  for (let index = 0; index < node.count; index += 1) {
    const id = node.first + index;
    const where = `${node.name}[${index}]`;
    const range = rangeOf(walk, node, index);
    if (range === undefined) {
      walk.fail('range', where, 'its divisor may be below 1, or its numbers pass 2^52');
      walk.placeUnproved(id);
      continue;
    }
    walk.bound(id, range.lo, range.hi, where);
    if (range.lo === range.hi) {
      if (walk.settle(id, walk.sum.clear(), range.lo, where)) walk.proved('divide');
    } else if (proveDivision(walk, node, index, range, auxiliariesOf(index))) walk.proved('divide');
    else walk.placeUnproved(id);
  }
};

function rangeOf(walk: Walk, node: Divide, index: number): { lo: number; hi: number } | undefined {
  const [n, d] = [walk.interval(node.numerator[index]!), walk.interval(node.denominator[index]!)];
  if (!(d.lo >= 1)) return undefined;
  const at = (numerator: number) =>
    [d.lo, d.hi].map((divisor) => Math.floor((2 * node.factor * numerator + divisor) / (2 * divisor)) + 0);
  const range = { lo: Math.min(...at(n.lo)), hi: Math.max(...at(n.hi)) };
  const largest = Math.max(Math.abs(range.lo), Math.abs(range.hi), range.hi - range.lo + 1) * 2 * d.hi;
  const numerator = 2 * node.factor * Math.max(Math.abs(n.lo), Math.abs(n.hi));
  return largest + numerator + d.hi < EXACT ? range : undefined;
}

function proveDivision(
  walk: Walk,
  node: Divide,
  index: number,
  range: { lo: number; hi: number },
  aux: AuxiliaryCursor<typeof divide.auxiliaries>,
): boolean {
  const id = node.first + index;
  const where = `${node.name}[${index}]`;
  const [numerator, denominator] = [node.numerator[index]!, node.denominator[index]!];
  const { quotientBits, remainderBits } = division(node, index, walk.bounds)!;
  const divisor = walk.interval(denominator);
  const isHeld = range.hi - range.lo < 2 ** quotientBits && 2 * divisor.hi <= 2 ** remainderBits;
  if (!isHeld) return walk.fail('range', where, 'its bits do not hold the quotient or the remainder');
  const quotient = walk.booleans(aux.bits('quotient'), quotientBits, where, id);
  const remainder = walk.booleans(aux.bits('remainder'), remainderBits, where);
  if (quotient === undefined || remainder === undefined) return false;

  const rest = walk.sum.clear().add(0, -1);
  walk.addValue(rest, denominator, 2);
  for (const [k, wire] of remainder.entries()) rest.add(wire, -(2 ** k));
  if (walk.bits(aux.bits('slack'), remainderBits, rest, where) === undefined) return false;

  walk.left.clear();
  for (const [k, wire] of quotient.entries()) walk.left.add(wire, 2 ** k);
  walk.addValue(walk.right.clear(), denominator, 2);
  const v = walk.sum.clear();
  walk.addValue(v, numerator, 2 * node.factor);
  walk.addValue(v, denominator, 1 - 2 * range.lo);
  for (const [k, wire] of remainder.entries()) v.add(wire, -(2 ** k));
  if (!walk.matchProduct(v)) return walk.failRow(v, remainder[0]!, where, 'as a quotient and a remainder: ');

  const form = walk.sum.clear();
  for (const [k, wire] of quotient.entries()) form.add(wire, 2 ** k);
  return walk.settle(id, form, range.lo, where);
}
