import type { FindingKind } from '../findings/finding-kinds.ts';
import type { AuditedLog } from '../findings/findings-types.ts';
import type { Placed } from '../findings/record-places.ts';
import { BitList } from '../flat/bit-list.ts';
import { NumberList } from '../flat/number-list.ts';
import { TextList } from '../flat/text-list.ts';
import type { SealedPlace } from './sealed-place.ts';
import { timeText } from './standing.ts';

/** What a record shows of a log. */
export type LogFault = Placed<Extract<FindingKind, 'log-forked' | 'log-clock' | 'sealed-elsewhere'>>;

/** A tree that a trusted key has signed, and the record that leads to it. */
export interface SignedTree {
  readonly origin: string;
  readonly size: number;
  /** In base64. */
  readonly root: string;
  readonly place: number;
}

/** Entries of a log that records name, by their numbers in the log, without an object for each. */
class NamedEntries {
  readonly #numbers = new Map<number, number>();
  readonly #indices = new NumberList(Float64Array);
  readonly #times = new NumberList(Float64Array);
  readonly #leaves = new TextList();
  readonly #places = new NumberList();
  readonly #signed = new BitList();

  get size(): number {
    return this.#indices.length;
  }

  /** @returns the entry that was named before at this place of the log */
  add({ index, time, leaf, signed }: SealedPlace, place: number) {
    const number = this.#numbers.get(index);
    if (number !== undefined) {
      return {
        leaf: this.#leaves.at(number),
        place: this.#places.at(number),
        signed: this.#signed.has(number),
      };
    }
    if (signed) this.#signed.add(this.size);
    this.#numbers.set(index, this.size);
    this.#indices.push(index);
    this.#times.push(time);
    this.#leaves.push(leaf);
    this.#places.push(place);
    return undefined;
  }

  timeOf(index: number): number | undefined {
    const number = this.#numbers.get(index);
    return number === undefined ? undefined : this.#times.at(number);
  }

  /** Whose time is before that of one with a smaller number. */
  *setBack(): Generator<{ readonly index: number; readonly place: number }> {
    const order = Uint32Array.from({ length: this.size }, (_, number) => number);
    order.sort((a, b) => this.#indices.at(a) - this.#indices.at(b));
    let latest = Number.NEGATIVE_INFINITY;
    for (const number of order) {
      const time = this.#times.at(number);
      if (time < latest) yield { index: this.#indices.at(number), place: this.#places.at(number) };
      latest = Math.max(latest, time);
    }
  }
}

/** By size, trees that a trusted key of a log has signed. */
class SignedTrees {
  readonly #numbers = new Map<number, number>();
  readonly #roots = new TextList();
  readonly #places = new NumberList();

  /** @returns the tree of this size that was there before */
  add({ size, root }: SealedPlace, place: number): { root: string; place: number } | undefined {
    const number = this.#numbers.get(size);
    if (number !== undefined) return { root: this.#roots.at(number), place: this.#places.at(number) };
    this.#numbers.set(size, this.#roots.length);
    this.#roots.push(root);
    this.#places.push(place);
    return undefined;
  }

  *all(origin: string): Generator<SignedTree> {
    for (const [size, number] of this.#numbers) {
      yield { origin, size, root: this.#roots.at(number), place: this.#places.at(number) };
    }
  }
}

interface KnownLog {
  largest: SealedPlace;
  readonly entries: NamedEntries;
  readonly trees: SignedTrees;
  readonly witnesses: Map<string, number>;
}

/** What the log proofs of records show of their logs. */
export class LogsInRecords {
  readonly #logs = new Map<string, KnownLog>();
  readonly #told = new Set<string>();
  readonly faults: LogFault[] = [];

  add(found: SealedPlace, place: number): void {
    const log = this.#logOf(found);
    const { size, signed: isSigned } = log.largest;
    // Anybody can write a larger checkpoint that the log has not signed.
    if (found.signed === isSigned ? found.size > size : found.signed) log.largest = found;
    for (const { witness, first } of found.sightings) {
      log.witnesses.set(witness, Math.min(first, log.witnesses.get(witness) ?? first));
    }
    if (found.signed) this.#compareTree(log.trees.add(found, place), found, place);
    const known = log.entries.add(found, place);
    if (known !== undefined && known.leaf !== found.leaf) this.#clash(known, found, place);
  }

  /** Trees of one size that one log has signed have one root. */
  #compareTree(
    known: { root: string; place: number } | undefined,
    { origin, size, root }: SealedPlace,
    place: number,
  ): void {
    if (known === undefined || known.root === root) return;
    const detail = `the log "${origin}" has signed two different trees of ${size} entries`;
    this.#both('log-forked', known.place, place, detail);
  }

  /** One place in a log holds one entry: both of the paths lead to a tree that the log has signed, or one is not its own. */
  #clash(
    known: { readonly place: number; readonly signed: boolean },
    { origin, index, signed }: SealedPlace,
    place: number,
  ): void {
    const detail = `entry ${index} of the log "${origin}" is another one in another record`;
    this.#both(known.signed && signed ? 'log-forked' : 'sealed-elsewhere', known.place, place, detail);
  }

  #both(kind: LogFault['kind'], first: number, second: number, detail: string): void {
    for (const place of [first, second]) {
      if (this.#told.has(`${kind} ${place}`)) continue;
      this.#told.add(`${kind} ${place}`);
      this.faults.push({ kind, place, detail });
    }
  }

  /** Entries whose time is before that of an entry with a smaller number. */
  setBack(): LogFault[] {
    return [...this.#logs].flatMap(([origin, { entries }]) =>
      Array.from(entries.setBack(), ({ index, place }): LogFault => {
        const detail = `entry ${index} of the log "${origin}" states an earlier time than one before it`;
        return { kind: 'log-clock', place, detail };
      }),
    );
  }

  /** Trees that a trusted key has signed, and the record that leads to each. */
  *trees(): Generator<SignedTree> {
    for (const [origin, { trees }] of this.#logs) yield* trees.all(origin);
  }

  /** By origin. */
  audited(): AuditedLog[] {
    return [...this.#logs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([origin, { largest, entries, witnesses }]) => {
        const last = entries.timeOf(largest.size - 1);
        const time = last === undefined ? undefined : timeText(last);
        return {
          origin,
          size: largest.size,
          root: largest.root,
          ...(time !== undefined && { time }),
          checkpoint: largest.checkpoint,
          trusted: largest.signed,
          witnesses: [...witnesses]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .flatMap(([name, at]) => {
              const text = timeText(at);
              return text === undefined ? [] : [{ name, time: text }];
            }),
          timestamps: [],
          gaps: Math.max(largest.size - entries.size, 0),
          answers: entries.size,
        };
      });
  }

  #logOf(found: SealedPlace): KnownLog {
    const known = this.#logs.get(found.origin);
    if (known !== undefined) return known;
    const made = {
      largest: found,
      entries: new NamedEntries(),
      trees: new SignedTrees(),
      witnesses: new Map(),
    };
    this.#logs.set(found.origin, made);
    return made;
  }
}
