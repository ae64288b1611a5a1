import { QuietproofError } from '../errors/quietproof-error.ts';
import { type Bounds, bitLength, EXACT_LIMIT, valueAt } from './bounds.ts';
import type { Thermometer } from './integer-graph.ts';
import { readId, readIntegers } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/** The first integer of each interval between cuts, from the source's minimum, and the integer after its maximum. */
export function intervalStarts(node: Thermometer, { lo, hi }: Bounds): Float64Array {
  return Float64Array.of(lo[node.source]!, ...node.cuts, hi[node.source]! + 1);
}

/** Bits of the widest interval less one: of the distance from either end of an interval. */
export function gapBits(node: Thermometer, bounds: Bounds): number {
  const starts = intervalStarts(node, bounds);
  let widest = 0;
  for (let m = 0; m + 1 < starts.length; m += 1) widest = Math.max(widest, starts[m + 1]! - starts[m]!);
  return bitLength(widest - 1);
}

/** Whether the source has two values only: then the single output is the source less its minimum, and has no wire. */
export function repeatsSource({ source, count }: Thermometer, { lo, hi }: Bounds): boolean {
  return count === 1 && hi[source]! - lo[source]! === 1;
}

/** How many cuts a value has reached. */
function reached(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The distances of the source from the lowest and from the highest value of its interval. */
const auxiliaries = { low: 'bits', high: 'bits' } as const;

/**
 * A value compared with many constants (circuits/thermometer.circom): K + 2(g + 1) constraints for K cuts and gaps of
 * g bits. They also enforce the proved range of the source.
 */
export const thermometer: Primitive<Thermometer, typeof auxiliaries> = {
  op: 'thermometer',
  template: { name: 'Thermometer', file: 'thermometer.circom' },
  auxiliaries,

  sources: (node) => [Int32Array.of(node.source)],

  check(node, ensure) {
    const { source, cuts } = node;
    ensure(node.count === cuts.length, 'one output a cut');
    ensure(source >= 0 && source < node.first, 'a source');
    ensure(
      cuts.every((cut, k) => Math.abs(cut) <= EXACT_LIMIT && (k === 0 || cuts[k - 1]! < cut)),
      'ascending cuts within the exact range',
    );
  },

  writeJson: ({ source, cuts }) => ({ source, cuts: Array.from(cuts) }),
  fields: { source: readId, cuts: readIntegers },

  bound(node, bounds) {
    const { source, cuts } = node;
    if (!(cuts[0]! > bounds.lo[source]! && cuts.at(-1)! <= bounds.hi[source]!)) {
      throw new QuietproofError('QP3036', {
        where: `layer "${node.name}", source within ${bounds.lo[source]} … ${bounds.hi[source]}`,
      });
    }
    bounds.lo.fill(0, node.first, node.first + node.count);
    bounds.hi.fill(1, node.first, node.first + node.count);
  },

  joint: ({ first, count }) => [{ relation: 'monotone', first, count }],

  execute({ first, count, source, cuts }, values) {
    const ones = reached(cuts, valueAt(values, source));
    values.fill(1, first, first + ones);
    values.fill(0, first + ones, first + count);
  },

  auxiliary(node, bounds) {
    const bits = gapBits(node, bounds);
    const starts = intervalStarts(node, bounds);
    return (index, values, aux) => {
      if (index > 0) return;
      const value = valueAt(values, node.source);
      const ones = reached(node.cuts, value);
      aux.bits('low', bits, value - starts[ones]!);
      aux.bits('high', bits, starts[ones + 1]! - 1 - value);
    };
  },

  widestBits: gapBits,
  calibrated: () => ({}),
};
