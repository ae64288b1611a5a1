import {
  comparisonProducts,
  type Decomposition,
  decompose,
  KIND,
  trailingZeros,
} from '../../integer/decomposition.ts';
import type { IntegerActivation, Requantize } from '../../integer/integer-graph.ts';
import { bitOfSlot, wholeSlot } from '../../integer/wire-source.ts';
import type { Walk } from '../walk.ts';

/** What a pattern is about: y = ⌊(acc + half) / 2^S⌋ with acc ∈ [accLo, accHi], and the form the compiler chose. */
interface Case {
  readonly walk: Walk;
  readonly node: Requantize;
  readonly where: string;
  readonly id: number;
  readonly source: number;
  /** First slot of its auxiliary numbers. */
  readonly slot: number;
  readonly d: Decomposition;
  readonly unit: number;
  readonly half: number;
  readonly acc: { readonly lo: number; readonly hi: number };
  readonly y: { readonly lo: number; readonly hi: number };
}

/** The activation, as the integer graph defines it. All of them are monotone (`isMonotone`). */
function activate(activation: IntegerActivation, y: number): number {
  if (activation.kind === 'leaky')
    return y * (y < 0 ? activation.numerator : 2 ** activation.denominatorBits);
  return Math.min(Math.max(y, activation.low ?? -Infinity), activation.high ?? Infinity);
}

function isMonotone(activation: IntegerActivation): boolean {
  if (activation.kind === 'leaky') return activation.numerator >= 0;
  return (activation.low ?? -Infinity) <= (activation.high ?? Infinity);
}

const PATTERNS: Readonly<Record<number, { name: string; prove: (own: Case) => boolean }>> = {
  [KIND.constant]: { name: 'constant', prove: proveConstant },
  [KIND.linear]: { name: 'shift', prove: proveLinear },
  [KIND.clampLow]: { name: 'clamp low (ReLU)', prove: proveClampLow },
  [KIND.clampHigh]: { name: 'clamp high', prove: proveClampHigh },
  [KIND.clampBoth]: { name: 'clamp both', prove: proveClampBoth },
  [KIND.leaky]: { name: 'leaky', prove: proveLeaky },
};

/** One pattern for each output. The compiler's choice is a hint: each pattern checks every premise of its lemma. */
export function walkRequantize(walk: Walk, node: Requantize, firstSlot: number): void {
  const unit = 2 ** node.shift;
  const half = node.shift === 0 ? 0 : unit / 2;
  let slot = firstSlot;
  decompose(node, walk.bounds).forEach((d, index) => {
    const id = node.first + index;
    const source = node.source[index]!;
    const where = `${node.name}[${index}]`;
    const acc = walk.interval(source);
    const y = { lo: Math.floor((acc.lo + half) / unit), hi: Math.floor((acc.hi + half) / unit) };
    const own: Case = { walk, node, where, id, source, slot, d, unit, half, acc, y };
    walk.bound(id, activate(node.activation, y.lo), activate(node.activation, y.hi), where);
    if (!isMonotone(node.activation)) walk.fail('range', where, 'its activation is not monotone');
    const pattern = PATTERNS[d.kind]!;
    if (pattern.prove(own)) walk.proved(d.kind === KIND.linear && d.bits === 0 ? 'identity' : pattern.name);
    else walk.placeUnproved(id);
    slot += d.kind === KIND.clampBoth ? comparisonProducts(d, node.shift) + 2 : 1;
  });
}

function premise(own: Case, holds: boolean, what: string): boolean {
  return holds || own.walk.fail('range', own.where, what);
}

/** Lemma "constant". The activation is monotone and has the same value at both ends of y's range. ∎ */
function proveConstant(own: Case): boolean {
  const { walk, node, y, d, id, where } = own;
  const value = activate(node.activation, y.lo);
  if (
    !premise(own, value === activate(node.activation, y.hi) && value === d.lo, 'its output is not constant')
  )
    return false;
  return walk.settle(id, walk.sum.clear(), value, where);
}

/** p where the activation is y ↦ p·y on the whole range of y. */
function factorOf({ node: { activation }, y }: Case): number | undefined {
  if (activation.kind === 'leaky') {
    if (y.lo >= 0) return 2 ** activation.denominatorBits;
    return y.hi < 0 ? activation.numerator : undefined;
  }
  return (activation.low ?? -Infinity) <= y.lo && (activation.high ?? Infinity) >= y.hi ? 1 : undefined;
}

