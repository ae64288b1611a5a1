import { type Decomposition, trailingZeros } from '../../integer/decomposition.ts';
import { wholeSlot } from '../../integer/wire-source.ts';
import { bitsOf, type Case, type Kind, premise } from './requantize-case.ts';

/** The kinds whose top bit is a sign. */
type Signed = Exclude<Decomposition, Kind<'constant' | 'identity' | 'shift'>>;

/**
 * Common to all signed decompositions: v = acc + half − pivot·2^S + 2^(N−1), N ≥ S + 1.
 *
 * Lemma "sign". With s the top bit of v and high = Σ_{S≤k<N−1} 2^(k−S)·b_k:
 *   s = [v ≥ 2^(N−1)] = [acc + half ≥ pivot·2^S] = [y ≥ pivot],
 *   ⌊v / 2^S⌋ = y − pivot + 2^(N−1−S) = s·2^(N−1−S) + high, as 2^(N−1) is a multiple of 2^S;
 * so high = y − pivot where s = 1, and high = y − pivot + 2^(N−1−S) where s = 0. ∎
 */
function signedBitsOf(
  own: Case<Signed>,
  pivot: number,
): { top: number; high: [number, number][] } | undefined {
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

/** Limits of a clamp; undefined for leaky. */
function limits({ node: { activation } }: Case): { low: number; high: number } | undefined {
  if (activation.kind !== 'clamp') return undefined;
  return { low: activation.low ?? -Infinity, high: activation.high ?? Infinity };
}

/**
 * Lemma "clamp low". y ≤ upper limit always. pivot = low, base = low: by lemma "sign", s·high = max(y, low) − low. ∎
 */
export function proveClampLow(own: Case<Kind<'clamp-low'>>): boolean {
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
 * Lemma "clamp high". y ≥ lower limit always. pivot = limit + 1, so s = [y > limit] and, where s = 0,
 * y = high + limit + 1 − 2^(N−1−S). With below = limit + 1 − 2^(N−1−S) − base and above = limit − base,
 * (1 − s)·(high + below) + s·above is min(y, limit) − base. ∎
 */
export function proveClampHigh(own: Case<Kind<'clamp-high'>>): boolean {
  const { walk, d, y, node } = own;
  const limit = limits(own);
  const holds = limit !== undefined && Number.isFinite(limit.high) && limit.low <= y.lo;
  if (!premise(own, holds, 'it clamps at both ends')) return false;
  const half = 2 ** (d.bits - 1 - node.shift);
  const constants = d.below === limit!.high + 1 - half - d.lo && d.above === limit!.high - d.lo;
  if (!premise(own, constants, 'its constants are not the clamp’s')) return false;
  const parts = signedBitsOf(own, limit!.high + 1);
  if (parts === undefined) return false;
  walk.left.clear().add(0, 1).add(parts.top, -1);
  walk.right.clear().add(0, d.below);
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  return output(own, walk.sum.clear().add(parts.top, d.above));
}

/**
 * Lemma "clamp both". pivot = low, span = limit − low > 0, and span < 2^W for the W bits of `high`. reached starts as
 * bit z of high, where z is the lowest set bit of span. This is [high mod 2^(z+1) ≥ span mod 2^(z+1)], since span is 2^z
 * modulo 2^(z+1). Step from k − 1 to k: where bit k of span is 1, high mod 2^(k+1) ≥ span mod 2^(k+1) needs bit k and
 * reached; where it is 0, bit k or reached. In the end reached = [high ≥ span].
 * excess = reached·(high − span) = max(high − span, 0), and
 * s·(high − excess) = s·min(high, span) = min(max(y, low), limit) − low. ∎ (lemma "sign")
 */
export function proveClampBoth(own: Case<Kind<'clamp-both'>>): boolean {
  const { walk, d, node, aux } = own;
  const limit = limits(own);
  const width = d.bits - 1 - node.shift;
  const holds =
    limit !== undefined &&
    d.span === limit.high - limit.low &&
    d.span > 0 &&
    d.span < 2 ** width &&
    d.lo === limit.low;
  if (!premise(own, holds, 'its constants are not the clamp’s')) return false;
  const parts = signedBitsOf(own, limit!.low);
  if (parts === undefined) return false;
  const zeros = trailingZeros(d.span);
  let reached = parts.high[zeros]![0];
  for (let k = zeros + 1; k < width; k += 1) {
    const next = walk.hints.of(aux.whole('comparison'));
    const bit = parts.high[k]![0];
    const isSet = Math.floor(d.span / 2 ** k) % 2 === 1;
    walk.left.clear().add(bit, isSet ? 1 : -1);
    walk.right.clear().add(reached, 1);
    const rest = isSet ? walk.sum.clear() : walk.sum.clear().add(bit, 1).add(reached, 1);
    if (!walk.product(next, rest, `${own.where}, comparison ${k}`)) return false;
    reached = next;
  }
  const excess = walk.hints.of(aux.whole('excess'));
  walk.left.clear().add(reached, 1);
  walk.right.clear().add(0, -d.span);
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  if (!walk.product(excess, walk.sum.clear(), `${own.where}, excess`)) return false;
  walk.left.clear().add(parts.top, 1);
  walk.right.clear().add(excess, -1);
  for (const [wire, weight] of parts.high) walk.right.add(wire, weight);
  return output(own, walk.sum.clear());
}

/**
 * Lemma "leaky". pivot = 0. y = high + (s − 1)·2^(N−1−S) (lemma "sign"). (2^j − slope)·s·high + slope·y is slope·y
 * where s = 0 (y < 0), and (2^j − slope)·y + slope·y = 2^j·y where s = 1. wire = that − base. ∎
 */
export function proveLeaky(own: Case<Kind<'leaky'>>): boolean {
  const { walk, d, node } = own;
  const { activation } = node;
  const holds = activation.kind === 'leaky' && d.slope === activation.numerator && d.base === d.lo;
  if (!premise(own, holds, 'its constants are not the activation’s')) return false;
  const parts = signedBitsOf(own, 0);
  if (parts === undefined || activation.kind !== 'leaky') return false;
  const power = 2 ** (d.bits - 1 - node.shift);
  walk.left.clear().add(parts.top, 2 ** activation.denominatorBits - d.slope);
  walk.right.clear();
  const rest = walk.sum
    .clear()
    .add(parts.top, d.slope * power)
    .add(0, -d.slope * power - d.base);
  for (const [wire, weight] of parts.high) {
    walk.right.add(wire, weight);
    rest.add(wire, d.slope * weight);
  }
  return output(own, rest);
}

/** Matches output wire = left · right + rest. */
function output({ walk, id, d, where }: Case, rest: typeof walk.sum): boolean {
  const wire = walk.hints.of(wholeSlot(id));
  if (!walk.product(wire, rest, where)) return false;
  walk.placeWire(id, wire, d.lo);
  return true;
}
