import { type Bounds, lowerBound, rangeBits, signedBits, upperBound, valueAt } from './bounds.ts';
import { type Contest, comparedNumber, contest } from './contest.ts';
import type { Argmax } from './integer-graph.ts';
import { areReadable } from './invariants.ts';
import { integers, readIds } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/**
 * The contests of an argmax. The kept value has the lower index and so wins ties. Hence the ranges decide for it if
 * kept.lo ≥ candidate.hi, but against it only if candidate.lo > kept.hi. Where candidate.lo = kept.hi, which decides a
 * max, an argmax must still compare: with 2 bits at least, since the template takes a 1 for a candidate that always wins.
 */
export function argmaxContests(node: Argmax, bounds: Bounds): Contest[] {
  const range = (id: number) => ({ lo: lowerBound(bounds, id), hi: upperBound(bounds, id) });
  const results: Contest[] = [];
  let kept = range(node.source[0]!);
  for (const id of node.source.subarray(1)) {
    const candidate = range(id);
    const plain = contest(kept, candidate);
    const tie = plain.winner === 'candidate' && candidate.lo === kept.hi;
    const bits = Math.max(2, signedBits(kept.lo - candidate.hi, kept.hi - candidate.lo));
    const next: Contest = tie ? { ...plain, winner: 'compare', bits } : plain;
    results.push(next);
    kept = next;
  }
  return results;
}

/** Per comparison: its bits and, where `ArgmaxCarry` says so, the larger value and its index. */
const auxiliaries = { bit: 'bits', larger: 'whole', index: 'whole' } as const;

/** The lowest index of the largest source (circuits/argmax.circom). */
export const argmax: Primitive<Argmax, typeof auxiliaries> = {
  op: 'argmax',
  template: { name: 'Argmax', file: 'argmax.circom' },
  auxiliaries,

  sources: (node) => [node.source],

  check(node, ensure) {
    ensure(node.count === 1, 'one output');
    ensure(node.source.length > 1 && areReadable(node.source, node.first), 'sources');
  },

  writeJson: ({ source }) => ({ source: integers(source) }),
  fields: { source: readIds },

  bound(node, bounds) {
    bounds.lo[node.first] = 0;
    bounds.hi[node.first] = node.source.length - 1;
  },

  execute(node, values) {
    let best = 0;
    for (let i = 1; i < node.source.length; i += 1) {
      if (valueAt(values, node.source[i]!) > valueAt(values, node.source[best]!)) best = i;
    }
    values[node.first] = best;
  },

  auxiliary(node, bounds) {
    const outcome = argmaxContests(node, bounds);
    const carries = argmaxCarries(outcome);
    return (_, values, aux) => {
      let best = 0;
      let nextCarry = 0;
      outcome.forEach((c, k) => {
        const kept = valueAt(values, node.source[best]!);
        const candidate = valueAt(values, node.source[k + 1]!);
        if (candidate > kept) best = k + 1;
        if (c.winner !== 'compare') return;
        const carry = carries[nextCarry]!;
        nextCarry += 1;
        aux.bits('bit', c.bits, comparedNumber(c.bits, kept, candidate));
        if (carry.larger) aux.whole('larger', Math.max(kept, candidate) - c.lo);
        if (carry.index) aux.whole('index', best);
      });
    };
  },

  widestBits: rangeBits,
  calibrated: () => ({}),
};

/** Which wires a comparison needs in addition to its bits. */
export interface ArgmaxCarry {
  /** The larger value: not needed after the last candidate. */
  readonly larger: boolean;
  /** The index: not needed for a choice between two constants, which is linear in the top bit. */
  readonly index: boolean;
}

/** One entry per comparison, in the order of the template's signals. */
export function argmaxCarries(outcome: readonly Contest[]): ArgmaxCarry[] {
  const carries: ArgmaxCarry[] = [];
  let isConstant = true;
  outcome.forEach((c, k) => {
    if (c.winner === 'candidate') isConstant = true;
    if (c.winner !== 'compare') return;
    carries.push({ larger: k < outcome.length - 1, index: !isConstant });
    isConstant = false;
  });
  return carries;
}
