import type { LogTrust } from '@quietproof/verify/log';
import type { RecordName } from '../findings/findings-types.ts';
import type { FoundByKind } from '../findings/found-records.ts';
import { BitList } from '../flat/bit-list.ts';
import { DigestIndex } from '../flat/digest-index.ts';
import { NumberList } from '../flat/number-list.ts';
import { type AuditLogs, latestOf, type OriginLog } from '../logs/audit-logs.ts';
import { answersIn, isPromised, type KeptAnswer } from './read-watch-copy.ts';

/** What is wrong with an answer in the log that was handed in. */
type Wrong = 'is nowhere in the log' | 'stands elsewhere in the log';

/** Answers that customers got, by the copies of their watches, without an object for each. */
export class CustomerCopies {
  /** Answers of logs that were not handed in, and those that need not be in the log yet. */
  unchecked = 0;
  readonly #files: { readonly file: string; readonly name: string }[] = [];
  readonly #origins: string[] = [];
  readonly #leaves = new DigestIndex();
  /** By number of leaf. */
  readonly #log = new NumberList();
  readonly #index = new NumberList(Float64Array);
  readonly #includeBy = new NumberList(Float64Array);
  /** By origin, entries of which a copy keeps no more than their numbers. */
  readonly #seen = new Map<string, Set<number>>();

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  begin(file: string, name: string): void {
    this.#files.push({ file, name });
  }

  add({ origin, index, leaf, includeBy }: KeptAnswer): void {
    if (leaf === undefined) this.#seenOf(origin).add(index);
    if (leaf === undefined || !this.#leaves.add(leaf).isNew) return;
    if (!this.#origins.includes(origin)) this.#origins.push(origin);
    this.#log.push(this.#origins.indexOf(origin));
    this.#index.push(index);
    this.#includeBy.push(includeBy ?? 0);
  }

  /**
   * Compares the copies with the logs, both ways.
   *
   * @param trusted undefined for a log that the auditor does not trust
   */
  async compare(
    logs: AuditLogs,
    trusted: (origin: string) => LogTrust | undefined,
    found: FoundByKind,
  ): Promise<void> {
    const wrong = this.#wrong(logs);
    if (wrong.size > 0) await this.#tell(wrong, trusted, found);
    for (const [origin, own] of logs.byOrigin) this.#unknown(origin, own, found);
  }

  /** By number of leaf. */
  #wrong(logs: AuditLogs): ReadonlyMap<number, Wrong> {
    const wrong = new Map<number, Wrong>();
    for (let number = 0; number < this.#leaves.size; number += 1) {
      const own = logs.byOrigin.get(this.#origins[this.#log.at(number)]!);
      if (own === undefined) {
        this.unchecked += 1;
        continue;
      }
      const at = own.log.content.answers.of(Buffer.from(this.#leaves.at(number)).toString('hex'));
      if (at === this.#index.at(number)) continue;
      if (at !== undefined) wrong.set(number, 'stands elsewhere in the log');
      // The log was handed in before the entry had to be in it.
      else if (latestOf(own) <= this.#includeBy.at(number)) this.unchecked += 1;
      else wrong.set(number, 'is nowhere in the log');
    }
    return wrong;
  }

  /** Reads the copies again, because what the log has signed is kept for no answer. */
  async #tell(
    wrong: ReadonlyMap<number, Wrong>,
    trusted: (origin: string) => LogTrust | undefined,
    found: FoundByKind,
  ): Promise<void> {
    const told = new BitList();
    for (const { file, name } of this.#files) {
      for await (const answer of answersIn(file)) {
        const number = answer.leaf === undefined ? undefined : this.#leaves.find(answer.leaf);
        const why = number === undefined ? undefined : wrong.get(number);
        if (number === undefined || why === undefined || !told.add(number)) continue;
        const log = trusted(answer.origin);
        const isSigned = log !== undefined && isPromised(answer, log);
        found.add(isSigned ? 'answer-not-logged' : 'promise-not-signed', nameOf(answer, name, why));
      }
    }
  }

  /** Answers of a log that no customer knows. */
  #unknown(origin: string, { log }: OriginLog, found: FoundByKind): void {
    const seen = this.#seenOf(origin);
    for (const { leaf, entry } of log.content.answers.all()) {
      if (seen.has(entry) || this.#leaves.find(leaf) !== undefined) continue;
      if (found.isFull('logged-not-expected')) found.addUnlisted('logged-not-expected', 1);
      else found.add('logged-not-expected', { source: log.source, path: `entry ${entry} of ${log.path}` });
    }
  }

  #seenOf(origin: string): Set<number> {
    const known = this.#seen.get(origin) ?? new Set();
    this.#seen.set(origin, known);
    return known;
  }
}

function nameOf({ origin, index, receiptId }: KeptAnswer, name: string, why: Wrong): RecordName {
  return {
    path: `receipt ${receiptId}`,
    detail: `${name}: promised as entry ${index} of "${origin}", ${why}`,
  };
}
