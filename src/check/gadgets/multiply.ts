import type { Multiply } from '../../integer/integer-graph.ts';
import { wholeSlot } from '../../integer/wire-source.ts';
import type { Walk } from '../walk.ts';
import type { Gadget } from './gadget.ts';

type Interval = ReturnType<Walk['interval']>;

/**
 * Pattern "multiply": (left)·(right) = wire + base, where left and right are the expressions of the two factors.
 *
 * Lemma "multiply". The row is the definition of the product. It holds over the integers: a product of magnitude at most
 * 2^52 is its own residue. Where the proved range of one factor is a single number c, the product is c · (other factor),
 * a sum; where it has one value, it is that number. Satisfiable: by the product. ∎
 *
 * The interval holds the products of all pairs of ends, between which lies every product, since a product is linear in
 * each factor. A square is at least 0, and at least the square of the end nearer to 0 where 0 is not in the range.
 */
export const walkMultiply: Gadget<Multiply, Record<string, never>> = (walk, node) => {
  for (let index = 0; index < node.count; index += 1) {
    const id = node.first + index;
    const where = `${node.name}[${index}]`;
    const [left, right] = [node.left[index]!, node.right[index]!];
    const ranges = [walk.interval(left), walk.interval(right)] as const;
    const { lo, hi } = left === right ? squareOf(ranges[0]) : productOf(...ranges);
    walk.bound(id, lo, hi, where);
    const base = walk.bounds.lo[id]!;
    const [varying, constant] = ranges[0].lo === ranges[0].hi ? [right, ranges[0]] : [left, ranges[1]];
    if (constant.lo === constant.hi) {
      const form = walk.sum.clear().add(0, -base);
      if (lo === hi) form.add(0, lo);
      else walk.addValue(form, varying, constant.lo);
      if (walk.settle(id, form, base, where)) walk.proved('multiply');
      continue;
    }
    walk.addValue(walk.left.clear(), left, 1);
    walk.addValue(walk.right.clear(), right, 1);
    const wire = walk.hints.of(wholeSlot(id));
    if (walk.product(wire, walk.sum.clear().add(0, -base), where)) {
      walk.placeWire(id, wire, base);
      walk.proved('multiply');
    } else walk.placeUnproved(id);
  }
};

function productOf(left: Interval, right: Interval): Interval {
  const ends = [left.lo * right.lo, left.lo * right.hi, left.hi * right.lo, left.hi * right.hi];
  return { lo: Math.min(...ends) + 0, hi: Math.max(...ends) + 0 };
}

function squareOf({ lo, hi }: Interval): Interval {
  const [a, b] = [lo * lo, hi * hi];
  return { lo: lo <= 0 && hi >= 0 ? 0 : Math.min(a, b), hi: Math.max(a, b) };
}
