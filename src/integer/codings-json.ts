import { type Reader, readers } from '@quietproof/verify';
import { objectOf } from '../data/json-object.ts';
import { codingRuns, isAffine } from './coding-runs.ts';
import type { CodingOf, FeatureCoding } from './integer-graph.ts';
import { readReals, reals } from './json-form.ts';

/** The members of an input that say what its integers stand for: offsets and steps if all are affine, else the runs. */
export interface CodingsJson {
  readonly offset?: Float64Array;
  readonly step?: Float64Array;
  readonly codings?: readonly RunJson[];
}

type RunJson = AffineJson | (CodingOf<'rank32' | 'category'> & { readonly count: number });

interface AffineJson {
  readonly kind: 'affine';
  readonly offset: Float64Array;
  readonly step: Float64Array;
  readonly nan?: 'coded';
}

/** As they are in integer-graph.json. */
export function codingsJson(codings: readonly FeatureCoding[]): object {
  // One run without missing values is written without its kind.
  if (isAffine(codings) && codings.every(({ nan }) => nan === undefined)) return affineJson(codings);
  return {
    codings: codingRuns(codings).map(({ codings: run }) => {
      if (isAffine(run)) {
        const [{ nan } = {}] = run;
        return { kind: 'affine', ...affineJson(run), ...(nan !== undefined && { nan }) };
      }
      return { ...run[0]!, count: run.length };
    }),
  };
}

function affineJson(codings: readonly CodingOf<'affine'>[]): object {
  return {
    offset: reals(codings.map(({ offset }) => offset)),
    step: reals(codings.map(({ step }) => step)),
  };
}

const { asObject, integer, list, literal, refuse, text } = readers;

const RUNS: { readonly [Kind in RunJson['kind']]: Reader<RunJson> } = {
  affine: objectOf<AffineJson>(
    { kind: literal('affine'), offset: readReals, step: readReals },
    { nan: literal('coded') },
  ),
  rank32: objectOf<Extract<RunJson, { kind: 'rank32' }>>(
    { kind: literal('rank32'), nan: literal('refused', 'coded'), count: integer(1) },
    {},
  ),
  category: objectOf<Extract<RunJson, { kind: 'category' }>>(
    {
      ...{ kind: literal('category'), values: list(text, 1) },
      ...{ unknown: literal('refused', 'coded'), count: integer(1) },
    },
    {},
  ),
};

const readRun: Reader<RunJson> = (json, at) =>
  RUNS[literal('affine', 'rank32', 'category')(asObject(json, at).get('kind'), `${at}.kind`)](json, at);

export const readRuns = list(readRun, 1);

/** @param at of the input */
export function readCodings({ offset, step, codings }: CodingsJson, at: string): FeatureCoding[] {
  if (codings === undefined) return affineCodings({ offset, step }, at);
  if (offset !== undefined || step !== undefined) return refuse(at, 'has its codings twice');
  return codings.flatMap((run, k): FeatureCoding[] => {
    if (run.kind === 'affine') return affineCodings(run, `${at}.codings[${k}]`);
    const { count, ...coding } = run;
    return Array.from({ length: count }, () => coding);
  });
}

function affineCodings(
  { offset, step, nan }: { readonly [K in 'offset' | 'step' | 'nan']?: AffineJson[K] | undefined },
  at: string,
): FeatureCoding[] {
  if (offset === undefined || step === undefined || offset.length !== step.length)
    return refuse(at, 'must have as many offsets as steps');
  const missing = nan === undefined ? {} : { nan };
  return Array.from(offset, (own, i) => ({ kind: 'affine', offset: own, step: step[i]!, ...missing }));
}
