import { ALARM_CODES, type AlarmKind } from './alarm-codes.ts';
import type { Alarm, Notice, NoticeKind } from './alarm-types.ts';
import { ALARM_WORDS, NOTICE_WORDS } from './alarm-words.ts';

/** What is told about one kind, before the rest is only counted. */
const MOST_OF_A_KIND = 100;

export interface AlarmParts
  extends Pick<Alarm, 'detail' | 'model' | 'receiptId' | 'index' | 'since' | 'cause'> {
  /** What it is about: the same kind and subject is told once. */
  readonly subject: string;
  /** A function is called only if its evidence is needed. */
  readonly evidence?: string | (() => string | undefined);
}

/** What shows an alarm that was told without it. */
export interface LaterEvidence {
  /** Of the alarm. */
  readonly id: string;
  readonly evidence: string;
}

/** All that was told, each thing once. */
export class AlarmBook {
  readonly #told = new Map<string, Alarm | Notice>();
  readonly #listeners = new Set<(told: Alarm | Notice) => void>();
  readonly #counts = new Map<string, number>();
  /** Made, and being made durable. */
  readonly #made = new Set<string>();
  /** Alarms that were not told, because so many of their kind were. */
  more = 0;

  get alarms(): readonly Alarm[] {
    return [...this.#told.values()].filter((one) => one.level === 'alarm');
  }

  get notices(): readonly Notice[] {
    return [...this.#told.values()].filter((one) => one.level === 'notice');
  }

  find(id: string): Alarm | Notice | undefined {
    return this.#told.get(id);
  }

  /** @returns undefined if it was made before, or too many of its kind were */
  alarm(
    kind: AlarmKind,
    { subject, evidence: given, ...parts }: AlarmParts,
    found: number,
  ): Alarm | undefined {
    const id = `${kind}/${subject}`;
    if (!this.#isNew(kind, id)) return undefined;
    const words = `${ALARM_WORDS[kind]} ${parts.detail}`;
    const evidence = typeof given === 'function' ? given() : given;
    const own = { kind, code: ALARM_CODES[kind], id, words, found, ...parts };
    return { level: 'alarm', ...own, ...(evidence !== undefined && { evidence }) };
  }

  /** What shows an alarm that was told without evidence. @returns undefined if there is nothing to add */
  evidence(kind: AlarmKind, { subject, evidence: given }: AlarmParts): LaterEvidence | undefined {
    const id = `${kind}/${subject}`;
    const told = this.#told.get(id);
    if (told?.level !== 'alarm' || told.evidence !== undefined) return undefined;
    const evidence = typeof given === 'function' ? given() : given;
    return evidence === undefined ? undefined : { id, evidence };
  }

  /** @returns undefined if it was made before, or too many of its kind were */
  notice(
    kind: NoticeKind,
    { subject, ...parts }: Omit<AlarmParts, 'cause' | 'evidence'>,
    found: number,
  ): Notice | undefined {
    const id = `${kind}/${subject}`;
    if (!this.#isNew(kind, id)) return undefined;
    return { level: 'notice', kind, id, words: `${NOTICE_WORDS[kind]} ${parts.detail}`, found, ...parts };
  }

  #isNew(kind: string, id: string): boolean {
    if (this.#told.has(id) || this.#made.has(id)) return false;
    const count = this.#counts.get(kind) ?? 0;
    if (count >= MOST_OF_A_KIND) {
      this.more += 1;
      return false;
    }
    this.#made.add(id);
    this.#counts.set(kind, count + 1);
    return true;
  }

  /** It is durable. */
  add(told: Alarm | Notice): void {
    if (!this.#made.delete(told.id)) this.#counts.set(told.kind, (this.#counts.get(told.kind) ?? 0) + 1);
    this.#told.set(told.id, told);
    for (const listener of this.#listeners) listener(told);
  }

  /** It could not be made durable: it is made again when it is found again. */
  refused({ id, kind }: Alarm | Notice): void {
    this.#made.delete(id);
    this.#counts.set(kind, (this.#counts.get(kind) ?? 1) - 1);
  }

  /** @param listener gets everything that is told from now on @returns ends that */
  listen(listener: (told: Alarm | Notice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  mark(id: string, what: 'ended' | 'acknowledged', at: number): void {
    const found = this.#told.get(id);
    if (found?.level === 'alarm') this.#told.set(id, { ...found, [what]: at });
  }

  show(id: string, evidence: string): void {
    const found = this.#told.get(id);
    if (found?.level === 'alarm') this.#told.set(id, { ...found, evidence });
  }
}
