import path from 'node:path';
import { type Hex, Refusal, type RefusalCode } from '@quietproof/verify';
import { checkSignatures, encodeBase64, equal, type LogTrust } from '@quietproof/verify/log';
import type { Certificate } from '@quietproof/verify/timestamp';
import type { SealedPlace } from '../checks/sealed-place.ts';
import type { FindingKind } from '../findings/finding-kinds.ts';
import type { RecordName } from '../findings/findings-types.ts';
import type { AuditSource } from '../sources/audit-source.ts';
import type { Announced } from './log-content.ts';
import { type FoundCheckpoint, type ReadLog, readFoundCheckpoint, readLogAt } from './read-log.ts';
import { type HeldTimestamp, type TreeTime, timestampOf, witnessesOf } from './tree-times.ts';

export interface LogFinding {
  readonly kind: FindingKind;
  readonly name: RecordName;
  /** Further ones of which no more than a number is known. */
  readonly more?: number;
}

export interface LogQuestion {
  /** Undefined for a log that the auditor does not trust. */
  readonly trusted: (origin: string) => LogTrust | undefined;
  /** Of authorities for timestamps. */
  readonly roots?: readonly Certificate[];
  /** Seconds since 1970: cosignatures of later times do not count. */
  readonly now: number;
}

/** Logs of one origin: the largest that the log's key has signed, and what else was shown of it. */
export interface OriginLog {
  readonly log: ReadLog;
  readonly isSigned: boolean;
  /** Enough of the trusted witnesses have seen it. */
  readonly isSeen: boolean;
  readonly witnesses: ReadonlyMap<string, number>;
  readonly timestamps: readonly HeldTimestamp[];
  readonly times: readonly TreeTime[];
  consistent: boolean;
  /** Entries that the log has signed for, and that were not handed in. */
  missing: number;
}

/** A tree that was shown of a log: by a checkpoint, or by a record that leads to it. */
export interface ShownTree {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** A key of the log that the auditor trusts has signed it. */
  readonly isSigned: boolean;
}

/** The logs that were handed in, read to their ends and compared with each other and with all checkpoints beside them. */
export class AuditLogs {
  readonly findings: LogFinding[] = [];
  readonly byOrigin = new Map<string, OriginLog>();
  /** Timestamps that were there, and not checked for want of certificates. */
  timestampsUnread = 0;
  readonly #question: LogQuestion;
  readonly #compared = new Set<string>();

  private constructor(question: LogQuestion) {
    this.#question = question;
  }

