import type { Hex } from '@quietproof/verify';
import type { CheckedRecord } from '../checks/checked-record.ts';
import type { SealedPlace } from '../checks/sealed-place.ts';
import { timeText } from '../checks/standing.ts';
import type { Period } from '../period.ts';
import type { RecordName, Series } from './findings-types.ts';
import type { FoundByKind } from './found-records.ts';
import { SeriesTally } from './model-tally.ts';
import type { Placed } from './record-places.ts';

interface DatedRecord {
  readonly verdict: CheckedRecord['verdict'];
  readonly sealed: SealedPlace | undefined;
  readonly place: number;
  readonly name: RecordName;
  /** By when it existed, by the word of others about a log that was handed in: seconds since 1970. */
  readonly existedBy: number | undefined;
  /** Nothing that proves the same was counted before. */
  readonly isFirst: () => boolean;
}

/** The times of accepted records, by their logs and by others. */
export class DatedRecords {
  /** Accepted records that name a place in a log. */
  sealed = 0;
  /** Accepted records without a time that a log states. */
  undated = 0;
  readonly #period: Period | undefined;
  readonly #found: FoundByKind;
  readonly #series = new SeriesTally();
  readonly #firstOfModel = new Map<Hex, { time: string; place: number }>();

  constructor(period: Period | undefined, found: FoundByKind) {
    [this.#period, this.#found] = [period, found];
  }

  get series(): Series {
    return this.#series.series();
  }

  /** The time that a log states; undefined for one outside the period. */
  counted(sealed: SealedPlace | undefined): string | undefined {
    const time = sealed === undefined ? undefined : timeText(sealed.time);
    if (time === undefined || this.#period === undefined) return time;
    return time >= this.#period.from && time <= this.#period.to ? time : undefined;
  }

  /** Takes an accepted record. */
  add({ verdict, sealed, place, name, existedBy: byLog, isFirst }: DatedRecord): void {
    if (sealed !== undefined) {
      this.sealed += 1;
      if (!sealed.trusted) this.#found.add('log-not-trusted', { ...name, detail: sealed.origin });
    }
    const time = sealed === undefined ? undefined : timeText(sealed.time);
    if (time === undefined || sealed === undefined) {
      this.undated += 1;
      return;
    }
    const existedBy = earliest(sealed.existedBy, byLog);
    if (existedBy === undefined) this.#found.add('time-not-confirmed', { ...name, detail: time });
    else this.#found.add('time-confirmed', { ...name, detail: `by ${timeText(existedBy) ?? 'no time'}` });
    const counted = this.counted(sealed);
    if (counted === undefined || verdict.model === undefined) return;
    this.#beginning(verdict.model.modelId, counted, place);
    if (!isFirst()) return;
    const dated = { ...sealed, ...(existedBy !== undefined && { existedBy }) };
    this.#series.add(verdict, dated, counted.slice(0, 10));
  }

  #beginning(modelId: Hex, time: string, place: number): void {
    const first = this.#firstOfModel.get(modelId);
    if (first === undefined || time < first.time) this.#firstOfModel.set(modelId, { time, place });
  }

  /** Each model but the first, where it begins to answer. */
  modelChanges(): Placed<'model-changed'>[] {
    const byTime = [...this.#firstOfModel].sort(([a, one], [b, other]) =>
      one.time === other.time ? (a < b ? -1 : 1) : one.time < other.time ? -1 : 1,
    );
    return byTime.slice(1).map(([modelId, { time, place }]) => ({
      kind: 'model-changed',
      place,
      detail: `from ${time}, model ${modelId}`,
    }));
  }
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
