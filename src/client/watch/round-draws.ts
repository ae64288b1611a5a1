import { Refusal } from '@quietproof/verify';
import {
  type CheckedRound,
  checkNamedRound,
  checkRound,
  type DrawPolicy,
  isDrawn,
  parseRound,
  roundTime,
} from '@quietproof/verify/seal';
import type { WatchRecord } from '../store/watch-store.ts';
import { Unreached, Upstream } from '../upstream.ts';
import { alarm, type WatchParts } from './parts.ts';
import type { KeptAnswer } from './watch-state.ts';

const MOST_ROUND = 1 << 14;
/** A round is not everywhere at the second of its time. */
const LATE = 2;

/** Draws the own answers again: those that the beacon draws must be proved. @throws Unreached for the beacon */
export async function drawAnswers(parts: WatchParts, origin: string): Promise<void> {
  const { draws } = parts.policy;
  if (draws === undefined) return;
  const { chain, url } = draws;
  const beacon = new Upstream(`${url.replace(/\/+$/, '')}/${chain.hash}`, {
    fetch: parts.fetch,
    headers: () => ({}),
  });
  const rounds = new Map<number, CheckedRound>();
  const records: (WatchRecord | undefined)[] = [];
  for (const answer of parts.state.answers.values()) {
    if (answer.drawn !== 'open' || !parts.models.has(answer.record.model)) continue;
    const named = nameOf(parts, draws, answer);
    if (typeof named !== 'number') {
      records.push(...named);
      continue;
    }
    if (roundTime(chain, named) + LATE > parts.now()) continue;
    const round = rounds.get(named) ?? (await roundOf(beacon, draws, named));
    rounds.set(named, round);
    records.push(draw(parts, draws, origin, answer, round));
  }
  await parts.journal.write(...records);
}

/** The round that the entry names, if it is the one that it has to name. */
function nameOf(
  parts: WatchParts,
  { chain, delay }: DrawPolicy,
  { record, entry }: KeptAnswer,
): number | (WatchRecord | undefined)[] {
  const { receiptId, model, index } = record;
  try {
    return checkNamedRound(entry, chain, delay).round;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const detail = `Entry ${index}: ${error.message}.`;
    const own = { subject: receiptId, detail, cause: error.code, model, receiptId, index, since: record.at };
    return [
      alarm(parts, 'draw-missing', own),
      { kind: 'progress', receiptId, what: 'not-drawn', at: parts.now() },
    ];
  }
}

function draw(
  parts: WatchParts,
  { chain, share, within }: DrawPolicy,
  origin: string,
  { record }: KeptAnswer,
  { round, randomness }: CheckedRound,
): WatchRecord {
  const { receiptId, index, entry } = record;
  const isOne = isDrawn({ origin, index, entry: new TextEncoder().encode(entry), randomness, share });
  const common = { kind: 'progress', receiptId, at: parts.now() } as const;
  if (!isOne) return { ...common, what: 'not-drawn' };
  return { ...common, what: 'drawn', due: roundTime(chain, round) + within };
}

async function roundOf(beacon: Upstream, { chain }: DrawPolicy, number: number): Promise<CheckedRound> {
  const { status, bytes } = await beacon.ask(`/public/${number}`, { most: MOST_ROUND });
  try {
    if (status !== 200) throw new Unreached(`The beacon answers with status ${status}`);
    const round = parseRound(bytes);
    if (round.round === number) return checkRound(chain, round);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Unreached(`The beacon sends no round: ${error.message}`);
  }
  throw new Unreached(`The beacon sends another round than ${number}`);
}
