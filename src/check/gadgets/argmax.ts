import { type argmax, argmaxCarries, argmaxContests } from '../../integer/argmax.ts';
import type { Argmax } from '../../integer/integer-graph.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';
import { compareBits, keptValue, keptWire, largerWire } from './contest.ts';
import type { Gadget } from './gadget.ts';

type ArgmaxAuxiliaries = typeof argmax.auxiliaries;

/** The index so far: constant + Σ weight·wire, at least 0 and below the number of candidates seen. */
interface Place {
  readonly constant: number;
  readonly wires: readonly (readonly [wire: number, weight: number])[];
}

/**
 * Pattern "argmax": contests as in a max, and the index that belongs to the kept value.
 *
 * Lemma "argmax". place is the lowest index of the largest value seen. With top = [kept ≥ candidate i],
 * top·(place − i) + i is place where top = 1, including ties, and i where top = 0, that is, where candidate i is
 * strictly larger than all before it. Without a comparison: kept.lo ≥ candidate.hi keeps place, and
 * candidate.lo > kept.hi makes it i (strictly, because on a tie the lower index wins). A choice between two constants
 * is linear in top. ∎
 */
export const walkArgmax: Gadget<Argmax, ArgmaxAuxiliaries> = (walk, node, auxiliariesOf) => {
  const id = node.first;
  walk.bound(id, 0, node.source.length - 1, node.name);
  const place = runContests(walk, node, auxiliariesOf(0));
  if (place === undefined) {
    walk.placeUnproved(id);
    return;
  }
  const form = walk.sum.clear().add(0, place.constant - walk.bounds.lo[id]!);
  for (const [wire, weight] of place.wires) form.add(wire, weight);
  if (walk.settle(id, form, walk.bounds.lo[id]!, node.name)) walk.proved('argmax');
};

function runContests(walk: Walk, node: Argmax, aux: AuxiliaryCursor<ArgmaxAuxiliaries>): Place | undefined {
  const outcome = argmaxContests(node, walk.bounds);
  const carries = argmaxCarries(outcome);
  let nextCarry = 0;
  let kept = keptValue(walk, node.source[0]!);
  let place: Place = { constant: 0, wires: [] };
  for (const [k, contest] of outcome.entries()) {
    const index = k + 1;
    const candidate = keptValue(walk, node.source[index]!);
    const where = `${node.name}, candidate ${index}`;
    if (contest.winner === 'compare') {
      const own = carries[nextCarry]!;
      nextCarry += 1;
      const bits = compareBits(walk, kept, candidate, contest.bits, aux.bits('bit'), where);
      if (bits === undefined) return undefined;
      if (own.larger) {
        const wire = walk.hints.of(aux.whole('larger'));
        if (!largerWire(walk, bits, candidate, wire, contest.lo, where)) return undefined;
        const [lo, hi] = [Math.max(kept.lo, candidate.lo), Math.max(kept.hi, candidate.hi)];
        kept = keptWire(wire, contest.lo, lo, hi);
      } else if (index !== node.source.length - 1) {
        walk.fail('correspondence', where, 'nothing carries the larger value on');
        return undefined;
      }
      const next = chosenPlace(
        walk,
        place,
        bits.at(-1)!,
        index,
        own.index ? walk.wireOf(aux.whole('index'), node.first) : undefined,
        where,
      );
      if (next === undefined) return undefined;
      place = next;
    } else if (contest.winner === 'kept') {
      if (!decided(walk, kept.lo >= candidate.hi, where)) return undefined;
    } else {
      if (!decided(walk, candidate.lo > kept.hi, where)) return undefined;
      kept = candidate;
      place = { constant: index, wires: [] };
    }
  }
  return place;
}

function decided(walk: Walk, holds: boolean, where: string): boolean {
  return holds || walk.fail('range', where, 'the ranges do not decide which is larger');
}

function chosenPlace(
  walk: Walk,
  place: Place,
  top: number,
  index: number,
  wire: number | undefined,
  where: string,
): Place | undefined {
  if (place.wires.length === 0) return { constant: index, wires: [[top, place.constant - index]] };
  if (wire === undefined) {
    walk.fail('correspondence', where, 'the index has no wire');
    return undefined;
  }
  walk.left.clear().add(top, 1);
  walk.right.clear().add(0, place.constant - index);
  for (const [own, weight] of place.wires) walk.right.add(own, weight);
  const rest = walk.sum.clear().add(0, index);
  return walk.product(wire, rest, where) ? { constant: 0, wires: [[wire, 1]] } : undefined;
}
