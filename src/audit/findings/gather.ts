import type { Refusal } from '@quietproof/verify';
import { rowOfBundle } from '@quietproof/verify/command/numbering';
import type { AuditTrust } from '../checks/audit-trust.ts';
import type { CheckedRecord, RecordVerdict, SourceEntry } from '../checks/checked-record.ts';
import { AnswerComparison } from '../checks/contradictions.ts';
import { LogsInRecords } from '../checks/logs-in-records.ts';
import { RowNumbers } from '../checks/row-numbers.ts';
import { ExpectedRecords } from '../expected/expected-records.ts';
import type { Expected } from '../expected/read-expected.ts';
import type { AuditLogs } from '../logs/audit-logs.ts';
import { RecordsInLogs } from '../logs/records-in-logs.ts';
import type { OpenableRecord } from '../openings/draw-sample.ts';
import type { Period } from '../period.ts';
import { DatedRecords } from './dated-records.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { AuditedLog, AuditedModel, MeasuredModel, RecordName, Series } from './findings-types.ts';
import { FoundByKind } from './found-records.ts';
import { ModelTally } from './model-tally.ts';
import { modelsByLogs } from './models-by-logs.ts';
import { OpenedInputs } from './opened-inputs.ts';
import { type Placed, RecordPlaces } from './record-places.ts';
import { RepeatedRecords } from './repeated-records.ts';
import type { Asked } from './unanswered.ts';

export interface GatherQuestion {
  readonly trust?: AuditTrust;
  readonly modelsNamed: number;
  readonly expected?: Expected;
  readonly period?: Period;
  readonly openings: boolean;
  /** Those that were handed in, and whether timestamps of them could be checked. */
  readonly logs: AuditLogs;
  readonly certificatesGiven: boolean;
  /** By model id. */
  readonly measured?: ReadonlyMap<string, MeasuredModel>;
}

/** What can be said when all records were taken. */
export interface Gathered {
  readonly models: readonly AuditedModel[];
  readonly logs: readonly AuditedLog[];
  readonly series: Series;
}

const DUPLICATE_KINDS = {
  copies: 'copied-record',
  resealed: 'resealed-record',
  'cannot be told apart': 'indistinguishable-records',
} as const;

/** Takes records one after the other, and keeps of them what the findings need. */
export class Gathering {
  readonly found = new FoundByKind();
  readonly places = new RecordPlaces();
  readonly opened = new OpenedInputs(this.found);
  readonly #counts = { records: 0, accepted: 0, refused: 0, unreadable: 0, duplicates: 0 };
  readonly #question: GatherQuestion;
  readonly #rows = new RowNumbers();
  readonly #repeated = new RepeatedRecords();
  readonly #answers = new AnswerComparison();
  readonly #logs = new LogsInRecords();
  readonly #inLogs: RecordsInLogs;
  readonly #dated: DatedRecords;
  readonly #placed: Placed<FindingKind>[] = [];
  readonly #tally = new ModelTally();
  readonly #expected: ExpectedRecords | undefined;

  constructor(question: GatherQuestion) {
    this.#question = question;
    this.#inLogs = new RecordsInLogs(question.logs);
    this.#dated = new DatedRecords(question.period, this.found);
    this.#expected = question.expected && new ExpectedRecords(question.expected);
  }

  get counts() {
    return { ...this.#counts, undated: this.#dated.undated };
  }

  /** Takes an entry that is not read, in the order of the sources and of the entries in them. */
  addUnread({ source, path, unread = 'not-a-file' }: SourceEntry, refused: Refusal): void {
    const detail = refused.where ?? refused.what;
    this.found.add(unread, { source, path, detail, code: refused.code });
  }

  /** Takes the next record. @throws QP6601 if there are more expected contexts than can be tried */
  add(record: CheckedRecord): void {
    const { entry, standing, verdict } = record;
    const place = this.places.add(entry);
    const name = { source: entry.source, path: entry.path };
    this.#rows.add(entry);
    this.#counts.records += 1;
    this.#counts[standing.result] += 1;
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
  }

  #accept(verdict: RecordVerdict, place: number, name: RecordName): void {
    this.found.addUnlisted('proofs-hold', 1);
    this.#repeated.add(verdict, place);
    if (verdict.model?.setup === 'development') this.found.add('development-key', name);
    const measured = verdict.model && this.#question.measured?.get(verdict.model.modelId);
    if (measured?.contract === 'broken') this.found.add('quality-broken', name);
  }

