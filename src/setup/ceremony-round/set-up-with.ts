import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type CeremonySetup, readStatementFile } from '@quietproof/verify';
import { KEY_FILES } from '../../artifact/file-names.ts';
import { readSetupFile } from '../../artifact/setup-file.ts';
import type { Beacon } from '../../ceremony/beacon.ts';
import type { RoundRequest, ServiceInfo } from '../../ceremony/rounds/round-types.ts';
import { sha256 } from '../../data/sha256.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { pointsOfKey } from '../../formats/points-file.ts';
import { readZkey } from '../../formats/zkey.ts';
import { readSigningKey } from '../../sign/signing-key.ts';
import { makeFolder, statementPlace } from '../../sign/statement-place.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { withLock } from '../../store/folder-lock.ts';
import type { SetupResult } from '../make-artifact-key.ts';
import { requireCeremony } from '../require-ceremony.ts';
import { setUpArtifact } from '../set-up-artifact.ts';
import { type ArtifactCircuit, readCircuit, readKeyFile } from '../setup-files.ts';
import type { SetupSource } from '../setup-source.ts';
import { type AskOptions, askContributor, RoundEnded } from './ask-contributor.ts';
import { checkReturned, type Step } from './check-returned.ts';
import { RoundArchive, type RoundResult } from './round-archive.ts';
import { type ClientOptions, RoundClient } from './round-client.ts';

export interface SetUpWithOptions extends Omit<ClientOptions, 'key'>, AskOptions {
  /** Addresses of contributor services, in the order of their contributions. */
  readonly urls: readonly string[];
  /** A private key in PEM: the services know its public half. */
  readonly key: string;
  /** Phase 1, for an artifact that has no key yet. */
  readonly ptau?: string;
  /** Send the divided points alone. */
  readonly blind?: boolean;
  /** Ends the ceremony, after all of the contributors. */
  readonly beacon?: Beacon;
  readonly beaconName?: string;
  /** Replace a development key. */
  readonly force?: boolean;
  /** Called before each contributor, and when one is done. */
  readonly onStep?: (step: string) => void;
}

export interface ContributorStep {
  readonly url: string;
  /** Name under which it contributed. */
  readonly name: string;
  readonly index: number;
  readonly keyId: string;
  /** Whether it compared the key with circuit and phase 1. */
  readonly checked: boolean;
  /** Where its signed statement is. */
  readonly statement: string;
}

export interface SetUpWithResult {
  readonly steps: readonly ContributorStep[];
  readonly record: CeremonySetup;
  /** What the last step made; missing if everything was done before. */
  readonly setup?: SetupResult;
}

/** Fewer trials of the keys in between: each is replaced, and the last one is tried in full. */
const BETWEEN = { count: 2 };

/**
 * Runs a ceremony with contributor services, one after the other: sends each the key or its points, checks what comes back
 * and takes it in. What was sent and received stays in `ceremony/` of the artifact. After an interruption, or an error
 * of one contributor, the same call goes on where it stopped, with the same contributors or others.
 *
 * @throws QuietproofError QP6520 to QP6524, which name the contributor; QP50xx; QP6206 if another process does the same
 */
export async function setUpWith(artifact: string, options: SetUpWithOptions): Promise<SetUpWithResult> {
  const key = await readSigningKey(options.key);
  const clients = options.urls.map((url) => new RoundClient(url, { ...options, key }));
  const twice = options.urls.find((url, at) => options.urls.indexOf(url) !== at);
  if (twice !== undefined) throw new QuietproofError('QP1001', { what: `${twice} is named twice` });
  return withLock(artifact, { purpose: 'change', name: '.ceremony' }, async () => {
    const begun = await begin(artifact, options);
    let setup = begun;
    const steps: ContributorStep[] = [];
    for (const [at, client] of clients.entries()) {
      const isLast = at === clients.length - 1 && options.beacon === undefined;
      const { made, step } = await contributeWith(artifact, client, options, isLast);
      steps.push(step);
      setup = made ?? setup;
    }
    setup = (await end(artifact, options)) ?? setup;
    return { steps, record: await requireCeremony(artifact), ...(setup && { setup }) };
  });
}