/**
 * Lemma "identity" (S = 0, nothing decomposed). The activation is y ↦ p·y on y's range and y = acc:
 * wire = p·acc − base. ∎
 *
 * Lemma "shift". v = acc + offset ∈ [0, 2^N) has the bits b_k (lemma "bits"), offset = half − y₀·2^S for an integer
 * y₀, so Σ_{k≥S} 2^(k−S)·b_k = ⌊v / 2^S⌋ = y − y₀; wire = p·(y − y₀) and base = p·y₀. ∎
 */
function proveLinear(own: Case): boolean {
  const { walk, node, d, id, source, unit, half, where } = own;
  const factor = factorOf(own);
  if (!premise(own, factor === d.p, 'its activation can be reached')) return false;
  if (d.bits === 0) {
    if (!premise(own, node.shift === 0, 'a shift without bits')) return false;
    const form = walk.sum.clear().add(0, -d.lo);
    walk.addValue(form, source, d.p);
    return walk.settle(id, form, d.lo, where);
  }
  const start = (half - d.offset) / unit;
  if (!premise(own, Number.isInteger(start) && d.p * start === d.lo, 'its offset is no multiple of 2^S'))
    return false;
  const bits = bitsOf(own);
  if (bits === undefined) return false;
  const form = walk.sum.clear();
  for (let k = node.shift; k < d.bits; k += 1) form.add(bits[k]!, d.p * 2 ** (k - node.shift));
  return walk.settle(id, form, d.lo, where);
}

/** v = acc + offset, in [0, 2^N) for all inputs in range, as bits. */
function bitsOf(own: Case): number[] | undefined {
  const { walk, d, acc, source, slot, where } = own;
  const fits = d.bits <= 53 && acc.lo + d.offset >= 0 && acc.hi + d.offset < 2 ** d.bits;
  if (!premise(own, fits, `${d.bits} bits do not hold its range ${acc.lo + d.offset} … ${acc.hi + d.offset}`))
    return undefined;
  const form = walk.sum.clear().add(0, d.offset);
  walk.addValue(form, source, 1);
  return walk.bits((k) => bitOfSlot(slot, k), d.bits, form, where, own.id);
}

/**
 * The signed decompositions share this. v = acc + half − pivot·2^S + 2^(N−1), N ≥ S + 1.
 *
 * Lemma "sign". With s the top bit of v and high = Σ_{S≤k<N−1} 2^(k−S)·b_k:
 *   s = [v ≥ 2^(N−1)] = [acc + half ≥ pivot·2^S] = [y ≥ pivot],
 *   ⌊v / 2^S⌋ = y − pivot + 2^(N−1−S) = s·2^(N−1−S) + high, as 2^(N−1) is a multiple of 2^S;
 * so high = y − pivot where s = 1, and high = y − pivot + 2^(N−1−S) where s = 0. ∎
 */
function signedBitsOf(own: Case, pivot: number): { top: number; high: [number, number][] } | undefined {
  const { d, unit, half, node } = own;
  const offset = half - pivot * unit + 2 ** (d.bits - 1);
  const isExact = Math.abs(pivot * unit) <= 2 ** 52;
  if (
    !premise(own, isExact && d.offset === offset && d.bits > node.shift, 'its pivot is not the activation’s')
  ) {
    return undefined;
  }
  const bits = bitsOf(own);
  if (bits === undefined) return undefined;
  const high = bits.slice(node.shift, -1).map((wire, k): [number, number] => [wire, 2 ** k]);
  return { top: bits.at(-1)!, high };
}

/** Limits of a clamp; leaky has none. */
function limits({ node: { activation } }: Case): { low: number; high: number } | undefined {
  if (activation.kind !== 'clamp') return undefined;
  return { low: activation.low ?? -Infinity, high: activation.high ?? Infinity };
}

/** Lemma "clamp low". y ≤ upper limit always; pivot = low: s·high = max(y, low) − low. base = low. ∎ (lemma "sign") */
function proveClampLow(own: Case): boolean {
  const { walk, d, y } = own;
  const limit = limits(own);
  const holds = limit !== undefined && Number.isFinite(limit.low) && limit.high >= y.hi && d.lo === limit.low;
  if (!premise(own, holds, 'it clamps at both ends')) return false;
  const parts = signedBitsOf(own, limit!.low);
  if (parts === undefined) return false;
  walk.left.clear().add(parts.top, 1);
  walk.right.clear();
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  return output(own, walk.sum.clear());
}

/**
 * Lemma "clamp high". y ≥ lower limit always; pivot = high limit + 1, so s = [y > limit] and, where s = 0,
 * y = high + limit + 1 − 2^(N−1−S). (1 − s)·(high + p) + s·q with p = limit + 1 − 2^(N−1−S) − base and
 * q = limit − base is min(y, limit) − base. ∎
 */
