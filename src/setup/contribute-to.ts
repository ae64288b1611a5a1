import path from 'node:path';
import type {
  AnyModelRecord,
  CeremonySetup,
  SetupContribution,
  VerificationKeyJson,
} from '@quietproof/verify';
import { KEY_FILES } from '../artifact/file-names.ts';
import { stateOf } from '../artifact/setup-file.ts';
import { contribute } from '../ceremony/contribute.ts';
import { ceremonyRecord } from '../ceremony/transcript.ts';
import { refuseReplacing } from '../data/refuse-replacing.ts';
import { readZkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import { verificationKeyOf } from '../key/key-points.ts';
import { writeDurably } from '../store/durable-file.ts';
import { withLock } from '../store/folder-lock.ts';
import { type CheckedAgainst, checkAgainst } from './check-against.ts';
import { contributorFor } from './contributor.ts';
import { keyCheckerFor } from './key-checker-for.ts';
import type { RecordMaker } from './make-artifact-key.ts';
import { requireCeremony } from './require-ceremony.ts';
import {
  changeArtifact,
  commitSetup,
  isFolder,
  readCircuit,
  readKeyFile,
  withStagedKey,
} from './setup-files.ts';

export interface ContributeOptions {
  /** Name of the contributor; public. Default: 'anonymous'. */
  readonly name?: string;
  /** For a bare key: the file for the new key. Default: the old key is replaced. */
  readonly out?: string;
  /** Replace an existing file at `out`. */
  readonly force?: boolean;
  /**
   * What to compare the key with before anything is added: a .r1cs file, without which an artifact's own is taken, and a
   * phase-1 file.
   */
  readonly check?: { readonly r1cs?: string; readonly ptau: string };
  /** For an artifact: makes the record that verifiers pin, to be written with the key. */
  readonly record?: RecordMaker;
}

export interface ContributeResult {
  /** What was added. The contributor should publish its hash. */
  readonly contribution: SetupContribution;
  readonly verificationKey: VerificationKeyJson;
  readonly zkeyFile: string;
  /** What the key was compared with, before the contribution. */
  readonly checked?: CheckedAgainst;
  /** For an artifact: its new setup record; the state is then 'ready'. */
  readonly record?: CeremonySetup;
  /** For an artifact: where the previous key is kept, relative to the artifact. */
  readonly kept?: string;
  /** The record that verifiers pin; only if an artifact is ready. */
  readonly model?: AnyModelRecord;
}

/**
 * Adds one phase-2 contribution to an artifact's key or to a bare .zkey. The randomness comes from the operating system
 * and is discarded. The file is replaced only after the new key has passed every check. An artifact keeps the previous
 * key under its id.
 *
 * @throws QuietproofError QP1004 (`out` exists), QP5013, QP5021, QP5022, QP5024, QP5031, QP5032, QP5034,
 * QP6206 (another process is changing the artifact or key), QP8001–QP8008; with `check` also QP1001, QP500x, QP5011,
 * QP5021
 */
export async function contributeTo(
  target: string,
  options: ContributeOptions = {},
): Promise<ContributeResult> {
  const name = options.name ?? 'anonymous';
  return (await isFolder(target))
    ? changeArtifact(target, () => contributeToArtifact(target, name, options))
    : contributeToKey(target, name, options);
}

async function contributeToArtifact(
  folder: string,
  name: string,
  { check, record: makeRecord }: ContributeOptions,
): Promise<ContributeResult> {
  const record = await requireCeremony(folder);
  const circuit = await readCircuit(folder);
  const zkeyFile = path.join(folder, KEY_FILES.zkey);
  const before = await readKeyFile(zkeyFile);
  checkBelongs(readZkey(before, zkeyFile), circuit.r1cs, zkeyFile);
  const checked = check && (await checkAgainst(before, zkeyFile, check, circuit));
  const bytes = await contribute(before, name, zkeyFile, contributorFor(zkeyFile), keyCheckerFor(zkeyFile));
  const zkey = readZkey(bytes, zkeyFile);
  const verificationKey = verificationKeyOf(zkey);
  const { record: extended, transcript } = ceremonyRecord(zkey, record.ptau);
  const setup = { state: stateOf(extended), record: extended };
  const model = await makeRecord?.(setup, verificationKey, transcript);
  const kept = await withStagedKey(folder, { zkey: bytes }, (stage) =>
    commitSetup(folder, stage, { verificationKey, setup, model }),
  );
  const contribution = extended.contributions.at(-1)!;
  const found = { ...(kept !== undefined && { kept }), ...(model !== undefined && { model }) };
  return { contribution, verificationKey, zkeyFile, record: extended, ...found, ...(checked && { checked }) };
}

async function contributeToKey(
  file: string,
  name: string,
  { out = file, force = false, check }: ContributeOptions,
): Promise<ContributeResult> {
  if (out !== file) await refuseReplacing([out], { force });
  const add = async () => {
    const before = await readKeyFile(file);
    const checked = check && (await checkAgainst(before, file, check));
    const made = await contribute(before, name, file, contributorFor(file), keyCheckerFor(file));
    await writeDurably(out, made);
    return { made, checked };
  };
  // Of two contributions at once to one file, one would be lost.
  const lock = { purpose: 'change', name: `.${path.basename(out)}` } as const;
  const isInFolder = await isFolder(path.dirname(out));
  const { made, checked } = await (isInFolder ? withLock(path.dirname(out), lock, add) : add());
  const zkey = readZkey(made, file);
  const contribution = ceremonyRecord(zkey).record.contributions.at(-1)!;
  const verificationKey = verificationKeyOf(zkey);
  return { contribution, verificationKey, zkeyFile: out, ...(checked && { checked }) };
}
