import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { AnyModelRecord, SetupV2, VerificationKeyJson } from '@quietproof/verify';
import { artifactState } from '../artifact/artifact-state.ts';
import { KEPT_KEYS, KEY_FILES } from '../artifact/file-names.ts';
import { type KeyState, readSetupFile, type SetupFile, stateOf } from '../artifact/setup-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readZkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import { checkKey } from '../key/check-key.ts';
import { type BehaviourOptions, checkSetupBehaviour, type WitnessSource } from './check-behaviour.ts';
import { keyCheckerFor } from './key-checker-for.ts';
import { makeKey } from './make-key.ts';
import { changeArtifact, commitSetup, type KeyFiles, readCircuit, withStagedKey } from './setup-files.ts';
import type { MakeKeyOptions, SetupSource } from './setup-source.ts';
import { withTrialProver } from './trial-prover.ts';

/** Reading the artifact; making or importing the key; checking its points; proving with it; writing. */
export type SetupPhase = 'read' | 'key' | 'points' | 'trial' | 'write';

export interface SetupOptions extends MakeKeyOptions {
  /** Makes random witnesses of the circuit. Without it, the key's behaviour is not tested. */
  readonly witnesses?: WitnessSource;
  readonly behaviour?: Pick<BehaviourOptions, 'count' | 'budgetSeconds'>;
  /** Called when the setup enters a phase. */
  readonly onPhase?: (phase: SetupPhase) => void;
  /** Makes the record that verifiers pin, to be written with the key. Without it, model.json is removed. */
  readonly record?: RecordMaker;
}

/** The model record for a new key; undefined while it awaits a contribution. */
export type RecordMaker = (
  setup: SetupFile,
  verificationKey: VerificationKeyJson,
  /** Content of the transcript that the setup names. */
  transcript?: Uint8Array,
) => Promise<AnyModelRecord | undefined>;

export interface SetupResult {
  readonly state: KeyState;
  readonly record: SetupV2;
  readonly verificationKey: VerificationKeyJson;
  /** The circuit id of the r1cs the key was made for or compared with. */
  readonly circuitId: string;
  readonly zkeyBytes: number;
  /** Where the previous key is kept, relative to the artifact; missing if there was none. */
  readonly kept?: string;
  /** The record that verifiers pin; missing while the key awaits a contribution. */
  readonly model?: AnyModelRecord;
  /** What was tested or could not be checked, one sentence each, to show to the user. */
  readonly notes: readonly string[];
}

/**
 * Gives an artifact its key: circuit.zkey, verification-key.json and setup.json. An existing key is replaced only by one
 * that continues its ceremony, or with `force`, and only after the new key has passed every check. The old key is kept
 * under its id. The artifact is locked meanwhile, and its files are replaced in one step.
 *
 * @throws QuietproofError QP500x (ceremony file), QP501x (other files), QP502x (the key fails a check), QP503x
 * (artifact; QP5036: it has a key), QP6206 (another process is changing it), QP8001–QP8008
 */
export function makeArtifactKey(folder: string, options: SetupOptions): Promise<SetupResult> {
  return changeArtifact(folder, () => replaceKey(folder, options));
}

async function replaceKey(folder: string, options: SetupOptions): Promise<SetupResult> {
  const circuit = await readCircuit(folder);
  if (!options.force) await requireNoKey(folder, options.source);
  options.onPhase?.('key');
  const made = await makeKey(folder, circuit, options);
  options.onPhase?.('points');
  const file = path.join(folder, KEY_FILES.zkey);
  const zkey = readZkey(made.key.zkey, file);
  checkBelongs(zkey, circuit.r1cs, file);
  const state = stateOf(made.record);
  const verificationKey = await checkKey(zkey, state, file, keyCheckerFor(file));
  return withStagedKey(folder, made.key, async (stage) => {
    options.onPhase?.('trial');
    const notes = [
      ...made.notes,
      await testBehaviour(stage.folder, made.key, verificationKey, state, options),
    ];
    options.signal?.throwIfAborted();
    options.onPhase?.('write');
    const { record, transcript } = made;
    const setup = { state, record };
    const model = await options.record?.(setup, verificationKey, transcript);
    const kept = await commitSetup(folder, stage, { verificationKey, setup, model });
    const { circuitId } = circuit;
    const zkeyBytes = made.key.zkey.length;
    const found = { ...(kept !== undefined && { kept }), ...(model !== undefined && { model }) };
    return { state, record, verificationKey, circuitId, zkeyBytes, ...found, notes };
  });
}

/**
 * An existing key may be the work of a ceremony, and the model id of every proof under it depends on it. What continues
 * the artifact's own ceremony may replace it, as a contribution does. That is checked later.
 */
async function requireNoKey(folder: string, source: SetupSource): Promise<void> {
  const files = [KEY_FILES.zkey, KEY_FILES.setup].map((name) => path.join(folder, name));
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  if (source.kind === 'beacon' || found.every((one) => one === undefined)) return;
  if (source.kind === 'import' && source.ptau === undefined) {
    if ((await readSetupFile(folder))?.record.kind === 'ceremony') return;
  }
  const setup = await readSetupFile(folder).catch(() => undefined);
  const { words, next } = artifactState(folder, setup?.record);
  const force = `add --force to replace the key; the old one is then kept in ${KEPT_KEYS}/`;
  throw new QuietproofError('QP5036', {
    what: `The artifact ${setup === undefined ? 'has a key' : words} already: with another key it would be another model`,
    where: folder,
    fix:
      setup === undefined ? `To begin again, ${force}` : `Go on with \`${next}\`; to begin again, ${force}`,
  });
}

/**
 * Witnesses for a key made here, where each takes nearly half as long as a proof. One computation makes the points of all
 * wires, so a fault in it is one of nearly every wire, and one witness shows it; in LeNet, 8 have another value than 0 on
 * 94 % of the wires and 32 on 97 %. No verdict relies on it: whatever remained wrong, `prove` refuses its own proofs. A key
 * from elsewhere is tried with more, since its faults may be single points.
 */
const DEVELOPMENT_WITNESSES = 8;

/** @param folder of the key's files; what a prover derives from them stays there */
async function testBehaviour(
  folder: string,
  key: KeyFiles,
  verificationKey: VerificationKeyJson,
  state: KeyState,
  { source, witnesses, behaviour = {}, signal, backend }: SetupOptions,
): Promise<string> {
  if (state !== 'ready') return 'Not tested with witnesses: nothing can be proved before a contribution';
  if (witnesses === undefined) return 'Not tested with witnesses';
  return withTrialProver(folder, verificationKey, backend, async (prover) => {
    const isOneByOne = prover !== undefined && source.kind !== 'import';
    const few = isOneByOne && { count: DEVELOPMENT_WITNESSES };
    const options = { ...few, ...behaviour, prover, ...(signal && { signal }) };
    return (await checkSetupBehaviour(key.zkey, verificationKey, witnesses, options)).summary;
  });
}
