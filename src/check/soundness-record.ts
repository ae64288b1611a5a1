import type { Soundness, Verdict } from './check-circuit.ts';

/** Content of soundness.json: the evidence's outcome, in canonical order, without times. */
export interface SoundnessRecord {
  readonly version: 'quietproof/soundness/v1';
  /** sha256 of what was checked. */
  readonly circuit: string;
  readonly integerGraph: string;
  readonly verdict: Verdict;
  readonly claims: Soundness['claims'];
  readonly determinism: Soundness['determinism'];
  readonly range: Soundness['range'];
  readonly correspondence: Soundness['correspondence'];
  /** Rows whose witnesses were tried as well. */
  readonly rows: number;
  readonly weightSignals: readonly string[];
  readonly problems: Soundness['problems'];
  readonly problemCount: number;
  readonly counterexample?: Soundness['counterexample'];
}

/** Problems that the file holds. */
const MOST_PROBLEMS = 50;

export function soundnessRecord(
  soundness: Soundness,
  ids: { readonly circuit: string; readonly integerGraph: string },
  rows: number,
): SoundnessRecord {
  const { problems, counterexample, ...rest } = soundness;
  return {
    version: 'quietproof/soundness/v1',
    ...ids,
    ...rest,
    rows,
    problems: problems.slice(0, MOST_PROBLEMS),
    ...(counterexample !== undefined && { counterexample }),
  };
}
