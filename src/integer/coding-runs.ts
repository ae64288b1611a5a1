import type { FeatureCoding } from './integer-graph.ts';

/** Consecutive features that one encoding of an interface describes. */
export interface CodingRun {
  /** Index of the first feature. */
  readonly first: number;
  /** All of one kind; those of kind rank32 are the same. */
  readonly codings: readonly FeatureCoding[];
}

/** The features in order, as few runs as possible; at least one. */
export function codingRuns(codings: readonly FeatureCoding[]): readonly CodingRun[] {
  const runs: { first: number; codings: FeatureCoding[] }[] = [];
  for (const [first, coding] of codings.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && belongTogether(last.codings[0]!, coding)) last.codings.push(coding);
    else runs.push({ first, codings: [coding] });
  }
  return runs;
}

function belongTogether(a: FeatureCoding, b: FeatureCoding): boolean {
  if (a.kind === 'rank32' && b.kind === 'rank32') return a.nan === b.nan;
  return a.kind === b.kind;
}

export function isAffine<C extends FeatureCoding>(
  codings: readonly C[],
): codings is readonly (C & { readonly kind: 'affine' })[] {
  return codings.every(({ kind }) => kind === 'affine');
}