async function begin(artifact: string, options: SetUpWithOptions): Promise<SetupResult | undefined> {
  const existing = await readSetupFile(artifact);
  if (existing?.record.kind === 'ceremony') return undefined;
  const { ptau, force = false } = options;
  if (ptau === undefined) return requireCeremony(artifact).then(() => undefined);
  options.onStep?.('making the key that the ceremony starts from');
  return setUpArtifact(artifact, { source: { kind: 'ptau', file: ptau }, ...(force && { force }) });
}

async function end(artifact: string, options: SetUpWithOptions): Promise<SetupResult | undefined> {
  const { beacon, beaconName } = options;
  if (beacon === undefined) return undefined;
  const last = readZkey(await readKeyFile(path.join(artifact, KEY_FILES.zkey))).transcript.contributions.at(
    -1,
  );
  const isSame = last?.kind === 'beacon' && Buffer.compare(last.beacon!.hash, beacon.hash) === 0;
  if (isSame) return undefined;
  options.onStep?.('adding the beacon');
  const source: SetupSource = {
    kind: 'beacon',
    beacon,
    ...(beaconName !== undefined && { name: beaconName }),
  };
  return setUpArtifact(artifact, { source });
}

interface Contributed {
  readonly step: ContributorStep;
  /** Missing if it was done before. */
  readonly made?: SetupResult;
}

async function contributeWith(
  artifact: string,
  client: RoundClient,
  options: SetUpWithOptions,
  isLast: boolean,
): Promise<Contributed> {
  const zkeyFile = path.join(artifact, KEY_FILES.zkey);
  const before = await readKeyFile(zkeyFile);
  const rounds = (await RoundArchive.all(artifact)).filter(({ round }) => round.url === client.url);
  const done = await roundOf(rounds, before);
  if (done !== undefined) return { step: await keepStatement(artifact, done.round, done.result) };
  options.onStep?.(`asking ${client.url}`);
  const circuit = await readCircuit(artifact);
  const archive =
    (await heldRound(rounds, before)) ??
    (await roundWith(artifact, client, rounds, before, circuit, options));
  const { request, contributor } = archive.round;
  const step: Step = { before, circuit, request, info: contributor, url: client.url };
  const { key, result } = await obtain(client, archive, step, options);
  const made = await takeIn(artifact, archive, key, isLast);
  // What it keeps for us it need not keep any longer.
  await client.forget(archive.round.id).catch(() => {});
  return { step: await keepStatement(artifact, archive, result), made };
}

/** A round on this key whose result is here, and was not taken in: its contributor need not be there any more. */
async function heldRound(
  rounds: readonly RoundArchive[],
  before: Uint8Array,
): Promise<RoundArchive | undefined> {
  for (const one of rounds) {
    if ((await one.isRefused()) || (await one.result()) === undefined) continue;
    const { kind, file } = one.round.request;
    if (sha256(kind === 'key' ? before : pointsOfKey(readZkey(before))) === file.sha256) return one;
  }
  return undefined;
}

/** The round that was begun with a contributor on this key, or a new one. */
async function roundWith(
  artifact: string,
  client: RoundClient,
  rounds: readonly RoundArchive[],
  before: Uint8Array,
  circuit: ArtifactCircuit,
  { blind = false }: SetUpWithOptions,
): Promise<RoundArchive> {
  const info = await client.info();
  const { request, sent } = await requestFor(artifact, circuit, before, info, blind);
  const open = await openRound(rounds, info, request);
  if (open !== undefined) return open;
  const after = readZkey(before).transcript.contributions.length;
  const contributor = { keyId: info.keyId, key: info.key };
  return RoundArchive.begin(artifact, { url: client.url, contributor, request, after }, sent);
}

