import { type Bounds, EXACT_LIMIT, lowerBound, rangeBits, tooWide, upperBound, valueAt } from './bounds.ts';
import type { Range } from './contest.ts';
import type { Multiply } from './integer-graph.ts';
import { areReadable } from './invariants.ts';
import { integers, readIds } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/** The range of a product. A square is never negative. */
export function productRange(left: Range, right: Range, isSquare: boolean): Range {
  const corners = [left.lo * right.lo, left.lo * right.hi, left.hi * right.lo, left.hi * right.hi];
  const hi = Math.max(...corners) + 0;
  if (!isSquare) return { lo: Math.min(...corners) + 0, hi };
  return { lo: left.lo <= 0 && left.hi >= 0 ? 0 : Math.min(left.lo ** 2, left.hi ** 2), hi };
}

/** The ranges of the two factors of output i. */
export function factorsOf({ left, right }: Multiply, i: number, bounds: Bounds): readonly [Range, Range] {
  const range = (id: number) => ({ lo: lowerBound(bounds, id), hi: upperBound(bounds, id) });
  return [range(left[i]!), range(right[i]!)];
}

const auxiliaries = {} as const;

/** left · right, elementwise (circuits/multiply.circom): one constraint each. */
export const multiply: Primitive<Multiply, typeof auxiliaries> = {
  op: 'multiply',
  template: { name: 'Multiply', file: 'multiply.circom' },
  auxiliaries,

  sources: ({ left, right }) => [left, right],

  check({ left, right, count, first }, ensure) {
    ensure(left.length === count && right.length === count, 'two factors per output');
    ensure(areReadable(left, first) && areReadable(right, first), 'factors');
  },

  writeJson: ({ left, right }) => ({ left: integers(left), right: integers(right) }),
  fields: { left: readIds, right: readIds },

  bound(node, bounds) {
    for (let i = 0; i < node.count; i += 1) {
      const [left, right] = factorsOf(node, i, bounds);
      const { lo, hi } = productRange(left, right, node.left[i] === node.right[i]);
      if (Math.max(-lo, hi) > EXACT_LIMIT) throw tooWide(node.name);
      bounds.lo[node.first + i] = lo;
      bounds.hi[node.first + i] = hi;
    }
  },

  execute({ left, right, first, count }, values) {
    for (let i = 0; i < count; i += 1) {
      // Turns −0 into 0.
      values[first + i] = valueAt(values, left[i]!) * valueAt(values, right[i]!) + 0;
    }
  },

  auxiliary: () => undefined,
  widestBits: rangeBits,
  calibrated: () => ({}),
};
