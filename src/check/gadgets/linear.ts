import type { IntegerLinear } from '../../integer/integer-graph.ts';
import { wholeSlot } from '../../integer/wire-source.ts';
import type { Walk } from '../walk.ts';

/**
 * Pattern "sum": wire = Σ weights · sources + bias − base.
 *
 * Lemma "sum". The row is the definition of the value. It holds over the integers: every partial sum is below 2^52, so
 * the field element stands for that integer. ∎
 *
 * A sum that has no wire is expanded where it is read.
 */
export function walkLinear(walk: Walk, node: IntegerLinear): void {
  for (let index = 0; index < node.count; index += 1) {
    const id = node.first + index;
    const where = `${node.name}[${index}]`;
    const { lo, hi, exact } = walk.sumInterval(node, index);
    if (!exact) walk.fail('range', where, 'its sum passes 2^52');
    walk.bound(id, lo, hi, where);
    const hasWire = walk.hints.of(wholeSlot(id)) !== -1;
    if (!hasWire && lo !== hi) {
      walk.placeSum(id, node);
      continue;
    }
    const base = walk.bounds.lo[id]!;
    const form = walk.sum.clear().add(0, -base);
    walk.addSum(form, node, index);
    // The sum of a one-hot group is constant and has no wire, but its terms have.
    if (!hasWire && form.wires().some((wire) => wire !== 0)) {
      walk.placeSum(id, node);
      continue;
    }
    if (walk.settle(id, form, base, where)) walk.proved('sum');
  }
}
