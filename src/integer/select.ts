import { lowerBound, rangeBits, upperBound, valueAt } from './bounds.ts';
import { requireConditions } from './conditions.ts';
import type { Select } from './integer-graph.ts';
import { areReadable } from './invariants.ts';
import { integers, readIds } from './json-form.ts';
import type { Primitive } from './primitive.ts';

const auxiliaries = {} as const;

/** A choice between two values by a third that is 0 or 1 (circuits/select.circom): 1 constraint per output. */
export const select: Primitive<Select, typeof auxiliaries> = {
  op: 'select',
  template: { name: 'Select', file: 'select.circom' },
  auxiliaries,

  sources: ({ condition, whenTrue, whenFalse }) => [condition, whenTrue, whenFalse],

  check(node, ensure) {
    for (const ids of select.sources(node)) {
      ensure(ids.length === node.count && areReadable(ids, node.first), 'sources');
    }
  },

  writeJson: ({ condition, whenTrue, whenFalse }) => ({
    condition: integers(condition),
    whenTrue: integers(whenTrue),
    whenFalse: integers(whenFalse),
  }),
  fields: { condition: readIds, whenTrue: readIds, whenFalse: readIds },

  bound(node, bounds) {
    requireConditions(node, bounds);
    for (let i = 0; i < node.count; i += 1) {
      const [x, y] = [node.whenTrue[i]!, node.whenFalse[i]!];
      bounds.lo[node.first + i] = Math.min(lowerBound(bounds, x), lowerBound(bounds, y));
      bounds.hi[node.first + i] = Math.max(upperBound(bounds, x), upperBound(bounds, y));
    }
  },

  execute({ first, count, condition, whenTrue, whenFalse }, values) {
    for (let i = 0; i < count; i += 1) {
      const id = valueAt(values, condition[i]!) === 1 ? whenTrue[i]! : whenFalse[i]!;
      values[first + i] = valueAt(values, id);
    }
  },

  auxiliary: () => undefined,
  widestBits: rangeBits,
  calibrated: () => ({}),
};
