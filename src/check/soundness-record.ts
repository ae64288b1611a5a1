import type { Soundness, Verdict } from './check-circuit.ts';

/** Content of soundness.json: the outcome of the check, without times. */
export interface SoundnessRecord {
  readonly version: 'quietproof/soundness/v1';
  /** sha256 of the files that were checked. */
  readonly circuit: string;
  readonly integerGraph: string;
  readonly verdict: Verdict;
  readonly claims: Soundness['claims'];
  readonly determinism: Soundness['determinism'];
  readonly range: Soundness['range'];
  readonly correspondence: Soundness['correspondence'];
  /** Number of rows whose witnesses were tried. */
  readonly rows: number;
  readonly weightSignals: readonly string[];
  readonly problems: Soundness['problems'];
  readonly problemCount: number;
  readonly counterexample?: Soundness['counterexample'];
}

/** Number of problems that the file lists at most. */
const MAX_PROBLEMS = 50;

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
    problems: problems.slice(0, MAX_PROBLEMS),
    ...(counterexample !== undefined && { counterexample }),
  };
}
