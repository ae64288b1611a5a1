import type { Interval, Tree } from '../../graph/tree.ts';
import type { OperatorContext } from '../onnx/operator.ts';

/** A value that some operands get, and all others do not. */
export interface Entry {
  readonly passes: readonly Interval[];
  readonly missingPasses: boolean;
  readonly target: number;
  readonly weight: number;
}

/**
 * Values that follow from which of some sets an operand is in: each entry is a tree of one branch, so that all comparisons
 * of an operand share their work.
 *
 * @param source id of the operand
 * @param entries those that no number is in have no effect
 * @param base one per target: what it is without the entries
 * @param refusesMissing whether the file has no answer where the operand is NaN
 * @returns the ids of the targets
 */
export function addLookup(
  context: OperatorContext,
  source: number,
  entries: readonly Entry[],
  base: Float64Array,
  refusesMissing = false,
): Int32Array {
  const { builder, node } = context;
  builder.checkSize(node, 8 * entries.length + base.length);
  const possible = entries.filter(({ passes, missingPasses }) => passes.length > 0 || missingPasses);
  if (possible.length === 0) return builder.constant(node, { shape: [base.length], data: base }).ids;
  const trees = possible.map(
    ({ passes, missingPasses, target, weight }): Tree => ({
      root: 0,
      branches: [{ feature: 0, passes, missingPasses, whenTrue: ~0, whenFalse: ~1 }],
      leaves: [[{ target, weight }], []],
    }),
  );
  const parts = { trees, source: Int32Array.of(source), aggregate: 'sum', base } as const;
  const words = 8 * entries.length + base.length;
  return builder.trees(node, words, refusesMissing ? { ...parts, refusesMissing } : parts);
}
