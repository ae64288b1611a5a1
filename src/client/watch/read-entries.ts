import { Refusal } from '@quietproof/verify';
import { logProofText, readCheckpoint, TileTree } from '@quietproof/verify/log';
import {
  EVIDENCE_VERSION,
  type LogEntry,
  type ModelEntry,
  readLogEntry,
  type SignedEntry,
} from '@quietproof/verify/seal';
import { shown } from '../log/evidence-of.ts';
import type { PlacedEntry, WatchRecord } from '../store/watch-store.ts';
import { type CosignedTimes, contradiction } from './cosigned-times.ts';
import { alarm, notice, type WatchedLog, type WatchParts } from './parts.ts';

export interface NewEntries {
  /** Index of the first. */
  readonly from: number;
  readonly entries: readonly Uint8Array[];
  /** The checkpoint that covers them. */
  readonly text: string;
  readonly times: CosignedTimes;
}

interface PlacedText {
  readonly index: number;
  readonly text: string;
  readonly entry: LogEntry;
}

export interface ReadEntries {
  readonly records: readonly (WatchRecord | undefined)[];
  /** The last one whose time is known, these or before. */
  readonly last: PlacedEntry | undefined;
}

/** What new entries of the log say that a user has to know. */
export async function readEntriesOf(
  parts: WatchParts,
  log: WatchedLog,
  { from, entries, text: checkpoint, times }: NewEntries,
): Promise<ReadEntries> {
  const records: (WatchRecord | undefined)[] = [];
  let misdated = false;
  let before = lastEntry(parts);
  for (const [k, bytes] of entries.entries()) {
    const one = placed(from + k, bytes);
    if (one === undefined) continue;
    if (before !== undefined && one.entry.time < before.entry.time) {
      records.push(await wentBack(parts, log, before, one, checkpoint));
    }
    const wrong = contradiction(one.entry, times, parts.policy);
    // A clock that is wrong dates all entries alike: the first says it for all.
    if (wrong !== undefined && !misdated) records.push(datedWrongly(parts, one, wrong));
    misdated ||= wrong !== undefined;
    records.push(...(one.entry.kind === 'model' ? announced(parts, one, one.entry) : answered(parts, one)));
    before = one;
  }
  return { records, last: before && { index: before.index, entry: before.text } };
}

/** Of kinds that this version does not know, only the place counts. */
function placed(index: number, bytes: Uint8Array): PlacedText | undefined {
  try {
    return { index, text: new TextDecoder().decode(bytes), entry: readLogEntry(bytes) };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function lastEntry({ state }: WatchParts): PlacedText | undefined {
  const last = state.checkpoint?.last;
  return last && placed(last.index, new TextEncoder().encode(last.entry));
}

async function wentBack(
  parts: WatchParts,
  log: WatchedLog,
  before: PlacedText,
  after: PlacedText,
  checkpoint: string,
): Promise<WatchRecord | undefined> {
  const tree = new TileTree(readCheckpoint(checkpoint).size, parts.files.tile);
  const signed = async ({ index, text }: PlacedText): Promise<SignedEntry> => {
    const path = await tree.inclusionPath(index);
    return { kind: 'logged', entry: text, proof: logProofText({ index, path, checkpoint }) };
  };
  const [first, second] = [await signed(before), await signed(after)];
  const evidence = shown({ version: EVIDENCE_VERSION, kind: 'clock', first, second }, log, parts.now());
  const detail = `Entry ${after.index} is dated ${after.entry.time}, after ${before.entry.time} of entry ${before.index}.`;
  return alarm(parts, 'clock-back', {
    subject: `${before.index}-${after.index}`,
    detail,
    cause: 'QP7755',
    index: after.index,
    since: after.entry.time,
    ...(evidence !== undefined && { evidence }),
  });
}

function datedWrongly(parts: WatchParts, { index, entry }: PlacedText, why: string): WatchRecord | undefined {
  const detail = `Entry ${index} ${why}`;
  const own = { subject: `cosigned-${index}`, detail, cause: 'QP7755', index, since: entry.time } as const;
  return alarm(parts, 'clock-back', own);
}

function announced(
  parts: WatchParts,
  { index, text }: PlacedText,
  entry: ModelEntry,
): (WatchRecord | undefined)[] {
  const { state, models } = parts;
  const { modelId, name, modelVersion, time, retires = [], policy } = entry;
  const record = { kind: 'announced', index, entry: text } as const;
  // What was announced before the watch began is no news.
  if (time < (state.began?.since ?? 0)) return [record];
  const common = { model: modelId, index, since: time };
  const news = [];
  const retired = retires.filter((id) => models.has(id));
  if (!models.has(modelId) || retired.length > 0) {
    const left = retired.map((id) => ` Model ${id} answers no longer.`).join('');
    const detail = `Model ${modelId}, ${name} ${modelVersion}, answers from entry ${index} on.${left}`;
    news.push(notice(parts, 'announced-version', { ...common, subject: `${modelId}-${index}`, detail }));
  }
  const last = state.announced.get(modelId)?.last.entry.policy;
  if (models.has(modelId) && last !== undefined && JSON.stringify(last) !== JSON.stringify(policy)) {
    const detail = `It was ${JSON.stringify(last)}, and is ${JSON.stringify(policy)}.`;
    news.push(notice(parts, 'other-policy', { ...common, subject: `${modelId}-${index}`, detail }));
  }
  return [record, ...news];
}

function answered(parts: WatchParts, { index, entry }: PlacedText): (WatchRecord | undefined)[] {
  if (entry.kind !== 'answer') return [];
  const twice = parts.state.placeOf(entry.leaf);
  if (twice === undefined || twice === index) return [];
  const detail = `The statement of entry ${twice} stands in the log again, as entry ${index}.`;
  const own = { subject: `entry-${index}`, detail, cause: 'QP7756', index, since: entry.time };
  return [alarm(parts, 'replayed-receipt', own)];
}
