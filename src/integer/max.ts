import { readers } from '@quietproof/verify';
import { ABSENT } from '../graph/float-graph.ts';
import { type Bounds, isAbsent, lowerBound, rangeBits, upperBound, valueAt } from './bounds.ts';
import { type Contest, comparedNumber, contest, type Range } from './contest.ts';
import type { IntegerMax } from './integer-graph.ts';
import { type Ensure, isReadable } from './invariants.ts';
import { integers, readIds } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/** The contests of one window in order: one fewer than it has sources that are not absent. */
export function contests(sources: Int32Array, bounds: Bounds): Contest[] {
  const present = sources.filter((id) => !isAbsent(id));
  const results: Contest[] = [];
  let kept: Range = { lo: lowerBound(bounds, present[0]!), hi: upperBound(bounds, present[0]!) };
  for (const id of present.subarray(1)) {
    const next = contest(kept, { lo: lowerBound(bounds, id), hi: upperBound(bounds, id) });
    results.push(next);
    kept = next;
  }
  return results;
}

/** Source ids of output i. */
export function windowOf(node: IntegerMax, i: number): Int32Array {
  return node.gather.subarray(i * node.taps, (i + 1) * node.taps);
}

/** Per comparison: its bits and the larger value. */
const auxiliaries = { bit: 'bits', larger: 'whole' } as const;

/** The largest value of a window (circuits/max.circom): N + 2 constraints per comparison. */
export const max: Primitive<IntegerMax, typeof auxiliaries> = {
  op: 'max',
  template: { name: 'Max', file: 'max.circom' },
  auxiliaries,

  sources: (node) => [node.gather],

  check: checkMax,

  writeJson: ({ taps, gather }) => ({ taps, gather: integers(gather) }),
  fields: { taps: readers.integer(1), gather: readIds },

  bound(node, bounds) {
    for (let i = 0; i < node.count; i += 1) {
      const present = windowOf(node, i).filter((id) => !isAbsent(id));
      bounds.lo[node.first + i] = Math.max(...Array.from(present, (id) => lowerBound(bounds, id)));
      bounds.hi[node.first + i] = Math.max(...Array.from(present, (id) => upperBound(bounds, id)));
    }
  },

  execute(node, values) {
    for (let i = 0; i < node.count; i += 1) {
      let best = -Infinity;
      for (let tap = 0; tap < node.taps; tap += 1) {
        const id = node.gather[i * node.taps + tap]!;
        if (!isAbsent(id)) best = Math.max(best, valueAt(values, id));
      }
      values[node.first + i] = best;
    }
  },

  auxiliary(node, bounds) {
    const windows = Array.from({ length: node.count }, (_, i) => ({
      present: windowOf(node, i).filter((id) => !isAbsent(id)),
      outcome: contests(windowOf(node, i), bounds),
    }));
    return (index, values, aux) => {
      const { present, outcome } = windows[index]!;
      let kept = valueAt(values, present[0]!);
      outcome.forEach((c, k) => {
        const candidate = valueAt(values, present[k + 1]!);
        const larger = Math.max(kept, candidate);
        if (c.winner === 'compare') {
          aux.bits('bit', c.bits, comparedNumber(c.bits, kept, candidate));
          aux.whole('larger', larger - c.lo);
        }
        kept = larger;
      });
    };
  },

  widestBits: rangeBits,
  calibrated: () => ({}),
};

function checkMax(node: IntegerMax, ensure: Ensure): void {
  ensure(node.gather.length === node.count * node.taps, 'window shapes');
  ensure(
    node.gather.every((id) => id === ABSENT || isReadable(id, node.first)),
    'window ids',
  );
  for (let i = 0; i < node.count; i += 1) {
    ensure(
      windowOf(node, i).some((id) => id !== ABSENT),
      'no empty window',
    );
  }
}
