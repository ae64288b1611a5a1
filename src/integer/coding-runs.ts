import type { CodingOf, FeatureCoding } from './integer-graph.ts';

/** Consecutive features that one encoding of an interface describes. */
export interface CodingRun {
  /** Index of the first feature. */
  readonly first: number;
  /** All of one kind, with missing values or without; those of another kind than affine are the same. */
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
  if (a.kind === 'affine' && b.kind === 'affine') return a.nan === b.nan;
  if (a.kind === 'category' && b.kind === 'category') return haveOneSet(a, b);
  return a.kind === b.kind;
}

function haveOneSet(a: CodingOf<'category'>, b: CodingOf<'category'>): boolean {
  const { values, unknown } = b;
  return (
    a.unknown === unknown && a.values.length === values.length && a.values.every((v, i) => v === values[i])
  );
}

export function isAffine<C extends FeatureCoding>(
  codings: readonly C[],
): codings is readonly (C & { readonly kind: 'affine' })[] {
  return codings.every(({ kind }) => kind === 'affine');
}
