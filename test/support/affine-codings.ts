import type { FeatureCoding, IntegerInput } from '../../src/integer/integer-graph.ts';

/** The codings of features by their offsets and steps. */
export function affineCodings(offset: ArrayLike<number>, step: ArrayLike<number>): FeatureCoding[] {
  return Array.from(offset, (own, i) => ({ kind: 'affine', offset: own, step: step[i]! }));
}

/** Offsets and steps of features that are all affine. */
export function stepsOf({ codings }: Pick<IntegerInput, 'codings'>): {
  offset: Float64Array;
  step: Float64Array;
} {
  const affine = codings.map((coding) => {
    if (coding.kind !== 'affine') throw new TypeError(`a feature is coded as ${coding.kind}`);
    return coding;
  });
  return {
    offset: Float64Array.from(affine, ({ offset }) => offset),
    step: Float64Array.from(affine, ({ step }) => step),
  };
}