/** What is sent: everything with which the contributor can compare, unless the rest of the key is to stay here. */
async function requestFor(
  artifact: string,
  circuit: ArtifactCircuit,
  before: Uint8Array,
  info: ServiceInfo,
  blind: boolean,
): Promise<{ readonly request: RoundRequest; readonly sent: Uint8Array }> {
  const { ptau } = await requireCeremony(artifact);
  const phase1 = info.phase1.some(({ blake2b }) => blake2b === ptau?.blake2b) ? ptau?.blake2b : undefined;
  const sent = blind ? pointsOfKey(readZkey(before)) : before;
  const file = describe(sent);
  const compared = phase1 === undefined ? {} : { phase1 };
  if (blind) return { sent, request: { kind: 'points', file, ...compared } };
  const r1cs = phase1 === undefined ? {} : { r1cs: describe(circuit.bytes), phase1 };
  return { sent, request: { kind: 'key', file, ...r1cs } };
}

function describe(content: Uint8Array) {
  return { sha256: sha256(content), bytes: content.length };
}

/** A round of the same contributor on the same key, which was begun before. */
async function openRound(
  rounds: readonly RoundArchive[],
  info: ServiceInfo,
  request: RoundRequest,
): Promise<RoundArchive | undefined> {
  for (const one of rounds.toReversed()) {
    const isSame = JSON.stringify(one.round.request) === JSON.stringify(request);
    if (isSame && one.round.contributor.keyId === info.keyId && !(await one.isRefused())) return one;
  }
  return undefined;
}

/** What the contributor made of the key, asked for or already here, after it was checked. */
async function obtain(
  client: RoundClient,
  archive: RoundArchive,
  step: Step,
  options: SetUpWithOptions,
): Promise<{ readonly key: Uint8Array; readonly result: RoundResult }> {
  let result = await archive.result();
  try {
    const r1cs = step.request.r1cs === undefined ? undefined : step.circuit.bytes;
    result ??= await askContributor(client, archive, await readKeyFile(archive.file('sent')), r1cs, options);
    const key = await checkReturned(step, result);
    await archive.keep(result);
    return { key, result };
  } catch (error) {
    const isItsFault = error instanceof QuietproofError && ['QP6521', 'QP6523'].includes(error.code);
    if (isItsFault || error instanceof RoundEnded) await archive.refuse(error as QuietproofError, result);
    throw error;
  }
}

async function takeIn(
  artifact: string,
  archive: RoundArchive,
  key: Uint8Array,
  isLast: boolean,
): Promise<SetupResult> {
  const file = path.join(archive.folder, 'next.tmp');
  await writeDurably(file, key);
  try {
    const source: SetupSource = { kind: 'import', file };
    return await setUpArtifact(artifact, { source, ...(!isLast && { behaviour: BETWEEN }) });
  } finally {
    await rm(file, { force: true });
  }
}

/** The round whose contribution the key has already. */
async function roundOf(
  rounds: readonly RoundArchive[],
  key: Uint8Array,
): Promise<{ readonly round: RoundArchive; readonly result: RoundResult } | undefined> {
  const steps = readZkey(key).transcript.contributions;
  for (const round of rounds) {
    const result = (await round.isRefused()) ? undefined : await round.result();
    if (result === undefined) continue;
    const { predicate, predicateType } = readStatementFile(result.statement).statement;
    const isContribution = predicateType === 'https://quietproof.dev/attestation/contribution/v1';
    const step = isContribution && 'index' in predicate ? steps[predicate.index - 1] : undefined;
    if (step === undefined || !('transcript' in predicate)) continue;
    if (Buffer.from(step.transcript).toString('hex') === predicate.transcript) return { round, result };
  }
  return undefined;
}

async function keepStatement(
  artifact: string,
  { round }: RoundArchive,
  { statement }: RoundResult,
): Promise<ContributorStep> {
  const index = round.after + 1;
  const file = await statementPlace(artifact, `contribution-${index}`, { id: round.contributor.keyId });
  await makeFolder(path.dirname(file));
  await writeDurably(file, statement);
  const { contributions } = await requireCeremony(artifact);
  const { predicate } = readStatementFile(statement).statement;
  const checked = 'checked' in predicate && predicate.checked !== undefined;
  const name = contributions[round.after]?.name ?? '';
  return { url: round.url, name, index, keyId: round.contributor.keyId, checked, statement: file };
}
