import {
  type Checkpoint,
  checkCheckpoint,
  checkWitnesses,
  type LogTrust,
  Refusal,
} from '@quietproof/verify/log';
import {
  type BeaconChain,
  type CheckedRound,
  type DrawAudit,
  DrawAuditor,
  type DrawPolicy,
  type ModelEntry,
  readLogEntry,
  roundTime,
  type SamplingPolicy,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { eachEntry } from './log-entries.ts';
import type { LogReader } from './log-reader.ts';

/** The beacon's rounds, which are checked by their signatures. */
export interface BeaconRounds {
  readonly chain: BeaconChain;
  /** Undefined for a round that is not to be had. */
  round(number: number): Promise<CheckedRound | undefined>;
}

export interface DrawAgainQuestion {
  readonly reader: LogReader;
  readonly log: LogTrust;
  readonly beacon: BeaconRounds;
  /** What the log was promised to follow. Parts that are missing are as its own entries announce them. */
  readonly policy?: Partial<Omit<DrawPolicy, 'chain'>>;
  /** Index of the first entry that is examined. Default: 0. */
  readonly from?: number;
  /** Checkpoints that were kept: cosigned ones show what was in the log when. */
  readonly checkpoints?: readonly string[];
  /** Which of these leaves have a bundle whose verdict is accepted. */
  readonly proved: (leaves: ReadonlySet<string>) => Promise<ReadonlySet<string>>;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface DrawnAgain {
  readonly origin: string;
  readonly size: number;
  readonly first: number;
  readonly policy: DrawPolicy;
  /** Parts of the policy that nobody but the log has said. */
  readonly announced: readonly (keyof DrawPolicy)[];
  readonly audit: DrawAudit;
}

/** Rounds that are kept: entries name them in order. */
const KEPT_ROUNDS = 64;

/**
 * Draws again for a whole log: which answers had to be proved, which of them were not, and what does not follow the policy.
 * It reads the entries twice, first for what they announce, and holds one bundle of them at a time.
 *
 * @throws QP6540, QP6541 (the log), QP6543 (its policy); Refusal QP7705, QP7706 for a checkpoint that is not the log's
 */
export async function drawAgain(question: DrawAgainQuestion): Promise<DrawnAgain> {
  const { reader, log, beacon, from: first = 0, now } = question;
  const text = await reader.checkpoint();
  const checkpoint = checkCheckpoint(text, { ...log, witnesses: [] });
  const models: PlacedModel[] = [];
  let timeBefore = 0;
  await eachEntry(reader, checkpoint, (index, bytes) => {
    const entry = entryIn(bytes);
    if (entry?.kind === 'model') models.push({ index, entry });
    if (index < first && entry !== undefined) timeBefore = Math.max(timeBefore, entry.time);
  });
  const { policy, announced } = policyOf(question, models);
  const seen = [text, ...(question.checkpoints ?? [])].flatMap((one) => seenBy(one, log, now));
  const rounds = new Map<number, CheckedRound>();
  const auditor = new DrawAuditor({ origin: log.origin, timeBefore, policy, rounds, seen, now });
  await eachEntry(reader, checkpoint, async (index, bytes) => {
    if (index < first) return;
    const number = roundNamedIn(bytes, beacon.chain, now);
    if (number !== undefined) await fetchRound(beacon, number, rounds);
    auditor.add(index, bytes);
  });
  const audit = auditor.result(await question.proved(auditor.drawn));
  return { origin: log.origin, size: checkpoint.size, first, policy, announced, audit };
}

interface PlacedModel {
  readonly index: number;
  readonly entry: ModelEntry;
}

/** The round that an entry names, if it is out. */
function roundNamedIn(bytes: Uint8Array, chain: BeaconChain, now: number): number | undefined {
  const entry = entryIn(bytes);
  const draw = entry?.kind === 'answer' ? entry.draw : undefined;
  return draw?.beacon === chain.hash && roundTime(chain, draw.round) <= now ? draw.round : undefined;
}

async function fetchRound(
  beacon: BeaconRounds,
  number: number,
  rounds: Map<number, CheckedRound>,
): Promise<void> {
  if (rounds.has(number)) return;
  const round = await beacon.round(number);
  if (round === undefined) return;
  if (rounds.size >= KEPT_ROUNDS) rounds.delete(rounds.keys().next().value!);
  rounds.set(number, round);
}

/** @throws QP6543 */
function policyOf(
  { policy: given = {}, beacon, from = 0 }: DrawAgainQuestion,
  models: readonly PlacedModel[],
): Pick<DrawnAgain, 'policy' | 'announced'> {
  const announced = (['share', 'delay', 'within'] as const).filter((part) => given[part] === undefined);
  if (announced.length === 0) {
    const { share, delay, within } = given as Omit<DrawPolicy, 'chain'>;
    return { policy: { share, delay, within, chain: beacon.chain }, announced };
  }
  const said = announcedFrom(models, from);
  const beacons = new Set(said.map(({ sample }) => sample.beacon));
  if (said.length === 0 || [...beacons].some((hash) => hash !== beacon.chain.hash)) {
    throw new QuietproofError('QP6543', {
      what: 'The log announces no draws by this beacon',
      fix: 'Say what it was to follow: share, delay and time for proofs',
    });
  }
  const only = <T>(part: string, values: readonly T[]): T => {
    if (new Set(values).size === 1) return values[0]!;
    throw new QuietproofError('QP6543', {
      what: `The log announces several policies, which differ in their ${part}`,
      fix: 'Say which one it was to follow, and from which entry on',
    });
  };
  const own = {
    share:
      given.share ??
      only(
        'share',
        said.map(({ sample }) => sample.share),
      ),
    delay:
      given.delay ??
      only(
        'delay',
        said.map(({ sample }) => sample.delay),
      ),
    within:
      given.within ??
      only(
        'time for proofs',
        said.map(({ within }) => within),
      ),
  };
  return { policy: { ...own, chain: beacon.chain }, announced };
}

/** Sampling policies that hold for entries from one on. */
function announcedFrom(
  models: readonly PlacedModel[],
  from: number,
): { readonly sample: SamplingPolicy; readonly within: number }[] {
  const latest = new Map<string, { readonly sample: SamplingPolicy; readonly within: number }>();
  const all: { readonly sample: SamplingPolicy; readonly within: number }[] = [];
  for (const { index, entry } of models) {
    const { sample, within } = entry.policy;
    for (const id of entry.retires ?? []) if (index < from) latest.delete(id);
    if (sample === undefined) latest.delete(entry.modelId);
    else if (index < from) latest.set(entry.modelId, { sample, within });
    else all.push({ sample, within });
  }
  return [...latest.values(), ...all];
}

function seenBy(
  text: string,
  log: LogTrust,
  now: number,
): { readonly size: number; readonly time: number }[] {
  try {
    const checkpoint: Checkpoint = checkCheckpoint(text, { ...log, witnesses: [] });
    const { existedBy } = checkWitnesses(checkpoint, log, now);
    return existedBy === undefined ? [] : [{ size: checkpoint.size, time: existedBy }];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

function entryIn(bytes: Uint8Array) {
  try {
    return readLogEntry(bytes);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