  /** @throws QP6540 if a log cannot be reached; the error of the system */
  static async read(sources: readonly AuditSource[], question: LogQuestion): Promise<AuditLogs> {
    const logs = new AuditLogs(question);
    const found: FoundCheckpoint[] = [];
    const read: ReadLog[] = [];
    for (const [index, source] of sources.entries()) {
      for (const inSource of source.evidence.checkpoints) {
        const checkpoint = await logs.#checkpoint(source, index, inSource);
        if (checkpoint === undefined) continue;
        found.push(checkpoint);
        const log = await readLogAt(source, checkpoint);
        if (log !== undefined) read.push(log);
      }
    }
    const timestamps = await logs.#timestamps(sources, found);
    for (const origin of new Set(read.map(({ checkpoint }) => checkpoint.origin))) {
      logs.#take(origin, read, found, timestamps.get(origin) ?? []);
    }
    for (const log of read) logs.#content(log);
    for (const one of found) {
      // Its own checkpoint was compared with its entries.
      if (one.text === logs.byOrigin.get(one.checkpoint.origin)?.log.text) continue;
      const tree = { ...one.checkpoint, isSigned: logs.#isSigned(one) };
      await logs.compare(tree, { source: one.source, path: one.path });
    }
    return logs;
  }

  get isEmpty(): boolean {
    return this.byOrigin.size === 0;
  }

  /** Compares a tree that was shown of a log with that log: it must be a beginning of it. */
  async compare({ origin, size, root, isSigned }: ShownTree, name: RecordName): Promise<void> {
    const own = this.byOrigin.get(origin);
    const key = `${origin}\n${size}\n${encodeBase64(root)}`;
    if (own === undefined || this.#compared.has(key)) return;
    this.#compared.add(key);
    const { log } = own;
    if (size > log.checkpoint.size) {
      // Anybody can write a larger checkpoint that the log has not signed.
      if (isSigned || this.#question.trusted(origin) === undefined) this.#addMissing(own, size, name);
      return;
    }
    if (size > log.history.size || equal(await log.history.rootAt(size), root)) return;
    own.consistent = false;
    const detail = `a checkpoint of ${size} entries that is of no beginning of the log "${origin}" with ${log.checkpoint.size}`;
    const kind = isSigned && own.isSigned && log.broken === undefined ? 'log-forked' : 'log-damaged';
    this.findings.push({ kind, name: { ...name, detail } });
  }

  #addMissing(own: OriginLog, size: number, name: RecordName): void {
    const missing = size - own.log.checkpoint.size - own.missing;
    if (missing <= 0) return;
    own.missing += missing;
    const detail = `${size} entries were signed for, and the log that was handed in has ${own.log.checkpoint.size}`;
    this.findings.push({ kind: 'log-entries-missing', name: { ...name, detail }, more: missing - 1 });
  }

  /** What the log says of a record that names a place in it. */
  examine(
    place: SealedPlace,
    modelId: Hex | undefined,
  ): { readonly kind: FindingKind; readonly detail: string }[] {
    const own = this.byOrigin.get(place.origin);
    if (own === undefined || place.index >= own.log.history.size) return [];
    const { content } = own.log;
    const { index, leaf, origin } = place;
    const at = content.answers.of(leaf);
    if (at !== index) {
      const where = at === undefined ? 'it is nowhere in the log' : `it is entry ${at}`;
      return [
        {
          kind: 'sealed-elsewhere',
          detail: `entry ${index} of the log "${origin}" is another one; ${where}`,
        },
      ];
    }
    if (modelId === undefined) return [];
    const standing = content.standingAt(modelId, index);
    if (standing === 'announced') return [];
    const kind = standing === 'never' ? 'answer-not-announced' : 'answer-after-retirement';
    const detail =
      standing === 'never'
        ? `entry ${index}, with no announcement before it`
        : `entry ${index}, after the log had retired the model`;
    return [{ kind, detail }];
  }

  /** Which entry of which log an answer is; undefined if it is in none. */
  entryOf(leaf: Hex): { readonly origin: string; readonly index: number } | undefined {
    for (const [origin, { log }] of this.byOrigin) {
      const index = log.content.answers.of(leaf);
      if (index !== undefined) return { origin, index };
    }
    return undefined;
  }

  /** Whether a log that was handed in says that the model answers. */
  announces(modelId: Hex): boolean {
    return [...this.byOrigin.values()].some(({ log }) =>
      log.content.announced.some((one) => one.modelId === modelId),
    );
  }

  /** By when the tree in which an entry is existed, by the word of others: seconds since 1970. */
  existedBy(origin: string, index: number): number | undefined {
    const times = (this.byOrigin.get(origin)?.times ?? []).filter(({ size }) => size > index);
    return times.length === 0 ? undefined : Math.min(...times.map(({ existedBy }) => existedBy));
  }

  /** The latest time that a log states, or others of it: seconds since 1970; 0 where none does. */
  get latest(): number {
    return Math.max(0, ...[...this.byOrigin.values()].map(latestOf));
  }

  announced(): Announced[] {
    return [...this.byOrigin.values()].flatMap(({ log }) => log.content.announced);
  }

  async #checkpoint(
    source: AuditSource,
    index: number,
    inSource: string,
  ): Promise<FoundCheckpoint | undefined> {
    try {
      return await readFoundCheckpoint(source, index, inSource);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refused('log-damaged', { source: index, path: inSource }, error);
      return undefined;
    }
  }

  #refused(kind: FindingKind, name: RecordName, { what, where, code }: Refusal): void {
    this.findings.push({ kind, name: { ...name, detail: where ?? what, code: code satisfies RefusalCode } });
  }

