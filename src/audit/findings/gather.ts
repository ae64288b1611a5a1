import type { Hex, Refusal } from '@quietproof/verify';
import { rowOfBundle } from '@quietproof/verify/command/numbering';
import type { AuditTrust } from '../checks/audit-trust.ts';
import type { OpeningResult } from '../checks/check-opening.ts';
import type { CheckedRecord, RecordVerdict, SourceEntry } from '../checks/checked-record.ts';
import { AnswerComparison } from '../checks/contradictions.ts';
import { type ExpectedAnswer, ExpectedList } from '../checks/expected-list.ts';
import { LogsInRecords } from '../checks/logs-in-records.ts';
import { RowNumbers } from '../checks/row-numbers.ts';
import { timeText } from '../checks/standing.ts';
import type { AuditLogs } from '../logs/audit-logs.ts';
import { RecordsInLogs } from '../logs/records-in-logs.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { AuditedLog, AuditedModel, RecordName, Series } from './findings-types.ts';
import { FoundByKind } from './found-records.ts';
import { ModelTally, SeriesTally } from './model-tally.ts';
import { modelsByLogs } from './models-by-logs.ts';
import { RepeatedRecords } from './repeated-records.ts';
import { NumberList, TextList } from './text-list.ts';
import type { Asked } from './unanswered.ts';

export interface GatherQuestion {
  readonly trust?: AuditTrust;
  readonly modelsNamed: number;
  readonly expected?: readonly ExpectedAnswer[];
  readonly period?: { readonly from: string; readonly to: string };
  readonly openings: boolean;
  /** Those that were handed in, and whether timestamps of them could be checked. */
  readonly logs: AuditLogs;
  readonly certificatesGiven: boolean;
}

/** Places are numbers of records, in the order of all sources. */
interface Placed {
  readonly kind: FindingKind;
  readonly place: number;
  readonly detail?: string;
}

const DUPLICATE_KINDS = {
  copies: 'copied-record',
  resealed: 'resealed-record',
  'cannot be told apart': 'indistinguishable-records',
} as const;

/** Takes records one after the other, and keeps of them what the findings need. */
export class Gathering {
  readonly found = new FoundByKind();
  readonly counts = { records: 0, accepted: 0, refused: 0, unreadable: 0, undated: 0, duplicates: 0 };
  readonly #question: GatherQuestion;
  /** By place. */
  readonly #sources = new NumberList();
  readonly #paths = new TextList();
  readonly #recordsIn = new Map<number, number>();
  readonly #rows = new RowNumbers();
  readonly #repeated = new RepeatedRecords();
  readonly #answers = new AnswerComparison();
  readonly #logs: LogsInRecords;
  readonly #inLogs: RecordsInLogs;
  readonly #placed: Placed[] = [];
  readonly #tally = new ModelTally();
  readonly #series = new SeriesTally();
  readonly #expected: ExpectedList | undefined;
  readonly #firstOfModel = new Map<Hex, { time: string; place: number }>();
  #sealed = 0;
  #openingsNotFound = 0;

  constructor(question: GatherQuestion) {
    this.#question = question;
    const { trust, expected } = question;
    this.#logs = new LogsInRecords((origin) => trust?.vouching.log(origin), trust?.now ?? 0);
    this.#inLogs = new RecordsInLogs(question.logs);
    this.#expected = expected && new ExpectedList(expected);
  }

  /** Takes an entry that is not read, in the order of the sources and of the entries in them. */
  addUnread({ source, path, unread = 'not-a-file' }: SourceEntry, refused: Refusal): void {
    const detail = refused.where ?? refused.what;
    this.found.add(unread, { source, path, detail, code: refused.code });
  }

  /** @param opening of a record that is accepted, if inputs are to be opened */
  add(record: CheckedRecord, opening: OpeningResult | undefined): void {
    const { entry, standing, verdict } = record;
    const place = this.#paths.length;
    const name = { source: entry.source, path: entry.path };
    this.#recordsIn.set(entry.source, this.recordsIn(entry.source) + 1);
    this.#sources.push(entry.source);
    this.#paths.push(entry.path);
    this.#rows.add(entry);
    this.counts.records += 1;
    this.counts[standing.result] += 1;
    this.#expected?.add(record, place);
    const row = rowOfBundle(entry.path);
    if (row !== undefined && verdict.row !== undefined && verdict.row !== row) {
      this.found.add('row-claims-differ', { ...name, detail: `claims number ${verdict.row}` });
    }
    if (standing.result === 'accepted') this.#accept(verdict, place, name);
    else if (standing.kind !== 'not-a-file' || entry.refused === undefined) {
      const { kind, detail, code } = standing;
      this.found.add(kind, { ...name, detail, ...(code !== undefined && { code }) });
    }
    this.#hold(record, place, name);
    if (opening !== undefined) this.#open(opening, name);
  }

