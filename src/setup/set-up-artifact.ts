import { randomBytes, randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type InputInterface, type ModelInterface, type ModelRecord, saltFor } from '@quietproof/verify';
import type { ArtifactManifest } from '../artifact/artifact-manifest.ts';
import { ARTIFACT, KEY_FILES } from '../artifact/file-names.ts';
import { openWitnessCalculator } from '../artifact/open-witness-calculator.ts';
import { weightLeakNotes } from '../artifact/weight-leak.ts';
import { writeModelRecord } from '../bundle/batch-folder.ts';
import { makeModelRecord } from '../bundle/make-model-record.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { WitnessSource } from './check-behaviour.ts';
import { type ContributeOptions, type ContributeResult, contributeTo } from './contribute-to.ts';
import { makeArtifactKey, type SetupOptions, type SetupResult } from './make-artifact-key.ts';
import { isFolder, readSetupFile } from './setup-files.ts';

export interface SetUpResult extends SetupResult {
  /** The record that verifiers pin; missing while the key awaits a contribution. */
  readonly model?: ModelRecord;
}

/** Time limit for testing a key, in seconds: large circuits get fewer than 32 witnesses instead of minutes. */
const BEHAVIOUR_SECONDS = 40;

/**
 * Makes a compiled artifact ready to prove: makes its key, tests it with random witnesses, and writes model.json, the
 * record that verifiers pin. With `source.kind` 'ptau', the artifact then awaits a contribution.
 *
 * @throws QuietproofError QP50xx, QP8001, QP8002
 */
export async function setUpArtifact(folder: string, options: SetupOptions): Promise<SetUpResult> {
  const modelInterface = await readArtifactJson<ModelInterface>(folder, ARTIFACT.interface);
  const witnesses = options.witnesses ?? (await randomWitnesses(folder, modelInterface.input));
  const behaviour = options.behaviour ?? { budgetSeconds: BEHAVIOUR_SECONDS };
  const made = await makeArtifactKey(folder, { ...options, witnesses, behaviour });
  const result = { ...made, notes: [...made.notes, ...weightLeakNotes(modelInterface.input.mode)] };
  const model = await recordArtifact(folder);
  return model === undefined ? result : { ...result, model };
}

export interface ContributedResult extends ContributeResult {
  /** The record that verifiers pin; only if the artifact is ready. */
  readonly model?: ModelRecord;
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
  const result = await contributeTo(target, options);
  if (!(await isFolder(target))) return { ...result, notes: [BARE_KEY] };
  const { input } = await readArtifactJson<ModelInterface>(target, ARTIFACT.interface);
  const notes = weightLeakNotes(input.mode);
  const model = await recordArtifact(target);
  return model === undefined ? { ...result, notes } : { ...result, model, notes };
}

/** A bare key does not say whether its input is public. */
const BARE_KEY =
  'If the input is public, the key can reveal the first layer: its weights are combinations of points in the key';

/** Writes model.json from the artifact's files. Returns undefined while the key awaits a contribution. */
async function recordArtifact(folder: string): Promise<ModelRecord | undefined> {
  const setup = await readSetupFile(folder);
  if (setup?.state !== 'ready') return undefined;
  const [modelInterface, artifact, verificationKey] = await Promise.all([
    readArtifactJson<ModelInterface>(folder, ARTIFACT.interface),
    readArtifactJson<ArtifactManifest>(folder, ARTIFACT.manifest),
    readArtifactJson<ModelRecord['verificationKey']>(folder, KEY_FILES.verificationKey),
  ]);
  // The only date in the chain, and only a claim: ids and everything up to the circuit depend on the inputs alone.
  const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const manifest = { ...artifact.manifest, claims: { date, ...artifact.manifest.claims } };
  const model = makeModelRecord({
    interface: modelInterface,
    manifest,
    setup: setup.record,
    verificationKey,
  });
  await writeModelRecord(path.join(folder, KEY_FILES.model), model);
  return model;
}

async function readArtifactJson<T>(folder: string, name: string): Promise<T> {
  try {
    return JSON.parse(await readFile(path.join(folder, name), 'utf8')) as T;
  } catch (cause) {
    throw new QuietproofError('QP5033', {
      what: `The folder is not a compiled artifact: its ${name} cannot be read`,
      where: folder,
      fix: 'Compile a model first: quietproof compile <model>',
      cause,
    });
  }
}

/** Witnesses of random rows within the input's range, with random salts and contexts. */
async function randomWitnesses(folder: string, input: InputInterface): Promise<WitnessSource> {
  const calculator = await openWitnessCalculator(folder);
  const { max } = input.encoding;
  const count = input.shape.reduce((product, size) => product * size, 1);
  const highest = (i: number) => Number(typeof max === 'string' ? max : max[i]);
  return () => {
    const row = Float64Array.from({ length: count }, (_, i) => randomInt(highest(i) + 1));
    const salt = saltFor(input.mode, () => randomBits(16));
    return calculator.calculate(row, salt, randomBits(31)).witness;
  };
}

function randomBits(bytes: number): bigint {
  return BigInt(`0x${randomBytes(bytes).toString('hex')}`);
}
