import type { WatchRecord } from '@quietproof/client';
import { Refusal } from '@quietproof/verify';
import { type AnswerEntry, openPromise, readLogEntry } from '@quietproof/verify/seal';
import { readCheckedLine } from '../../store/checked-lines.ts';
import { linesOf } from '../state/lines.ts';
import { badList } from './read-list.ts';

type AnswerRecord = Extract<WatchRecord, { readonly kind: 'answer' }>;
type SeenRecord = Extract<WatchRecord, { readonly kind: 'seen' }>;

/** File of a watch's records, in the folder where it keeps its state. */
export const WATCH_FILE = 'records.jsonl';
const OTHER_KINDS: ReadonlySet<WatchRecord['kind']> = new Set([
  ...(['watch', 'log', 'progress', 'checkpoint', 'announced', 'told', 'acknowledged', 'ended'] as const),
  ...(['evidence', 'other', 'doubt', 'counts'] as const),
]);

/** An answer that a customer got, by the copy that the customer's watch keeps. */
export interface KeptAnswer {
  readonly origin: string;
  readonly index: number;
  readonly receiptId: string;
  /** Of its entry; missing for one of which the watch keeps no more than that it was there. */
  readonly leaf?: string;
  /** Seconds since 1970. */
  readonly includeBy?: number;
  readonly proveBy?: number;
  readonly record?: AnswerRecord;
}

/**
 * The answers in the copy of a watch. An answer whose log is not known is left out: there is no such record in what a
 * watch writes.
 *
 * @throws QP6601 for a file that no watch has written, or that is damaged before its last line
 */
export async function* answersIn(file: string): AsyncGenerator<KeptAnswer> {
  let origin: string | undefined;
  let torn: number | undefined;
  let number = 0;
  for await (const { text } of linesOf(file)) {
    number += 1;
    const value = recordIn(text);
    if (value === undefined) {
      torn ??= number;
      continue;
    }
    if (torn !== undefined) throw badList('The copy of the watch is damaged', `${file}, line ${torn}`);
    if (value.kind === 'log') origin = value.origin;
    if (value.kind === 'answer') yield keptOf(value, origin, `${file}, line ${number}`);
    if (value.kind === 'seen' && origin !== undefined) yield seenOf(value, origin);
  }
  if (number === 0 || torn === 1) throw badList('This is no copy of a watch', file);
}

function recordIn(text: string): WatchRecord | undefined {
  const line = readCheckedLine(Buffer.from(text));
  const value = Array.isArray(line) ? (line[2] as WatchRecord | undefined) : undefined;
  const kind = value?.kind;
  const isKnown = kind === 'answer' || kind === 'seen' || (kind !== undefined && OTHER_KINDS.has(kind));
  return isKnown ? value : undefined;
}

function keptOf(record: AnswerRecord, origin: string | undefined, where: string): KeptAnswer {
  try {
    const { leaf } = readLogEntry(record.entry) as AnswerEntry;
    const { receiptId, index, includeBy, proveBy } = record;
    if (!/^[0-9a-f]{64}$/.test(receiptId) || typeof leaf !== 'string' || origin === undefined) {
      throw badList('The copy of the watch has an answer that is none', where);
    }
    return {
      ...{ origin, index, receiptId, leaf, includeBy, record },
      ...(proveBy !== undefined && { proveBy }),
    };
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw badList('The copy of the watch has an answer whose entry cannot be read', where, cause);
  }
}

function seenOf({ receiptId, index }: SeenRecord, origin: string): KeptAnswer {
  return { origin, index, receiptId };
}

/** Whether the log has signed that this answer will stand at its place. */
export function isPromised(
  { record, leaf, index }: KeptAnswer,
  log: Parameters<typeof openPromise>[1],
): boolean {
  if (record === undefined) return false;
  try {
    const { promised, entry } = openPromise(record.promise, log);
    return entry.leaf === leaf && promised.index === index && promised.includeBy === record.includeBy;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
