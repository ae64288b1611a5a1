import { isAbsent } from '../../integer/bounds.ts';
import type { IntegerMax } from '../../integer/integer-graph.ts';
import { contests, type max, windowOf } from '../../integer/max.ts';
import type { AuxiliaryCursor } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';
import { compareBits, type Kept, keptValue, keptWire, largerWire } from './contest.ts';
import type { Gadget } from './gadget.ts';

type MaxAuxiliaries = typeof max.auxiliaries;

/**
 * Pattern "max": a chain of contests over a window (lemmas "comparison" and "larger").
 *
 * Lemma "max". After each candidate, kept is the largest of those seen: by a comparison, or without one if the proved
 * ranges decide (kept.lo ≥ candidate.hi, or candidate.lo ≥ kept.hi). ∎
 */
export const walkMax: Gadget<IntegerMax, MaxAuxiliaries> = (walk, node, auxiliariesOf) => {
  for (let index = 0; index < node.count; index += 1) {
    const id = node.first + index;
    const where = `${node.name}[${index}]`;
    const present = Array.from(windowOf(node, index).filter((source) => !isAbsent(source)));
    const outcome = contests(windowOf(node, index), walk.bounds);
    const ranges = present.map((source) => walk.interval(source));
    walk.bound(id, Math.max(...ranges.map(({ lo }) => lo)), Math.max(...ranges.map(({ hi }) => hi)), where);
    const kept = runContests(walk, present, outcome, auxiliariesOf(index), id, where);
    const base = walk.bounds.lo[id]!;
    if (kept === undefined) walk.placeUnproved(id);
    else {
      const form = walk.sum.clear().add(0, -base);
      kept.addTo(form, 1);
      if (walk.settle(id, form, base, where)) walk.proved('max');
    }
  }
};

function runContests(
  walk: Walk,
  present: readonly number[],
  outcome: ReturnType<typeof contests>,
  aux: AuxiliaryCursor<MaxAuxiliaries>,
  id: number,
  where: string,
): Kept | undefined {
  let kept = keptValue(walk, present[0]!);
  for (const [k, contest] of outcome.entries()) {
    const candidate = keptValue(walk, present[k + 1]!);
    const place = `${where}, candidate ${k + 1}`;
    if (contest.winner === 'compare') {
      const bits = compareBits(walk, kept, candidate, contest.bits, aux.bits('bit'), place);
      const wire = walk.wireOf(aux.whole('larger'), id);
      if (bits === undefined || !largerWire(walk, bits, candidate, wire, contest.lo, place)) return undefined;
      const [lo, hi] = [Math.max(kept.lo, candidate.lo), Math.max(kept.hi, candidate.hi)];
      kept = keptWire(wire, contest.lo, lo, hi);
    } else {
      const decided = contest.winner === 'kept' ? kept.lo >= candidate.hi : candidate.lo >= kept.hi;
      if (!decided) {
        walk.fail('range', place, 'the ranges do not decide which is larger');
        return undefined;
      }
      if (contest.winner === 'candidate') kept = candidate;
    }
  }
  return kept;
}
