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
import { contributorFor } from './contributor.ts';
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
  /** For an artifact: makes the record that verifiers pin, to be written with the key. */
  readonly record?: RecordMaker;
}

export interface ContributeResult {
  /** What was added. The contributor should publish its hash. */
  readonly contribution: SetupContribution;
  readonly verificationKey: VerificationKeyJson;
  readonly zkeyFile: string;
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
 * QP6206 (another process is changing the artifact or key), QP8001–QP8008
 */
export async function contributeTo(
  target: string,
  options: ContributeOptions = {},
): Promise<ContributeResult> {
  const name = options.name ?? 'anonymous';
  return (await isFolder(target))
    ? changeArtifact(target, () => contributeToArtifact(target, name, options.record))
    : contributeToKey(target, name, options);
}

async function contributeToArtifact(
  folder: string,
  name: string,
  makeRecord: RecordMaker | undefined,
): Promise<ContributeResult> {
  const record = await requireCeremony(folder);
  const { r1cs } = await readCircuit(folder);
  const zkeyFile = path.join(folder, KEY_FILES.zkey);
  const before = await readKeyFile(zkeyFile);
  checkBelongs(readZkey(before, zkeyFile), r1cs, zkeyFile);
  const bytes = await contribute(before, name, zkeyFile, contributorFor(zkeyFile));
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
  return { contribution, verificationKey, zkeyFile, record: extended, ...found };
}

async function contributeToKey(
  file: string,
  name: string,
  { out = file, force = false }: ContributeOptions,
): Promise<ContributeResult> {
  if (out !== file) await refuseReplacing([out], { force });
  const add = async () => {
    const made = await contribute(await readKeyFile(file), name, file, contributorFor(file));
    await writeDurably(out, made);
    return made;
  };
  // Of two contributions at once to one file, one would be lost.
  const lock = { purpose: 'change', name: `.${path.basename(out)}` } as const;
  const bytes = await ((await isFolder(path.dirname(out))) ? withLock(path.dirname(out), lock, add) : add());
  const zkey = readZkey(bytes, file);
  const contribution = ceremonyRecord(zkey).record.contributions.at(-1)!;
  return { contribution, verificationKey: verificationKeyOf(zkey), zkeyFile: out };
}