  /** @param source its index. @returns the number of its records */
  recordsIn(source: number): number {
    return this.#recordsIn.get(source) ?? 0;
  }

  #accept(verdict: RecordVerdict, place: number, name: RecordName): void {
    this.found.addUnlisted('proofs-hold', 1);
    this.#repeated.add(verdict, place);
    if (verdict.model?.setup === 'development') this.found.add('development-key', name);
  }

  /** What holds for records whatever the auditor expects, and what is counted of accepted ones. */
  #hold(record: CheckedRecord, place: number, name: RecordName): void {
    const { held, verdict, standing } = record;
    if (held === undefined) return;
    this.#answers.add(record, place);
    const { trust } = this.#question;
    const { asked } = held;
    const compromised = (asked.trust && trust?.compromisedSigners(asked.trust)) ?? [];
    for (const { party, since } of compromised.slice(0, 1)) {
      this.found.add('key-compromised', {
        ...name,
        detail: `a key of ${party}, since ${since}`,
        code: 'QP7221',
      });
    }
    const retired = asked.trust && trust?.retiredFrom(asked.trust);
    const accepted = standing.result === 'accepted';
    const time = held.place === undefined ? undefined : timeText(held.place.time);
    const counted = time !== undefined && this.#isInPeriod(time) ? time : undefined;
    this.#tally.add({
      verdict,
      asked,
      accepted,
      time: counted,
      retired: retired === 'unknown' ? undefined : retired,
      compromised,
    });
    if (held.place !== undefined) this.#logs.add(held.place, place);
    const { leaf, model } = verdict;
    const logged = { leaf, modelId: model?.modelId, place: held.place, accepted };
    for (const one of this.#inLogs.add(logged)) this.#placed.push({ ...one, place });
    if (accepted) this.#date(record, place, name, time, counted);
  }

  #date(
    { verdict, held }: CheckedRecord,
    place: number,
    name: RecordName,
    time: string | undefined,
    counted: string | undefined,
  ): void {
    const sealed = held?.place;
    if (sealed !== undefined) {
      this.#sealed += 1;
      if (!sealed.trusted) this.found.add('log-not-trusted', { ...name, detail: sealed.origin });
    }
    if (time === undefined || sealed === undefined) {
      this.counts.undated += 1;
      return;
    }
    const existedBy = earliest(sealed.existedBy, this.#inLogs.existedBy(sealed));
    if (existedBy === undefined) this.found.add('time-not-confirmed', { ...name, detail: time });
    else this.found.add('time-confirmed', { ...name, detail: `by ${timeText(existedBy) ?? 'no time'}` });
    const { identity, model } = verdict;
    if (counted === undefined || identity === undefined || model === undefined) return;
    const first = this.#firstOfModel.get(model.modelId);
    if (first === undefined || counted < first.time) {
      this.#firstOfModel.set(model.modelId, { time: counted, place });
    }
    if (this.#repeated.isMarked(identity)) return;
    this.#series.add(
      verdict,
      { ...sealed, ...(existedBy !== undefined && { existedBy }) },
      counted.slice(0, 10),
    );
  }

  #isInPeriod(time: string): boolean {
    const { period } = this.#question;
    return period === undefined || (time >= period.from && time <= period.to);
  }

  #open(opening: OpeningResult, name: RecordName): void {
    if (opening.found === 'none') this.#openingsNotFound += 1;
    else if (opening.found === 'holds') this.found.addUnlisted('openings-hold', 1);
    else {
      const { detail, code } = opening;
      this.found.add('opening-fails', { ...name, detail, ...(code !== undefined && { code }) });
    }
  }

  /** What can be said when all records were taken. @throws QP6601 */
  async conclude(): Promise<{ models: AuditedModel[]; logs: AuditedLog[]; series: Series; asked: Asked }> {
    const placed: Placed[] = [
      ...this.#placed,
      ...this.#duplicated(),
      ...this.#answers.found().flatMap(({ kind, records }) =>
        records.map(({ place, modelId, words }) => ({
          kind,
          place,
          detail: kind === 'version-difference' ? `${words} (model ${modelId.slice(0, 16)}…)` : words,
        })),
      ),
      ...this.#logs.faults,
      ...this.#logs.setBack(),
      ...this.#modelChanges(),
      ...this.#compareList(),
    ];
    const told = new Set<string>();
    for (const { kind, place, detail } of placed.sort((a, b) => a.place - b.place)) {
      if (told.has(`${kind} ${place}`)) continue;
      told.add(`${kind} ${place}`);
      this.found.add(kind, { ...this.#name(place), ...(detail !== undefined && { detail }) });
    }
    this.#addMissingRows();
    const shown = this.#logs
      .trees()
      .map(({ checkpoint, place }) => ({ checkpoint, name: this.#name(place) }));
    await this.#inLogs.conclude(this.found, shown);
    const models = modelsByLogs(this.#tally.models(), this.#question.logs.announced());
    return {
      models,
      logs: this.#inLogs.audited(this.#logs.audited()),
      series: this.#series.series(),
      asked: this.#asked(models),
    };
  }

  #name(place: number): RecordName {
    return { source: this.#sources.at(place), path: this.#paths.at(place) };
  }

  #duplicated(): Placed[] {
    return this.#repeated.found().flatMap(({ places, why }) => {
      const [first, ...further] = places;
      this.counts.duplicates += further.length;
      const detail = `as ${this.#paths.at(first!)}`;
      return further.map((place) => ({ kind: DUPLICATE_KINDS[why], place, detail }));
    });
  }

  /** Each model but the first, where it begins to answer. */
  #modelChanges(): Placed[] {
    const byTime = [...this.#firstOfModel].sort(([a, one], [b, other]) =>
      one.time === other.time ? (a < b ? -1 : 1) : one.time < other.time ? -1 : 1,
    );
    return byTime.slice(1).map(([modelId, { time, place }]) => ({
      kind: 'model-changed',
      place,
      detail: `from ${time}, model ${modelId}`,
    }));
  }

  #compareList(): Placed[] {
    const compared = this.#expected?.compare();
    if (compared === undefined) return [];
    for (const { expected, place } of compared.missing) {
      const there = place === undefined ? '' : `; ${this.#paths.at(place)} is not accepted`;
      this.found.add('expected-missing', {
        path: `row ${expected.row}`,
        detail: `${wordsOf(expected)}${there}`,
      });
    }
    return [
      ...compared.unexpected.map((place) => ({ kind: 'not-expected', place }) as const),
      ...compared.otherContext.map(
        ({ expected, place }) =>
          ({
            kind: 'other-context',
            place,
            detail: `row ${expected.row} says ${wordsOf(expected)}`,
          }) as const,
      ),
    ];
  }

  #addMissingRows(): void {
    for (const { source, folder, from, to } of this.#rows.missing()) {
      for (let row = from; row <= to; row += 1) {
        if (this.found.isFull('missing-rows')) {
          this.found.addUnlisted('missing-rows', to - row + 1);
          break;
        }
        this.found.add('missing-rows', {
          source,
          path: `${folder}${String(row).padStart(6, '0')}.proof.json`,
        });
      }
    }
  }

  #asked(models: readonly AuditedModel[]): Asked {
    const { trust, modelsNamed, expected, openings, logs, certificatesGiven } = this.#question;
    const { records, accepted, undated } = this.counts;
    return {
      records,
      accepted,
      sealed: this.#sealed,
      dated: accepted - undated,
      numbered: this.#rows.count,
      isTrustGiven: trust !== undefined,
      asksForReleases: trust?.vouching.asks('release') === true,
      modelsNamed,
      claimedKeys: models.filter((model) => model.setup === 'claimed' && model.records > 0).length,
      notVouchedFor: this.found.count('model-not-vouched-for'),
      isListGiven: expected !== undefined,
      contextsListed: (expected ?? []).filter(
        ({ context, path, record }) => context !== undefined && (path !== undefined || record !== undefined),
      ).length,
      openings,
      openingsHeld: this.found.count('openings-hold'),
      openingsNotFound: this.#openingsNotFound,
      logsRead: logs.byOrigin.size,
      certificatesGiven,
      timestampsHeld: [...logs.byOrigin.values()].flatMap(({ timestamps }) => timestamps).length,
      timestampsUnread: logs.timestampsUnread,
    };
  }
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function wordsOf({ path, record, context }: ExpectedAnswer): string {
  return [path, record, context].filter((one) => one !== undefined).join(', ');
}
