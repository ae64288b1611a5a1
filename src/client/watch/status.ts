import { type LogTrust, noteKeyText, readCheckpoint } from '@quietproof/verify/log';
import { LIMITS } from '../limits.ts';
import type { WatchedLog, WatchParts } from './parts.ts';
import type { LogStatus, ModelStatus, WatchStatus } from './watch-types.ts';

export function statusOf(parts: WatchParts, log: WatchedLog | undefined): WatchStatus {
  const { state, upstream, now, seen, book } = parts;
  return {
    upstream: upstream.base,
    since: state.began?.since ?? now(),
    now: now(),
    models: modelsOf(parts),
    log: log === undefined ? undefined : logOf(parts, log, log.from),
    lastRound: seen.lastRound,
    unreachableSince: state.doubts.get('reach'),
    unchecked: seen.unchecked,
    alarms: book.alarms,
    notices: book.notices,
    more: book.more,
    limits: LIMITS,
  };
}

function modelsOf({ models, state }: WatchParts): ModelStatus[] {
  const waiting = new Map([...models.keys()].map((id) => [id, { log: 0, proof: 0 }]));
  for (const { record, included, outcome, due } of state.answers.values()) {
    const own = waiting.get(record.model);
    if (own === undefined) continue;
    if (!included) own.log += 1;
    if (outcome === undefined && (record.askAt !== undefined || due !== undefined)) own.proof += 1;
  }
  return [...models.values()].map(({ id, name }) => {
    const counts = state.counts.get(id);
    return {
      id,
      name,
      answers: counts?.answers ?? 0,
      waitingForLog: waiting.get(id)?.log ?? 0,
      waitingForProof: waiting.get(id)?.proof ?? 0,
      proved: counts?.proved ?? 0,
      lastAnswer: counts?.last,
    };
  });
}

function logOf({ state, seen }: WatchParts, log: LogTrust, from: LogStatus['from']): LogStatus {
  const { checkpoint } = state;
  return {
    origin: log.origin,
    keys: log.keys.map(noteKeyText),
    from,
    size: checkpoint === undefined ? 0 : readCheckpoint(checkpoint.text).size,
    checkpoint: checkpoint?.text,
    checkpointAt: checkpoint?.at,
    witnesses: log.witnesses.least,
    witnessedAt: seen.witnessedAt,
    unread: checkpoint?.unread ?? 0,
  };
}
