import { weightLeakNotes } from '../artifact/weight-leak.ts';
import { settleFolder } from '../store/staged-files.ts';
import { type ContributeOptions, type ContributeResult, contributeTo } from './contribute-to.ts';
import { makeArtifactKey, type SetupOptions, type SetupResult } from './make-artifact-key.ts';
import { randomWitnesses } from './random-witnesses.ts';
import { readArtifactReading, readCompiledParts, recordOf } from './record-artifact.ts';
import { isFolder } from './setup-files.ts';

/** Time limit for testing a key, in seconds: large circuits get fewer than 32 witnesses instead of minutes. */
const BEHAVIOUR_SECONDS = 40;

/**
 * Makes a compiled artifact ready to prove: makes its key, tests it with random witnesses, and writes model.json, the
 * record that verifiers pin. With `source.kind` 'ptau', the artifact then awaits a contribution.
 *
 * @throws QuietproofError QP50xx, QP8001, QP8002
 */
export async function setUpArtifact(folder: string, options: SetupOptions): Promise<SetupResult> {
  await settleFolder(folder);
  const reading = await readArtifactReading(folder);
  await readCompiledParts(folder);
  const witnesses = options.witnesses ?? (await randomWitnesses(folder, reading));
  const behaviour = options.behaviour ?? { budgetSeconds: BEHAVIOUR_SECONDS };
  const made = await makeArtifactKey(folder, {
    record: (...made) => recordOf(folder, ...made),
    ...options,
    witnesses,
    behaviour,
  });
  return { ...made, notes: [...made.notes, ...weightLeakNotes(reading.input.mode)] };
}

export interface ContributedResult extends ContributeResult {
  /** What the contributor should know, one sentence each, to show to the user. */
  readonly notes: readonly string[];
}

/**
 * Adds one contribution to an artifact's key or to a bare .zkey. An artifact is then ready to prove.
 *
 * @throws QuietproofError QP1004, QP50xx, QP8001, QP8002
 */
export async function contributeToArtifact(
  target: string,
  options: ContributeOptions = {},
): Promise<ContributedResult> {
  const result = await contributeTo(target, {
    record: (...made) => recordOf(target, ...made),
    ...options,
  });
  if (!(await isFolder(target))) return { ...result, notes: [BARE_KEY] };
  const { input } = await readArtifactReading(target);
  return { ...result, notes: weightLeakNotes(input.mode) };
}

/** A bare key does not say whether its input is public. */
const BARE_KEY =
  'If the input is public, the key can reveal the first layer: its weights are combinations of points in the key';
