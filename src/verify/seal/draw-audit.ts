import type { Hex } from '../json/encoded-types.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';
import { type BeaconChain, roundTime } from './beacon-chain.ts';
import type { CheckedRound } from './beacon-round.ts';
import { checkNamedRound, isDrawn } from './draw.ts';
import { readLogEntry } from './entry.ts';
import type { AnswerEntry, LogEntry } from './entry-types.ts';
import { HashSet } from './hash-set.ts';
import { sealRefusal } from './seal-refusal.ts';
import type { Share } from './share.ts';

/** What somebody who watches a log has. Times in seconds since 1970. */
export interface DrawTerms {
  readonly origin: string;
  /** Time of the entry before the first that is examined, where the watcher has seen it. */
  readonly timeBefore?: number;
  readonly policy: DrawPolicy;
  /** Rounds of the beacon, by number. */
  readonly rounds: Pick<ReadonlyMap<number, CheckedRound>, 'get'>;
  /** Trees of the log, and when witnesses had seen them. */
  readonly seen?: readonly { readonly size: number; readonly time: number }[];
  readonly now: number;
}

/** The same with entries of the log, all at once. */
export interface DrawQuestion extends DrawTerms {
  /** Index of the first of `entries`. */
  readonly first: number;
  /** In order, from tiles that lead to a checkpoint of the log. */
  readonly entries: readonly Uint8Array[];
  /** Leaves of the bundles on hand whose verdict is accepted. */
  readonly proved: ReadonlySet<Hex>;
}

/** The policy that the log was promised to follow; what its entries announce may be weaker. */
export interface DrawPolicy {
  readonly share: Share;
  readonly chain: BeaconChain;
  /** Seconds from an answer's time to the earliest round that it may name. */
  readonly delay: number;
  /** Seconds from a round to the proofs of what it drew. */
  readonly within: number;
}

export interface DrawnEntry {
  readonly index: number;
  readonly leaf: Hex;
  readonly round: number;
  /** When its proof is due. */
  readonly due: number;
  readonly state: 'proved' | 'due' | 'missing';
}

/** What shows that the log did not follow the policy. */
export interface DrawFault {
  readonly index: number;
  readonly code: RefusalCode;
  readonly detail: string;
}

export interface DrawAudit {
  /** Number of answers among the entries. */
  readonly answers: number;
  readonly drawn: readonly DrawnEntry[];
  /** Numbers of rounds that are out, decide about entries, and were not given. */
  readonly wanted: readonly number[];
  /** Indices of answers that name a round which is not out yet. */
  readonly open: readonly number[];
  readonly faults: readonly DrawFault[];
  /**
   * Indices of answers of which no witness shows that they were in the log before their round: that they were sealed
   * before it is the log's own word.
   */
  readonly unshown: readonly number[];
}

/**
 * Draws again: which of a log's answers had to be proved, and which of them were not. It asks nobody and believes only
 * signatures. An answer that is in no log is drawn by nobody: against that there are promises.
 */
export function auditDraws(question: DrawQuestion): DrawAudit {
  const audit = new DrawAuditor(question);
  question.entries.forEach((bytes, at) => {
    audit.add(question.first + at, bytes);
  });
  return audit.result(question.proved);
}

/** Draws again as `auditDraws` does, entry by entry: it keeps 16 bytes of each answer, and more only of what is drawn. */
export class DrawAuditor {
  readonly #question: DrawTerms;
  readonly #faults: DrawFault[] = [];
  readonly #drawn: Omit<DrawnEntry, 'state'>[] = [];
  readonly #wanted = new Set<number>();
  readonly #open: number[] = [];
  readonly #unshown: number[] = [];
  readonly #leaves = new HashSet();
  #answers = 0;
  #time: number;

  constructor(terms: DrawTerms) {
    this.#question = terms;
    this.#time = terms.timeBefore ?? 0;
  }

  /** Leaves of what is drawn so far. */
  get drawn(): ReadonlySet<Hex> {
    return new Set(this.#drawn.map(({ leaf }) => leaf));
  }

  /** The next entry. */
  add(index: number, bytes: Uint8Array): void {
    const entry = this.#check(index, () => readLogEntry(bytes));
    if (entry === undefined) return;
    this.#checkTime(index, entry);
    if (entry.kind !== 'answer') return;
    this.#answers += 1;
    if (!this.#leaves.add(entry.leaf)) this.#fault(index, sealRefusal('QP7756', { where: entry.leaf }));
    const { chain, delay } = this.#question.policy;
    const named = this.#check(index, () => checkNamedRound(entry, chain, delay));
    if (named !== undefined) this.#draw(index, bytes, entry, named.round);
  }

  /** @param proved leaves of the bundles on hand whose verdict is accepted */
  result(proved: ReadonlySet<Hex>): DrawAudit {
    const { now } = this.#question;
    const drawn = this.#drawn.map((one): DrawnEntry => {
      return { ...one, state: proved.has(one.leaf) ? 'proved' : now > one.due ? 'missing' : 'due' };
    });
    const missing = drawn.filter(({ state }) => state === 'missing');
    const late = missing.map(({ index, due }) =>
      faultOf(index, sealRefusal('QP7757', { where: `due at ${due}` })),
    );
    return {
      answers: this.#answers,
      drawn,
      wanted: [...this.#wanted].sort((a, b) => a - b),
      open: this.#open,
      faults: [...this.#faults, ...late].sort((a, b) => a.index - b.index),
      unshown: this.#unshown,
    };
  }

  #checkTime(index: number, { time }: LogEntry): void {
    if (time < this.#time)
      this.#fault(index, sealRefusal('QP7755', { where: `${time} after ${this.#time}` }));
    this.#time = Math.max(this.#time, time);
  }

  #draw(index: number, entry: Uint8Array, { leaf }: AnswerEntry, round: number): void {
    const { origin, policy, rounds, now } = this.#question;
    const out = roundTime(policy.chain, round);
    if (!this.#shownBefore(index, out)) this.#unshown.push(index);
    const known = rounds.get(round);
    if (known === undefined || known.beacon !== policy.chain.hash || known.round !== round) {
      if (out <= now) this.#wanted.add(round);
      else this.#open.push(index);
      return;
    }
    const { randomness } = known;
    if (!isDrawn({ origin, index, entry, randomness, share: policy.share })) return;
    this.#drawn.push({ index, leaf, round, due: out + policy.within });
  }

  #shownBefore(index: number, time: number): boolean {
    const { seen } = this.#question;
    return seen?.some((one) => one.size > index && one.time < time) ?? false;
  }

  #check<T>(index: number, check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#fault(index, error);
      return undefined;
    }
  }

  #fault(index: number, refusal: Refusal): void {
    this.#faults.push(faultOf(index, refusal));
  }
}

function faultOf(index: number, { code, what, where }: Refusal): DrawFault {
  return { index, code, detail: where === undefined ? what : `${what} (${where})` };
}
