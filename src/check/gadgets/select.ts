import type { Select } from '../../integer/integer-graph.ts';
import type { select } from '../../integer/select.ts';
import { wholeSlot } from '../../integer/wire-source.ts';
import type { Walk } from '../walk.ts';
import type { Gadget } from './gadget.ts';

/**
 * Pattern "select": wire = condition · (whenTrue − whenFalse) + whenFalse − base, each of them a sum of wires.
 *
 * Lemma "select". If the proved interval of the condition lies within 0 … 1, it is 1, and wire + base is whenTrue, or it
 * is 0, and wire + base is whenFalse. All numbers are below 2^53, so the field elements stand for these integers. ∎ The
 * output lies between the least and the greatest value of the two.
 *
 * If the condition or the difference is constant, the row is a sum.
 */
export const walkSelect: Gadget<Select, typeof select.auxiliaries> = (walk, node) => {
  for (let index = 0; index < node.count; index += 1) {
    const [yes, no] = [node.whenTrue[index]!, node.whenFalse[index]!];
    const [whenTrue, whenFalse] = [walk.interval(yes), walk.interval(no)];
    const id = node.first + index;
    const where = `${node.name}[${index}]`;
    walk.bound(id, Math.min(whenTrue.lo, whenFalse.lo), Math.max(whenTrue.hi, whenFalse.hi), where);
    const isProved = isCondition(walk, node.condition[index]!, where) && choose(walk, node, index, where);
    if (isProved) walk.proved('select');
    else walk.placeUnproved(id);
  }
};

/** A premise of every lemma about conditions. */
export function isCondition(walk: Walk, id: number, where: string): boolean {
  const { lo, hi } = walk.interval(id);
  return (
    (lo >= 0 && hi <= 1) || walk.fail('range', where, `its condition is within ${lo} … ${hi}, not 0 … 1`)
  );
}

function choose(walk: Walk, node: Select, index: number, where: string): boolean {
  const [condition, yes, no] = [node.condition[index]!, node.whenTrue[index]!, node.whenFalse[index]!];
  const id = node.first + index;
  const base = walk.bounds.lo[id]!;
  const { left, right } = walk;
  walk.addValue(left.clear(), condition, 1);
  walk.addValue(right.clear(), yes, 1);
  walk.addValue(right, no, -1);
  const otherwise = walk.sum.clear().add(0, -base);
  walk.addValue(otherwise, no, 1);
  for (const [constant, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (!constant.wires().every((wire) => wire === 0)) continue;
    otherwise.addForm(other, constant.value(0));
    return walk.settle(id, otherwise, base, where);
  }
  const wire = walk.hints.of(wholeSlot(id));
  if (!walk.product(wire, otherwise, where)) return false;
  walk.placeWire(id, wire, base);
  return true;
}
