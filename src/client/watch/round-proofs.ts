import { type PreparedKey, verifyBundle } from '@quietproof/verify';
import type { WatchRecord } from '../store/watch-store.ts';
import { Unreached } from '../upstream.ts';
import { alarm, type WatchParts } from './parts.ts';
import type { KeptAnswer } from './watch-state.ts';

const MOST_BUNDLE = 8 * 1024 * 1024;
/** Requests at a time: the endpoint has others to answer. */
const AT_ONCE = 4;
/** Seconds between looks at a proof that is not there. */
const LONGEST_PAUSE = 60;
const DEFAULT_WITHIN = 3600;
/** A prepared key is megabytes. */
const keys = new Map<string, PreparedKey>();

/**
 * Asks for the proofs that the user wants, and checks those that are there. What is said instead of a proof does not
 * matter: by its deadline there is one or there is none.
 *
 * @throws Unreached if one of them could not be asked for; all were tried
 */
export async function lookAtProofs(parts: WatchParts): Promise<void> {
  const now = parts.now();
  const wanted = [...parts.state.answers.values()].filter((answer) => isWanted(parts, answer, now));
  let unreached: Unreached | undefined;
  const next = wanted.values();
  const work = async () => {
    for (const answer of next) {
      try {
        await lookAt(parts, answer);
      } catch (error) {
        if (!(error instanceof Unreached)) throw error;
        unreached = error;
        answer.nextLook = parts.now() + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (unreached !== undefined) throw unreached;
}

function isWanted(parts: WatchParts, answer: KeptAnswer, now: number): boolean {
  const { record, due, asked, drawn, outcome, nextLook } = answer;
  if (outcome !== undefined || nextLook > now) return false;
  if (asked || drawn === 'yes') return due !== undefined;
  if (record.askAt === undefined || record.askAt > now) return false;
  return record.proveBy !== undefined || mayAsk(parts, answer);
}

/** What was promised by a time, or drawn, has to be there without being asked for. */
function needsAsking({ taken, drawn, record }: KeptAnswer): boolean {
  return !taken && drawn !== 'yes' && record.proveBy === undefined;
}

/** After a start, credentials are not known before a client sends them: without them, asking would be refused. */
function mayAsk({ upstream }: WatchParts, { record }: KeptAnswer): boolean {
  return record.authorized !== true || upstream.headers.authorization !== undefined;
}

async function lookAt(parts: WatchParts, answer: KeptAnswer): Promise<void> {
  const { upstream, journal, now } = parts;
  const { receiptId, proveBy } = answer.record;
  const asks = needsAsking(answer) && mayAsk(parts, answer);
  const path = `/v2/proofs/${receiptId}`;
  const reply = await upstream.ask(path, { method: asks ? 'POST' : 'GET', most: MOST_BUNDLE });
  const time = now();
  // What is said instead of a proof does not move its deadline.
  if (!answer.asked && answer.drawn !== 'yes') {
    const due = proveBy ?? time + withinOf(parts, answer);
    await journal.write({ kind: 'progress', receiptId, what: 'asked', at: time, due });
  }
  if (reply.status === 200) {
    await journal.write(...judge(parts, answer, reply.bytes));
    return;
  }
  answer.taken ||= asks && reply.status === 202;
  answer.nextLook = time + Math.min(reply.retryAfter ?? 1, LONGEST_PAUSE);
  await journal.write(late(parts, answer, reply.status));
}

/** Seconds from asking for a proof until it is due. */
function withinOf({ policy, state }: WatchParts, { record }: KeptAnswer): number {
  return policy.proveWithin ?? state.announced.get(record.model)?.last.entry.policy.within ?? DEFAULT_WITHIN;
}

function late(parts: WatchParts, answer: KeptAnswer, status: number): WatchRecord | undefined {
  const { due, record, drawn } = answer;
  const { policy, now } = parts;
  if (due === undefined || now() <= due + policy.grace.proof) return undefined;
  const { receiptId, model, index } = record;
  const why = status === 202 ? 'it is not proved yet' : `status ${status}`;
  const detail = `The proof of entry ${index} was due, and the endpoint says: ${why}.`;
  const kind = drawn === 'yes' ? 'draw-missing' : 'proof-late';
  return alarm(parts, kind, { subject: receiptId, detail, model, receiptId, index, since: due });
}

/** Whether what came is the proof of this answer, by this model, for this context. */
function judge(parts: WatchParts, { record }: KeptAnswer, bytes: Uint8Array): (WatchRecord | undefined)[] {
  const { receiptId, model, index, context, at } = record;
  const known = parts.models.get(model);
  const verdict = verifyBundle(bytes, {
    model,
    context: new TextEncoder().encode(context),
    keys,
    ...(known !== undefined && { companion: known.prepared }),
    ...(parts.checker !== undefined && { checker: parts.checker }),
  });
  const progress = (what: 'proved' | 'failed') =>
    ({ kind: 'progress', receiptId, what, at: parts.now() }) as const;
  const isOther = verdict.statementDigest !== undefined && verdict.statementDigest !== receiptId;
  if (verdict.accepted && !isOther) return [progress('proved')];
  const kind = isOther ? 'proof-of-another-input' : 'proof-wrong';
  const detail = isOther
    ? `For entry ${index} came the proof of receipt ${verdict.statementDigest}.`
    : `For entry ${index}: ${verdict.headline}`;
  const cause = verdict.code === undefined ? {} : { cause: verdict.code };
  return [
    alarm(parts, kind, { subject: receiptId, detail, model, receiptId, index, since: at, ...cause }),
    progress('failed'),
  ];
}