  #isSigned({ checkpoint }: Pick<FoundCheckpoint, 'checkpoint'>): boolean {
    const trust = this.#question.trusted(checkpoint.origin);
    if (trust === undefined) return false;
    try {
      return checkSignatures(checkpoint.note, trust.keys).length > 0;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  /** The largest log whose checkpoint is signed counts, else the largest. */
  #take(
    origin: string,
    read: readonly ReadLog[],
    found: readonly FoundCheckpoint[],
    timestamps: readonly HeldTimestamp[],
  ): void {
    const own = read.filter(({ checkpoint }) => checkpoint.origin === origin);
    const signed = own.filter((log) => this.#isSigned(log));
    const [first, ...others] = signed.length > 0 ? signed : own;
    const log = others.reduce(
      (most, one) => (one.checkpoint.size > most.checkpoint.size ? one : most),
      first!,
    );
    const trust = this.#question.trusted(origin);
    const witnesses = new Map<string, number>();
    const times: TreeTime[] = [...timestamps];
    let isSeen = false;
    for (const one of found) {
      if (trust === undefined || one.checkpoint.origin !== origin || !this.#isSigned(one)) continue;
      const seen = witnessesOf(one, trust, this.#question.now);
      for (const { witness, first: at } of seen.sightings) {
        witnesses.set(witness, Math.min(at, witnesses.get(witness) ?? at));
      }
      if (seen.time !== undefined) times.push(seen.time);
      if (one.text === log.text) isSeen = seen.isSeen;
    }
    const isSigned = signed.length > 0;
    this.byOrigin.set(origin, {
      log,
      isSigned,
      isSeen,
      witnesses,
      timestamps,
      times,
      consistent: log.broken === undefined,
      missing: 0,
    });
    if (!isSigned || !isSeen) {
      this.findings.push({
        kind: 'log-not-trusted',
        name: { source: log.source, path: log.path, detail: origin },
      });
    }
  }

  /** What is wrong with the entries of a log by themselves. */
  #content({ source, path: inSource, checkpoint, content, broken }: ReadLog): void {
    const name = (index: number) => ({ source, path: `entry ${index} of ${inSource}` });
    if (broken !== undefined) {
      this.findings.push({ kind: 'log-damaged', name: { source, path: inSource, ...broken } });
    }
    for (const { kind, index, detail, code } of content.faults) {
      const words = `${detail}; log "${checkpoint.origin}"`;
      this.findings.push({
        kind,
        name: { ...name(index), detail: words, ...(code !== undefined && { code }) },
      });
    }
  }

  /** By origin. A timestamp is of the checkpoint beside it. */
  async #timestamps(
    sources: readonly AuditSource[],
    found: readonly FoundCheckpoint[],
  ): Promise<ReadonlyMap<string, HeldTimestamp[]>> {
    const held = new Map<string, HeldTimestamp[]>();
    const { roots } = this.#question;
    for (const [index, source] of sources.entries()) {
      for (const inSource of source.evidence.timestamps) {
        const beside = path.posix.join(path.posix.dirname(inSource), 'checkpoint');
        const of = found.find((one) => one.source === index && one.path === beside);
        if (of === undefined) continue;
        if (roots === undefined) {
          this.timestampsUnread += 1;
          continue;
        }
        const bytes = await source.file(inSource);
        if (bytes === undefined) continue;
        try {
          if (bytes instanceof Refusal) throw bytes;
          const one = timestampOf(bytes, of, roots);
          const { origin } = of.checkpoint;
          held.set(origin, [...(held.get(origin) ?? []), one]);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          this.#refused('timestamp-fails', { source: index, path: inSource }, error);
        }
      }
    }
    return held;
  }
}

/** By then the log had the entries that were handed in, by its own word or that of others: seconds since 1970. */
export function latestOf({ log, times }: OriginLog): number {
  return Math.max(log.content.latest, ...times.map(({ existedBy }) => existedBy));
}