  /** What holds for records whatever the auditor expects, and what is counted of accepted ones. */
  #hold(record: CheckedRecord, place: number, name: RecordName): void {
    const { held, verdict, standing } = record;
    if (held === undefined) return;
    this.#answers.add(record, place);
    const accepted = standing.result === 'accepted';
    this.#count(record, name, accepted);
    if (held.place !== undefined) this.#logs.add(held.place, place);
    const { leaf, model, identity } = verdict;
    const logged = { leaf, modelId: model?.modelId, place: held.place, accepted };
    for (const one of this.#inLogs.add(logged)) this.#placed.push({ ...one, place });
    if (!accepted) return;
    this.#dated.add({
      ...{ verdict, place, name },
      sealed: held.place,
      existedBy: held.place === undefined ? undefined : this.#inLogs.existedBy(held.place),
      isFirst: () => identity !== undefined && !this.#repeated.isMarked(identity),
    });
  }

  /** What the record says of its model. */
  #count({ held, verdict }: CheckedRecord, name: RecordName, accepted: boolean): void {
    const { asked, place } = held!;
    const { trust } = this.#question;
    const compromised = (asked.trust && trust?.compromisedSigners(asked.trust)) ?? [];
    for (const { party, since } of compromised.slice(0, 1)) {
      const detail = `a key of ${party}, since ${since}`;
      this.found.add('key-compromised', { ...name, detail, code: 'QP7221' });
    }
    const retired = asked.trust && trust?.retiredFrom(asked.trust);
    this.#tally.add({
      ...{ verdict, asked, accepted, compromised },
      time: this.#dated.counted(place),
      retired: retired === 'unknown' ? undefined : retired,
    });
  }

  /** Accepted records whose input is sealed, each proved answer once. */
  openable(): Iterable<OpenableRecord> {
    return this.#repeated.openable();
  }

  /** To be called once, after all records. @throws QP6601 */
  async conclude(): Promise<Gathered> {
    const { logs, trust, expected } = this.#question;
    this.#addPlaced([
      ...this.#placed,
      ...this.#duplicated(),
      ...this.#differences(),
      ...this.#logs.faults,
      ...this.#logs.setBack(),
      ...this.#dated.modelChanges(),
      ...(this.#expected?.conclude(this.found, this.places, this.#latest()) ?? []),
    ]);
    this.#addMissingRows();
    await this.#inLogs.conclude(this.found, this.#logs.trees(), (place) => this.places.at(place));
    await expected?.copies?.compare(logs, (origin) => trust?.vouching.log(origin), this.found);
    return {
      models: modelsByLogs(this.#models(), logs.announced()),
      logs: this.#inLogs.audited(this.#logs.audited()),
      series: this.#dated.series,
    };
  }

  /** In the order of the records, each once. */
  #addPlaced(placed: Placed<FindingKind>[]): void {
    const told = new Set<string>();
    for (const { kind, place, detail } of placed.sort((a, b) => a.place - b.place)) {
      if (told.has(`${kind} ${place}`)) continue;
      told.add(`${kind} ${place}`);
      this.found.add(kind, { ...this.places.at(place), ...(detail !== undefined && { detail }) });
    }
  }

  #models(): AuditedModel[] {
    return this.#tally.models().map((model) => {
      const measured = this.#question.measured?.get(model.modelId);
      return { ...model, ...(measured !== undefined && { measured }) };
    });
  }

  #duplicated(): Placed<FindingKind>[] {
    return this.#repeated.found().flatMap(({ places, why }) => {
      const [first, ...further] = places;
      this.#counts.duplicates += further.length;
      const detail = `as ${this.places.pathAt(first!)}`;
      return further.map((place) => ({ kind: DUPLICATE_KINDS[why], place, detail }));
    });
  }

  #differences(): Placed<FindingKind>[] {
    return this.#answers.found().flatMap(({ kind, records }) =>
      records.map(({ place, modelId, words }) => ({
        ...{ kind, place },
        detail: kind === 'version-difference' ? `${words} (model ${modelId.slice(0, 16)}…)` : words,
      })),
    );
  }

  /** Until when what is owed has to be there: the time that is judged for, and those that logs show. */
  #latest(): number {
    const { trust, logs } = this.#question;
    return Math.max(trust?.now ?? 0, logs.latest);
  }

  #addMissingRows(): void {
    for (const { source, folder, from, to } of this.#rows.missing()) {
      for (let row = from; row <= to; row += 1) {
        if (this.found.isFull('missing-rows')) {
          this.found.addUnlisted('missing-rows', to - row + 1);
          break;
        }
        const path = `${folder}${String(row).padStart(6, '0')}.proof.json`;
        this.found.add('missing-rows', { source, path });
      }
    }
  }

  /** Which questions the audit could answer. To be called after all else. */
  asked(models: readonly AuditedModel[], manifests: number): Asked {
    const { trust, modelsNamed, expected, openings, logs, certificatesGiven } = this.#question;
    const { records, accepted } = this.#counts;
    const answering = models.filter((model) => model.records > 0);
    return {
      records,
      accepted,
      sealed: this.#dated.sealed,
      dated: accepted - this.#dated.undated,
      numbered: this.#rows.count,
      isTrustGiven: trust !== undefined,
      asksForReleases: trust?.vouching.asks('release') === true,
      modelsNamed,
      claimedKeys: answering.filter(({ setup }) => setup === 'claimed').length,
      modelsAccepted: answering.length,
      modelsJudged: answering.filter(({ measured }) => (measured?.contract ?? 'not-judged') !== 'not-judged')
        .length,
      notVouchedFor: this.found.count('model-not-vouched-for'),
      isListGiven: expected !== undefined,
      contextsListed: this.#expected?.contextsListed ?? 0,
      copies: expected?.copies && { unchecked: expected.copies.unchecked },
      openings,
      openingsHeld: this.found.count('openings-hold'),
      openingsMissing: this.found.count('opening-missing'),
      logsRead: logs.byOrigin.size,
      manifests,
      certificatesGiven,
      timestampsHeld: [...logs.byOrigin.values()].flatMap(({ timestamps }) => timestamps).length,
      timestampsUnread: logs.timestampsUnread,
    };
  }
}
