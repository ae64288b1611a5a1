import { Refusal } from '@quietproof/verify';
import { type CheckedCheckpoint, checkWitnesses, readCheckpoint } from '@quietproof/verify/log';
import { shownFork, shownTruncation } from '../log/evidence-of.ts';
import { encodePeaks, follow, frontierOf, type Growth, ownCheckpoint } from '../log/follow.ts';
import { UnreadableLog } from '../log/log-files.ts';
import type { WatchRecord } from '../store/watch-store.ts';
import { cosignedTimes } from './cosigned-times.ts';
import { alarm, messageOf, type WatchedLog, type WatchParts } from './parts.ts';
import { readEntriesOf } from './read-entries.ts';

/**
 * Looks how the log went on: its checkpoint, who has seen it, and its new entries.
 *
 * @returns the checkpoint that was followed, undefined if there is none that can be relied on
 * @throws Unreached
 */
export async function followLog(parts: WatchParts, log: WatchedLog): Promise<CheckedCheckpoint | undefined> {
  const { files, policy, state, journal, doubts } = parts;
  try {
    const text = await files.checkpoint();
    const checkpoint = ownCheckpoint(text, log);
    const last = state.checkpoint;
    const before = frontierOf(last, last === undefined ? 0 : readCheckpoint(last.text).size);
    const growth = await follow(files, before, checkpoint, policy.mostEntries);
    const witnessed = lookAtWitnesses(parts, log, checkpoint);
    if (growth.kind !== 'grown') {
      await doesNotFit(parts, log, growth.kind, text);
      return undefined;
    }
    doubts.clear('log');
    await grown(parts, log, growth, text);
    await journal.write(...witnessed);
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
    // Only later, or with more signatures: kept in memory as the latest.
    state.checkpoint = { ...last, text, at: now() };
    return;
  }
  const times = cosignedTimes(last?.text, text, log, now());
  const records =
    entries === undefined ? [] : await readEntriesOf(parts, log, { from, entries, text, times });
  const unread = (last?.unread ?? 0) + (entries === undefined ? frontier.size - from : 0);
  const end = entries?.at(-1);
  const own = { kind: 'checkpoint', text, at: now(), peaks: encodePeaks(frontier), unread } as const;
  await journal.write(...records, {
    ...own,
    ...(end !== undefined && { last: new TextDecoder().decode(end) }),
  });
}

/** Caches may show an older checkpoint or older files for a while. What is signed twice cannot be a cache. */
async function doesNotFit(
  parts: WatchParts,
  log: WatchedLog,
  kind: 'smaller' | 'other',
  text: string,
): Promise<void> {
  const { state, files, journal, now, policy, doubts } = parts;
  const last = state.checkpoint?.text;
  if (last === undefined) {
    const told = new UnreadableLog('The entries of the log do not lead to its checkpoint');
    return unreadable(parts, log, told);
  }
  const [older, newer] = kind === 'smaller' ? [text, last] : [last, text];
  files.forget();
  const fork = await shownFork({ older, newer, tile: files.tile }, log, now());
  const sizes = `Its checkpoint had ${readCheckpoint(last).size} entries, and has ${readCheckpoint(text).size}.`;
  const since = doubts.since('log', now());
  if (fork !== undefined) {
    const subject = `${readCheckpoint(older).size}-${readCheckpoint(newer).size}`;
    const detail = `${sizes} One is not the beginning of the other.`;
    await journal.write(alarm(parts, 'log-forked', { subject, detail, since, evidence: fork }));
    return;
  }
  if (now() - since < policy.grace.log) return;
  if (kind === 'smaller') {
    const truncation = shownTruncation(last, text, log, now());
    const evidence = truncation === undefined ? {} : { evidence: truncation };
    const subject = `${readCheckpoint(last).size}`;
    await journal.write(alarm(parts, 'log-shrank', { subject, detail: sizes, since, ...evidence }));
    return;
  }
  const detail = `${sizes} The files of the log lead from neither to the other.`;
  await journal.write(alarm(parts, 'unreadable', { subject: `log/${since}`, detail, since }));
}

async function unreadable(parts: WatchParts, log: WatchedLog, error: Error): Promise<void> {
  const { journal, now, policy, doubts } = parts;
  const since = doubts.since('log', now());
  if (error instanceof Refusal && (error.code === 'QP7706' || error.code === 'QP7703')) {
    const detail = `The checkpoint of ${log.origin}: ${error.message}.`;
    await journal.write(
      alarm(parts, 'key-retired', { subject: `log/${since}`, detail, cause: error.code, since }),
    );
    return;
  }
  if (now() - since < policy.grace.log) return;
  const cause = error instanceof Refusal ? { cause: error.code } : {};
  const detail = `The log: ${messageOf(error)}.`;
  await journal.write(alarm(parts, 'unreadable', { subject: `log/${since}`, detail, since, ...cause }));
}

/** Whether those whom the user asks have seen the checkpoint, and whether its times fit theirs. */
function lookAtWitnesses(
  parts: WatchParts,
  log: WatchedLog,
  checkpoint: CheckedCheckpoint,
): (WatchRecord | undefined)[] {
  const { policy, now, doubts, state } = parts;
  if (log.witnesses.least === 0) return [];
  try {
    checkWitnesses(checkpoint, log, now());
    const since = doubts.get('witnesses');
    doubts.clear('witnesses');
    parts.seen.witnessedAt = now();
    const id = `unwitnessed/${since}`;
    const standing = since !== undefined && state.book.find(id) !== undefined;
    return standing ? [{ kind: 'ended', id, at: now() }] : [];
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'QP7710') throw error;
    const since = doubts.since('witnesses', now());
    if (now() - since < policy.grace.witnesses) return [];
    return [
      alarm(parts, 'unwitnessed', {
        subject: `${since}`,
        detail: `${error.message}.`,
        cause: error.code,
        since,
      }),
    ];
  }
}
