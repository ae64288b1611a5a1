import path from 'node:path';
import type { SetupContribution, SetupRecord, VerificationKeyJson } from '@quietproof/verify';
import { KEY_FILES } from '../artifact/file-names.ts';
import { contribute } from '../ceremony/contribute.ts';
import { contributionRecords } from '../ceremony/contributions.ts';
import { writeDurably } from '../data/durable-file.ts';
import { readZkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import { stateOf } from '../key/check-key.ts';
import { verificationKeyOf } from '../key/key-points.ts';
import { requireCeremony } from './make-artifact-key.ts';
import { isFolder, readCircuit, readKeyFile, writeSetup } from './setup-files.ts';

export interface ContributeOptions {
  /** Who contributes; public. The default is 'anonymous'. */
  readonly name?: string;
  /** For a bare key: where the new one goes. The default is to replace the old one. */
  readonly out?: string;
}

export interface ContributeResult {
  /** What was added: its hash is for the contributor to publish. */
  readonly contribution: SetupContribution;
  readonly verificationKey: VerificationKeyJson;
  readonly zkeyFile: string;
  /** For an artifact: its new setup record; the state is then 'ready'. */
  readonly record?: SetupRecord;
}

/**
 * Adds one phase-2 contribution to an artifact or to a bare .zkey. The randomness comes from the operating system
 * and is forgotten; the file is replaced only when the new key has passed every check.
 *
 * @throws QuietproofError QP5013, QP5021, QP5022, QP5024, QP5031, QP5032, QP5034, QP8001, QP8002
 */
export async function contributeTo(
  target: string,
  options: ContributeOptions = {},
): Promise<ContributeResult> {
  const name = options.name ?? 'anonymous';
  return (await isFolder(target))
    ? contributeToArtifact(target, name)
    : contributeToKey(target, name, options.out);
}

async function contributeToArtifact(folder: string, name: string): Promise<ContributeResult> {
  const record = await requireCeremony(folder);
  const { r1cs } = await readCircuit(folder);
  const zkeyFile = path.join(folder, KEY_FILES.zkey);
  const before = await readKeyFile(zkeyFile);
  checkBelongs(readZkey(before, zkeyFile), r1cs, zkeyFile);
  const bytes = await contribute(before, name, zkeyFile);
  const zkey = readZkey(bytes, zkeyFile);
  const verificationKey = verificationKeyOf(zkey);
  const contributions = contributionRecords(zkey);
  const extended: SetupRecord = { ...record, contributions };
  await writeSetup(folder, { zkey: bytes }, verificationKey, { state: stateOf(extended), record: extended });
  return { contribution: contributions.at(-1)!, verificationKey, zkeyFile, record: extended };
}

async function contributeToKey(file: string, name: string, out = file): Promise<ContributeResult> {
  const bytes = await contribute(await readKeyFile(file), name, file);
  const zkey = readZkey(bytes, file);
  await writeDurably(out, bytes);
  const contribution = contributionRecords(zkey).at(-1)!;
  return { contribution, verificationKey: verificationKeyOf(zkey), zkeyFile: out };
}
