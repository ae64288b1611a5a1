import { Refusal } from '@quietproof/verify';
import { readCheckpoint } from '@quietproof/verify/log';
import { shownFork } from '../log/evidence-of.ts';
import { ownCheckpoint } from '../log/follow.ts';
import { WatchError } from '../refusals.ts';
import type { WatchRecord } from '../store/watch-store.ts';
import { Unreached, Upstream } from '../upstream.ts';
import { alarm, notice, type WatchedLog, type WatchParts } from './parts.ts';

const MOST_CHECKPOINT = 1 << 16;

/**
 * Takes a checkpoint that somebody else was shown.
 *
 * @throws WatchError QP7772 unless the log has signed it
 */
export async function takeOther(parts: WatchParts, log: WatchedLog, text: string): Promise<void> {
  try {
    ownCheckpoint(text, log);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new WatchError('QP7772', { where: error.message });
  }
  if (!parts.state.others.has(text)) await parts.journal.write({ kind: 'other', text, done: false });
}

/** Compares what others were shown with the own last checkpoint, as soon as that is as large. @throws Unreached */
export async function compareOthers(parts: WatchParts, log: WatchedLog): Promise<void> {
  const { state, journal, files, now } = parts;
  const own = state.checkpoint?.text;
  if (own === undefined) return;
  const { size } = readCheckpoint(own);
  for (const other of [...state.others]) {
    const theirs = readCheckpoint(other).size;
    if (theirs > size) {
      const detail = `It has ${theirs} entries, the own one ${size}.`;
      await journal.write(notice(parts, 'compare-later', { subject: `${theirs}`, detail, since: now() }));
      continue;
    }
    const evidence = await shownFork({ older: other, newer: own, tile: files.tile }, log, now());
    const done: WatchRecord = { kind: 'other', text: other, done: true };
    if (evidence === undefined) {
      await journal.write(done);
      continue;
    }
    const detail = `Others were shown a tree of ${theirs} entries that is not the beginning of the own one of ${size}.`;
    await journal.write(
      alarm(parts, 'log-forked', { subject: `${theirs}-${size}`, detail, since: now(), evidence }),
      done,
    );
  }
}

/** Fetches what others show. Whoever cannot be reached is asked again in the next round. */
export async function fetchOthers(parts: WatchParts, log: WatchedLog): Promise<void> {
  for (const address of parts.policy.others ?? []) {
    const other = new Upstream(address, { fetch: parts.fetch, headers: () => ({}) });
    try {
      const { status, bytes } = await other.ask('', { most: MOST_CHECKPOINT });
      if (status === 200) await takeOther(parts, log, new TextDecoder().decode(bytes));
    } catch (error) {
      if (!(error instanceof Unreached) && !(error instanceof WatchError)) throw error;
    }
  }
}
