import {
  type Checkpoint,
  checkCheckpoint,
  checkWitnesses,
  type LogTrust,
  Refusal,
} from '@quietproof/verify/log';
import {
  auditDraws,
  type BeaconChain,
  type CheckedRound,
  type DrawAudit,
  type DrawPolicy,
  readLogEntry,
  type SamplingPolicy,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readEntries } from './log-entries.ts';
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

/**
 * Draws again for a whole log: which answers had to be proved, which of them were not, and what does not follow the policy.
 *
 * @throws QP6540, QP6541 (the log), QP6543 (its policy); Refusal QP7705, QP7706 for a checkpoint that is not the log's
 */
export async function drawAgain(question: DrawAgainQuestion): Promise<DrawnAgain> {
  const { reader, log, beacon, from: first = 0, now } = question;
  const text = await reader.checkpoint();
  const checkpoint = checkCheckpoint(text, { ...log, witnesses: [] });
  const all = await readEntries(reader, checkpoint);
  const { policy, announced } = policyOf(question, all);
  const timeBefore = Math.max(0, ...all.slice(0, first).flatMap(timeOf));
  const seen = [text, ...(question.checkpoints ?? [])].flatMap((one) => seenBy(one, log, now));
  const shared = { origin: log.origin, first, entries: all.slice(first), timeBefore, policy, seen, now };
  const rounds = new Map<number, CheckedRound>();
  const { wanted } = auditDraws({ ...shared, rounds, proved: new Set() });
  for (const number of wanted) {
    const round = await beacon.round(number);
    if (round !== undefined) rounds.set(number, round);
  }
  const { drawn } = auditDraws({ ...shared, rounds, proved: new Set() });
  const proved = await question.proved(new Set(drawn.map(({ leaf }) => leaf)));
  const audit = auditDraws({ ...shared, rounds, proved });
  return { origin: log.origin, size: checkpoint.size, first, policy, announced, audit };
}

/** @throws QP6543 */
function policyOf(
  { policy: given = {}, beacon, from = 0 }: DrawAgainQuestion,
  entries: readonly Uint8Array[],
): Pick<DrawnAgain, 'policy' | 'announced'> {
  const announced = (['share', 'delay', 'within'] as const).filter((part) => given[part] === undefined);
  if (announced.length === 0) {
    const { share, delay, within } = given as Omit<DrawPolicy, 'chain'>;
    return { policy: { share, delay, within, chain: beacon.chain }, announced };
  }
  const said = announcedFrom(entries, from);
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
  entries: readonly Uint8Array[],
  from: number,
): { readonly sample: SamplingPolicy; readonly within: number }[] {
  const latest = new Map<string, { readonly sample: SamplingPolicy; readonly within: number }>();
  const all: { readonly sample: SamplingPolicy; readonly within: number }[] = [];
  for (const [index, bytes] of entries.entries()) {
    const entry = entryIn(bytes);
    if (entry?.kind !== 'model') continue;
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

function timeOf(bytes: Uint8Array): number[] {
  const entry = entryIn(bytes);
  return entry === undefined ? [] : [entry.time];
}

function entryIn(bytes: Uint8Array) {
  try {
    return readLogEntry(bytes);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
