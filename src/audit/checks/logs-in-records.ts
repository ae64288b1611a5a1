import { Refusal } from '@quietproof/verify';
import type { LogTrust } from '@quietproof/verify/log';
import { checkEvidence, EVIDENCE_VERSION } from '@quietproof/verify/seal';
import type { FindingKind } from '../findings/finding-kinds.ts';
import type { AuditedLog } from '../findings/findings-types.ts';
import type { SealedPlace } from './sealed-place.ts';
import { timeText } from './standing.ts';

/** What a record, by its place in the order of all, shows of a log. */
export interface LogFault {
  readonly kind: Extract<FindingKind, 'log-forked' | 'log-clock' | 'sealed-elsewhere'>;
  readonly place: number;
  readonly detail: string;
}

interface Entry extends Pick<SealedPlace, 'index' | 'time' | 'leaf' | 'signed'> {
  readonly place: number;
}

interface SeenTree extends Pick<SealedPlace, 'root' | 'checkpoint' | 'signed'> {
  readonly place: number;
}

interface KnownLog {
  largest: SealedPlace;
  readonly entries: Map<number, Entry>;
  /** By size, trees that a trusted key of the log has signed. */
  readonly trees: Map<number, SeenTree>;
  readonly witnesses: Map<string, number>;
}

/** What the log proofs of records show of their logs, none of which was handed in itself. */
export class LogsInRecords {
  readonly #logs = new Map<string, KnownLog>();
  readonly #trusted: (origin: string) => LogTrust | undefined;
  readonly #now: number;
  readonly #told = new Set<string>();
  readonly faults: LogFault[] = [];

  /** @param now seconds since 1970 */
  constructor(trusted: (origin: string) => LogTrust | undefined, now: number) {
    this.#trusted = trusted;
    this.#now = now;
  }

  add(found: SealedPlace, place: number): void {
    const log = this.#logOf(found);
    const { size, signed: isSigned } = log.largest;
    // Anybody can write a larger checkpoint that the log has not signed.
    if (found.signed === isSigned ? found.size > size : found.signed) log.largest = found;
    for (const { witness, first } of found.sightings) {
      log.witnesses.set(witness, Math.min(first, log.witnesses.get(witness) ?? first));
    }
    this.#compareTree(log, found, place);
    const { index, time, leaf, signed } = found;
    const known = log.entries.get(index);
    if (known === undefined) log.entries.set(index, { index, time, leaf, signed, place });
    else if (known.leaf !== leaf) this.#clash(known, found, place);
  }

  /** Trees of one size have one root. */
  #compareTree({ trees }: KnownLog, found: SealedPlace, place: number): void {
    const { origin, size, root, checkpoint, signed } = found;
    const trust = this.#trusted(origin);
    if (!signed || trust === undefined) return;
    const known = trees.get(size);
    if (known === undefined) trees.set(size, { root, checkpoint, signed, place });
    else if (known.root !== root && isFork(known.checkpoint, checkpoint, trust, this.#now)) {
      const detail = `the log "${origin}" has signed two different trees of ${size} entries`;
      this.#both('log-forked', known.place, place, detail);
    }
  }

  /** One place in a log holds one entry: both of the paths lead to a tree that the log has signed, or one is not its own. */
  #clash(known: Entry, { origin, index, signed }: SealedPlace, place: number): void {
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
    return [...this.#logs].flatMap(([origin, { entries }]) => {
      let latest = Number.NEGATIVE_INFINITY;
      return [...entries.values()]
        .sort((a, b) => a.index - b.index)
        .flatMap(({ index, time, place }): LogFault[] => {
          const isBack = time < latest;
          latest = Math.max(latest, time);
          const detail = `entry ${index} of the log "${origin}" states an earlier time than one before it`;
          return isBack ? [{ kind: 'log-clock', place, detail }] : [];
        });
    });
  }

  /** Trees that a trusted key has signed, and the record that leads to each. */
  trees(): { readonly checkpoint: string; readonly place: number }[] {
    return [...this.#logs.values()].flatMap(({ trees }) =>
      [...trees.values()].map(({ checkpoint, place }) => ({ checkpoint, place })),
    );
  }

  /** By origin. */
  audited(): AuditedLog[] {
    return [...this.#logs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([origin, { largest, entries, witnesses }]) => {
        const last = entries.get(largest.size - 1);
        const time = last === undefined ? undefined : timeText(last.time);
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
    const made = { largest: found, entries: new Map(), trees: new Map(), witnesses: new Map() };
    this.#logs.set(found.origin, made);
    return made;
  }
}

function isFork(older: string, newer: string, trust: LogTrust, now: number): boolean {
  try {
    checkEvidence({ version: EVIDENCE_VERSION, kind: 'fork', older, newer, path: [] }, trust, now);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
