import { Refusal } from '@quietproof/verify';
import { type CheckedCheckpoint, checkWitnesses, readCheckpoint } from '@quietproof/verify/log';
import { shownFork, shownTruncation } from '../log/evidence-of.ts';
import { encodePeaks, follow, frontierOf, type Growth, ownCheckpoint } from '../log/follow.ts';
import { UnreadableLog } from '../log/log-files.ts';
import type { CheckpointRecord } from '../store/watch-store.ts';
import { cosignedTimes, isWitnessed } from './cosigned-times.ts';
import { doubt, settle } from './doubts.ts';
import { alarm, messageOf, type WatchedLog, type WatchParts } from './parts.ts';
import { readEntriesOf } from './read-entries.ts';

/**
 * Looks how the log went on: its checkpoint, who has seen it, and its new entries.
 *
 * @returns the checkpoint that was followed, undefined if there is none that can be relied on
 * @throws Unreached
 */
export async function followLog(parts: WatchParts, log: WatchedLog): Promise<CheckedCheckpoint | undefined> {
  const { files, policy, state } = parts;
  try {
    const text = await files.checkpoint();
    const checkpoint = ownCheckpoint(text, log);
    const last = state.checkpoint;
    const before = frontierOf(last, last === undefined ? 0 : readCheckpoint(last.text).size);
    const growth = await follow(files, before, checkpoint, policy.mostEntries);
    if (growth.kind !== 'grown') {
      await doesNotFit(parts, log, growth.kind, text);
      return undefined;
    }
    await settle(parts, 'log', (since) => [`unreadable/log/${since}`]);
    await grown(parts, log, growth, text);
    await lookAtWitnesses(parts, log, checkpoint);
    return checkpoint;
  } catch (error) {
    if (!(error instanceof UnreadableLog) && !(error instanceof Refusal)) throw error;
    await unreadable(parts, log, error);
    return undefined;
  }
}

type Grown = Extract<Growth, { kind: 'grown' }>;

async function grown(parts: WatchParts, log: WatchedLog, growth: Grown, text: string): Promise<void> {
  const { state, journal, now } = parts;
  const last = state.checkpoint;
  const from = last === undefined ? 0 : readCheckpoint(last.text).size;
  const { frontier, entries } = growth;
  if (last !== undefined && frontier.size === from) {
    await sameTree(parts, log, last, text);
    return;
  }
  const times = cosignedTimes(last?.text, text, log, now());
  const read = entries && (await readEntriesOf(parts, log, { from, entries, text, times }));
  const unread = (last?.unread ?? 0) + (entries === undefined ? frontier.size - from : 0);
  const own = { kind: 'checkpoint', text, at: now(), peaks: encodePeaks(frontier), unread } as const;
  await journal.write(...(read?.records ?? []), {
    ...own,
    ...(read?.last !== undefined && { last: read.last }),
  });
}

/** Only later, or with other signatures: those of witnesses are what shows to others that the tree was there. */
async function sameTree(
  { journal, state, now }: WatchParts,
  log: WatchedLog,
  last: CheckpointRecord,
  text: string,
): Promise<void> {
  const [before, after] = [last.text, text].map((one) => isWitnessed(one, log, now()));
  const latest = { ...last, text: before && !after ? last.text : text, at: now() };
  if (after && !before) await journal.write(latest);
  else state.checkpoint = latest;
}

/** Caches may show an older checkpoint or older files for a while. What is signed twice cannot be a cache. */
async function doesNotFit(
  parts: WatchParts,
  log: WatchedLog,
  kind: 'smaller' | 'other',
  text: string,
): Promise<void> {
  const { state, files, journal, now, policy } = parts;
  const last = state.checkpoint?.text;
  if (last === undefined) {
    const told = new UnreadableLog('The entries of the log do not lead to its checkpoint');
    return unreadable(parts, log, told);
  }
  const [older, newer] = kind === 'smaller' ? [text, last] : [last, text];
  files.forget();
  const fork = await shownFork({ older, newer, tile: files.tile }, log, now());
  const sizes = `Its checkpoint had ${readCheckpoint(last).size} entries, and has ${readCheckpoint(text).size}.`;
  const { since, lasted } = await doubt(parts, 'log');
  if (fork !== undefined) {
    const subject = `${readCheckpoint(older).size}-${readCheckpoint(newer).size}`;
    const detail = `${sizes} One is not the beginning of the other.`;
    await journal.write(alarm(parts, 'log-forked', { subject, detail, since, evidence: fork }));
    return;
  }
  if (lasted < policy.grace.log) return;
  if (kind === 'smaller') {
    const evidence = () => shownTruncation(last, text, log, now());
    const subject = `${readCheckpoint(last).size}`;
    await journal.write(alarm(parts, 'log-shrank', { subject, detail: sizes, since, evidence }));
    return;
  }
  const detail = `${sizes} The files of the log lead from neither to the other.`;
  await journal.write(alarm(parts, 'unreadable', { subject: `log/${since}`, detail, since }));
}

async function unreadable(parts: WatchParts, log: WatchedLog, error: Error): Promise<void> {
  const { journal, policy } = parts;
  const { since, lasted } = await doubt(parts, 'log');
  if (error instanceof Refusal && (error.code === 'QP7706' || error.code === 'QP7703')) {
    const detail = `The checkpoint of ${log.origin}: ${error.message}.`;
    await journal.write(
      alarm(parts, 'key-retired', { subject: `log/${since}`, detail, cause: error.code, since }),
    );
    return;
  }
  if (lasted < policy.grace.log) return;
  const cause = error instanceof Refusal ? { cause: error.code } : {};
  const detail = `The log: ${messageOf(error)}.`;
  await journal.write(alarm(parts, 'unreadable', { subject: `log/${since}`, detail, since, ...cause }));
}

/** Whether those whom the user asks have seen the checkpoint. */
async function lookAtWitnesses(
  parts: WatchParts,
  log: WatchedLog,
  checkpoint: CheckedCheckpoint,
): Promise<void> {
  const { policy, now, journal } = parts;
  if (log.witnesses.least === 0) return;
  try {
    checkWitnesses(checkpoint, log, now());
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'QP7710') throw error;
    const { since, lasted } = await doubt(parts, 'witnesses');
    if (lasted < policy.grace.witnesses) return;
    const own = { subject: `${since}`, detail: `${error.message}.`, cause: error.code, since };
    await journal.write(alarm(parts, 'unwitnessed', own));
    return;
  }
  parts.seen.witnessedAt = now();
  await settle(parts, 'witnesses', (since) => [`unwitnessed/${since}`]);
}
