import { type Hex, Refusal, type Time } from '@quietproof/verify';
import { type LogEntry, readLogEntry } from '@quietproof/verify/seal';
import { timeText } from '../checks/standing.ts';
import type { FindingKind } from '../findings/finding-kinds.ts';
import { LogAnswers } from './log-answers.ts';

export interface EntryFault {
  readonly kind: Extract<FindingKind, 'log-damaged' | 'log-clock' | 'log-entry-repeated'>;
  readonly index: number;
  readonly detail: string;
  readonly code?: string;
}

/** When a log said that a model answers, and that it does no longer. */
export interface Announced {
  readonly modelId: Hex;
  readonly version: string;
  readonly index: number;
  readonly time?: Time;
  retired?: { readonly index: number; readonly time?: Time };
}

/** What the entries of a log say. */
export class LogContent {
  readonly answers = new LogAnswers();
  /** By model, in the order of the log; a model can come back. */
  readonly announced: Announced[] = [];
  readonly faults: EntryFault[] = [];
  #latest = Number.NEGATIVE_INFINITY;

  /** Of the last entry. */
  get time(): Time | undefined {
    return timeText(this.#latest);
  }

  /** The latest time that an entry states, in seconds since 1970. */
  get latest(): number {
    return this.#latest;
  }

  add(bytes: Uint8Array, index: number): void {
    const entry = this.#read(bytes, index);
    if (entry === undefined) return;
    if (entry.time < this.#latest) {
      this.faults.push({ kind: 'log-clock', index, detail: `states an earlier time than one before it` });
    }
    this.#latest = Math.max(this.#latest, entry.time);
    if (entry.kind === 'answer') this.#answer(entry.leaf, index);
    else this.#announce(entry, index);
  }

  /** What the log had said of a model when it wrote the entry of that number. */
  standingAt(modelId: Hex, index: number): 'announced' | 'retired' | 'never' {
    const before = this.announced.filter((one) => one.modelId === modelId && one.index < index);
    const last = before.at(-1);
    if (last === undefined) return 'never';
    return last.retired !== undefined && last.retired.index < index ? 'retired' : 'announced';
  }

  #read(bytes: Uint8Array, index: number): LogEntry | undefined {
    try {
      return readLogEntry(bytes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.faults.push({ kind: 'log-damaged', index, detail: error.what, code: error.code });
      return undefined;
    }
  }

  #answer(leaf: Hex, index: number): void {
    const known = this.answers.add(leaf, index);
    if (known !== undefined)
      this.faults.push({ kind: 'log-entry-repeated', index, detail: `is the answer of entry ${known}` });
  }

  #announce(
    { modelId, modelVersion, retires, time: seconds }: Extract<LogEntry, { kind: 'model' }>,
    index: number,
  ): void {
    const time = timeText(seconds);
    const at = { index, ...(time !== undefined && { time }) };
    for (const one of this.announced) if (retires?.includes(one.modelId)) one.retired ??= at;
    this.announced.push({ modelId, version: modelVersion, ...at });
  }
}
