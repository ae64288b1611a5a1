import type { Hex } from '@quietproof/verify';
import type { SignedTree } from '../checks/logs-in-records.ts';
import type { SealedPlace } from '../checks/sealed-place.ts';
import { timeText } from '../checks/standing.ts';
import type { AuditedLog, RecordName } from '../findings/findings-types.ts';
import type { FoundByKind } from '../findings/found-records.ts';
import { BitList } from '../flat/bit-list.ts';
import type { AuditLogs, OriginLog } from './audit-logs.ts';

/** A record that holds by itself, as far as logs say something about it. */
export interface LoggedRecord {
  readonly leaf: Hex | undefined;
  readonly modelId: Hex | undefined;
  readonly place: SealedPlace | undefined;
  readonly accepted: boolean;
}

type LogWord = ReturnType<AuditLogs['examine']>[number];

/** Compares records with the logs that were handed in, both ways. */
export class RecordsInLogs {
  readonly #logs: AuditLogs;
  /** Entries of answers of which there is an accepted record, by origin. */
  readonly #proved = new Map<string, BitList>();

  constructor(logs: AuditLogs) {
    this.#logs = logs;
  }

  /** @returns what the logs say of this record */
  add({ leaf, modelId, place, accepted }: LoggedRecord): LogWord[] {
    const entry = leaf === undefined ? undefined : this.#logs.entryOf(leaf);
    if (entry !== undefined && accepted) this.#provedIn(entry.origin).add(entry.index);
    if (place !== undefined) return this.#logs.examine(place, modelId);
    const isFromLog = modelId !== undefined && this.#logs.announces(modelId);
    if (!accepted || !isFromLog || entry !== undefined) return [];
    return [{ kind: 'record-not-logged', detail: 'its model answers by a log in which this answer is not' }];
  }

  /** By when the record existed, by the word of others about a log that was handed in: seconds since 1970. */
  existedBy({ origin, index }: SealedPlace): number | undefined {
    return this.#logs.existedBy(origin, index);
  }

  /**
   * Adds what the logs themselves show, once all records were taken.
   *
   * @param shown trees that records lead to
   */
  async conclude(
    found: FoundByKind,
    shown: Iterable<SignedTree>,
    nameOf: (place: number) => RecordName,
  ): Promise<void> {
    for (const { root, place, ...tree } of shown) {
      await this.#logs.compare({ ...tree, root: Buffer.from(root, 'base64'), isSigned: true }, nameOf(place));
    }
    for (const { kind, name, more = 0 } of this.#logs.findings) {
      found.add(kind, name);
      if (more > 0) found.addUnlisted(kind, more);
    }
    for (const [origin, { log }] of this.#logs.byOrigin) {
      const proved = this.#provedIn(origin);
      for (const { entry: index } of log.content.answers.all()) {
        if (proved.has(index)) continue;
        if (found.isFull('logged-without-record')) found.addUnlisted('logged-without-record', 1);
        else
          found.add('logged-without-record', { source: log.source, path: `entry ${index} of ${log.path}` });
      }
    }
  }

  /** What the report says of a log: that of records only, with what the log itself shows. By origin. */
  audited(inRecords: readonly AuditedLog[]): AuditedLog[] {
    const others = inRecords.filter(({ origin }) => !this.#logs.byOrigin.has(origin));
    const own = [...this.#logs.byOrigin].map(([origin, log]) => this.#audited(origin, log));
    return [...others, ...own].sort((a, b) => (a.origin < b.origin ? -1 : 1));
  }

  #audited(
    origin: string,
    { log, witnesses, timestamps, isSigned, missing, consistent }: OriginLog,
  ): AuditedLog {
    const { checkpoint, content, text, history } = log;
    const { time } = content;
    return {
      origin,
      size: checkpoint.size,
      root: Buffer.from(checkpoint.root).toString('base64'),
      ...(time !== undefined && { time }),
      checkpoint: text,
      trusted: isSigned,
      witnesses: [...witnesses]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, at]) => ({ name, time: timeText(at) ?? '' })),
      timestamps: timestamps.map(({ shown }) => shown),
      gaps: missing + checkpoint.size - history.size,
      answers: content.answers.size,
      unproved: content.answers.size - this.#provedIn(origin).count,
      consistent,
    };
  }

  #provedIn(origin: string): BitList {
    const known = this.#proved.get(origin) ?? new BitList();
    this.#proved.set(origin, known);
    return known;
  }
}