function proveClampHigh(own: Case): boolean {
  const { walk, d, y, node } = own;
  const limit = limits(own);
  const holds = limit !== undefined && Number.isFinite(limit.high) && limit.low <= y.lo;
  if (!premise(own, holds, 'it clamps at both ends')) return false;
  const half = 2 ** (d.bits - 1 - node.shift);
  const constants = d.p === limit!.high + 1 - half - d.lo && d.q === limit!.high - d.lo;
  if (!premise(own, constants, 'its constants are not the clamp’s')) return false;
  const parts = signedBitsOf(own, limit!.high + 1);
  if (parts === undefined) return false;
  walk.left.clear().add(0, 1).add(parts.top, -1);
  walk.right.clear().add(0, d.p);
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  return output(own, walk.sum.clear().add(parts.top, d.q));
}

/**
 * Lemma "clamp both". pivot = low, p = high limit − low > 0, p < 2^W for the W bits of `high`. reached starts as bit z
 * of high, z the lowest set bit of p: [high mod 2^(z+1) ≥ p mod 2^(z+1)], both being about bit z alone. One step up:
 * where bit k of p is 1, high mod 2^(k+1) ≥ p mod 2^(k+1) needs bit k and reached; where it is 0, bit k or reached.
 * In the end reached = [high ≥ p]. excess = reached·(high − p) = max(high − p, 0), s·(high − excess) = s·min(high, p)
 * = min(max(y, low), limit) − low. ∎ (lemma "sign")
 */
function proveClampBoth(own: Case): boolean {
  const { walk, d, node, slot } = own;
  const limit = limits(own);
  const width = d.bits - 1 - node.shift;
  const holds =
    limit !== undefined &&
    d.p === limit.high - limit.low &&
    d.p > 0 &&
    d.p < 2 ** width &&
    d.lo === limit.low;
  if (!premise(own, holds, 'its constants are not the clamp’s')) return false;
  const parts = signedBitsOf(own, limit!.low);
  if (parts === undefined) return false;
  const zeros = trailingZeros(d.p);
  let reached = parts.high[zeros]![0];
  for (let k = zeros + 1; k < width; k += 1) {
    const next = walk.hints.of(wholeSlot(slot + k - zeros));
    const bit = parts.high[k]![0];
    const isSet = Math.floor(d.p / 2 ** k) % 2 === 1;
    walk.left.clear().add(bit, isSet ? 1 : -1);
    walk.right.clear().add(reached, 1);
    const rest = isSet ? walk.sum.clear() : walk.sum.clear().add(bit, 1).add(reached, 1);
    if (!walk.product(next, rest, `${own.where}, comparison ${k}`)) return false;
    reached = next;
  }
  const excess = walk.hints.of(wholeSlot(slot + width - zeros));
  walk.left.clear().add(reached, 1);
  walk.right.clear().add(0, -d.p);
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  if (!walk.product(excess, walk.sum.clear(), `${own.where}, excess`)) return false;
  walk.left.clear().add(parts.top, 1);
  walk.right.clear().add(excess, -1);
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  return output(own, walk.sum.clear());
}

/**
 * Lemma "leaky". pivot = 0. y = high + (s − 1)·2^(N−1−S) (lemma "sign"), and (2^j − k)·s·high + k·y is k·y where
 * s = 0 (y < 0) and (2^j − k)·y + k·y = 2^j·y where s = 1. wire = that − base. ∎
 */
function proveLeaky(own: Case): boolean {
  const { walk, d, node } = own;
  const { activation } = node;
  const holds = activation.kind === 'leaky' && d.p === activation.numerator && d.q === d.lo;
  if (!premise(own, holds, 'its constants are not the activation’s')) return false;
  const parts = signedBitsOf(own, 0);
  if (parts === undefined || activation.kind !== 'leaky') return false;
  const power = 2 ** (d.bits - 1 - node.shift);
  walk.left.clear().add(parts.top, 2 ** activation.denominatorBits - d.p);
  walk.right.clear();
  const rest = walk.sum
    .clear()
    .add(parts.top, d.p * power)
    .add(0, -d.p * power - d.q);
  for (const [wire, weight] of parts.high) {
    walk.right.add(wire, weight);
    rest.add(wire, d.p * weight);
  }
  return output(own, rest);
}

/** The output's wire = left · right + rest. */
function output({ walk, id, d, where }: Case, rest: typeof walk.sum): boolean {
  const wire = walk.hints.of(wholeSlot(id));
  if (!walk.product(wire, rest, where)) return false;
  walk.placeWire(id, wire, d.lo);
  return true;
}
