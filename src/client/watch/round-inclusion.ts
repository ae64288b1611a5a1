import {
  type CheckedCheckpoint,
  equal,
  leafHash,
  logProofText,
  rootFromInclusion,
  TileTree,
} from '@quietproof/verify/log';
import { EVIDENCE_VERSION } from '@quietproof/verify/seal';
import { shown } from '../log/evidence-of.ts';
import { UnreadableLog } from '../log/log-files.ts';
import type { WatchRecord } from '../store/watch-store.ts';
import { alarm, type WatchedLog, type WatchParts } from './parts.ts';
import type { KeptAnswer } from './watch-state.ts';

/** Records that are written together. */
const MOST_TOGETHER = 500;

/**
 * Looks whether the log holds what it promised.
 *
 * @param checkpoint as it was shown now
 * @throws Unreached, UnreadableLog
 */
export async function checkInclusion(
  parts: WatchParts,
  log: WatchedLog,
  checkpoint: CheckedCheckpoint,
  text: string,
): Promise<void> {
  const { state, journal, files } = parts;
  const tree = new TileTree(checkpoint.size, files.tile);
  const waiting = [...state.answers.values()].filter(
    ({ included, outcome }) => !included && outcome !== 'failed',
  );
  let records: (WatchRecord | undefined)[] = [];
  for (const answer of waiting) {
    records.push(...(await lookFor(parts, log, { checkpoint, text, tree }, answer)));
    if (records.length < MOST_TOGETHER) continue;
    await journal.write(...records);
    records = [];
  }
  await journal.write(...records);
}

interface Shown {
  readonly checkpoint: CheckedCheckpoint;
  readonly text: string;
  readonly tree: TileTree;
}

async function lookFor(
  parts: WatchParts,
  log: WatchedLog,
  shownTree: Shown,
  answer: KeptAnswer,
): Promise<(WatchRecord | undefined)[]> {
  const { now, policy } = parts;
  const { checkpoint, tree } = shownTree;
  const { index, includeBy, receiptId, model, entry } = answer.record;
  if (index >= checkpoint.size) {
    if (now() <= includeBy + policy.grace.inclusion) return [];
    return [broken(parts, log, shownTree, answer)];
  }
  const path = await tree.inclusionPath(index);
  const leads = (bytes: Uint8Array) => {
    const root = rootFromInclusion(leafHash(bytes), { index, size: checkpoint.size, path });
    return root !== undefined && equal(root, checkpoint.root);
  };
  if (leads(new TextEncoder().encode(entry))) return afterInclusion(parts, answer, checkpoint);
  for await (const [instead] of parts.files.entries(index, index + 1)) {
    if (instead === undefined || !leads(instead)) break;
    const other = new TextDecoder().decode(instead);
    const proof = logProofText({ index, path, checkpoint: shownTree.text });
    const { promise } = answer.record;
    const logged = { kind: 'logged', entry: other, proof } as const;
    const evidence = shown(
      { version: EVIDENCE_VERSION, kind: 'replaced', promise, instead: logged },
      log,
      now(),
    );
    const told = alarm(parts, 'entry-dropped', {
      subject: receiptId,
      detail: `Entry ${index} is ${other}.`,
      model,
      receiptId,
      index,
      since: answer.record.at,
      ...(evidence !== undefined && { evidence }),
    });
    return [told, { kind: 'progress', receiptId, what: 'failed', at: now() }];
  }
  throw new UnreadableLog(`The files of the log do not lead from entry ${index} to its checkpoint`);
}

/** It is in the log. Of a model that nobody expects: whether the log had said so before. */
function afterInclusion(
  parts: WatchParts,
  { record }: KeptAnswer,
  { size }: CheckedCheckpoint,
): (WatchRecord | undefined)[] {
  const { models, state, now } = parts;
  const { receiptId, model, index, at } = record;
  const progress: WatchRecord = { kind: 'progress', receiptId, what: 'included', at: now() };
  const allRead = state.checkpoint?.unread === 0 && size > index;
  if (models.has(model) || !allRead) return [progress];
  const first = state.announced.get(model)?.first.index;
  if (first !== undefined && first < index) return [progress];
  const detail = `Model ${model} answers at entry ${index}, and no entry before it announces that.`;
  return [
    progress,
    alarm(parts, 'unannounced-version', { subject: model, detail, model, receiptId, index, since: at }),
  ];
}

function broken(
  parts: WatchParts,
  log: WatchedLog,
  { checkpoint, text }: Shown,
  { record }: KeptAnswer,
): WatchRecord | undefined {
  const { index, includeBy, receiptId, model, promise } = record;
  const overdue = { version: EVIDENCE_VERSION, kind: 'overdue', promise, checkpoint: text } as const;
  // It can be shown only when witnesses have seen the log without it for a while.
  const evidence = () => (log.witnesses.least === 0 ? undefined : shown(overdue, log, parts.now()));
  return alarm(parts, 'broken-promise', {
    subject: receiptId,
    detail: `Entry ${index} was due, and the log has ${checkpoint.size} entries.`,
    model,
    receiptId,
    index,
    since: includeBy,
    evidence,
  });
}
