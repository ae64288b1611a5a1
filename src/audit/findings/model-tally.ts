import type { Hex, Quality, StatementKind, Time } from '@quietproof/verify';
import type { CompromisedSigner } from '../checks/audit-trust.ts';
import type { AskedOfModel, RecordVerdict } from '../checks/checked-record.ts';
import type { SealedPlace } from '../checks/sealed-place.ts';
import type { AuditedModel, AuditedQuality, Series, TimelineEvent } from './findings-types.ts';

interface Tally {
  readonly model: Pick<AuditedModel, 'modelId' | 'name' | 'keyId' | 'quality'>;
  setup: AuditedModel['setup'];
  readonly by: Record<StatementKind, Set<string>>;
  records: number;
  first?: Time;
  last?: Time;
  retired?: Time;
  compromised?: Time;
}

/** A record of a model, as far as it counts for it. */
export interface Tallied {
  /** Of a record that holds by itself. */
  readonly verdict: RecordVerdict;
  readonly asked: AskedOfModel;
  readonly accepted: boolean;
  readonly time: Time | undefined;
  readonly retired: Time | undefined;
  readonly compromised: readonly CompromisedSigner[];
}

/** What is known of each model, summed up over its records. */
export class ModelTally {
  readonly #models = new Map<Hex, Tally>();

  add({ verdict, asked, accepted, time, retired, compromised }: Tallied): void {
    const tally = this.#of(verdict);
    if (tally === undefined) return;
    if (asked.setupHolds) tally.setup = 'pass';
    for (const { kind, party, counts, retires } of asked.trust?.statements ?? []) {
      if (counts && kind !== undefined && party !== undefined && retires !== true) tally.by[kind].add(party);
    }
    if (retired !== undefined) tally.retired = earlier(tally.retired, retired);
    for (const { since } of compromised) tally.compromised = earlier(tally.compromised, since);
    if (!accepted) return;
    tally.records += 1;
    if (time === undefined) return;
    tally.first = earlier(tally.first, time);
    if (tally.last === undefined || time > tally.last) tally.last = time;
  }

  /** By id. */
  models(): AuditedModel[] {
    return [...this.#models.values()]
      .map(({ model, setup, by, records, ...times }) => ({
        ...model,
        setup,
        vouchedBy: [...by.release].sort(),
        rederivedBy: [...by.rederivation].sort(),
        contributedBy: [...by.contribution].sort(),
        records,
        ...times,
      }))
      .sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
  }

  #of({ model, quality }: RecordVerdict): Tally | undefined {
    if (model === undefined) return undefined;
    const { modelId, name, keyId } = model;
    const known = this.#models.get(modelId);
    if (known !== undefined) return known;
    const made: Tally = {
      model: { modelId, name, keyId, ...(quality !== undefined && { quality }) },
      setup: model.setup === 'development' ? 'development' : 'claimed',
      by: { release: new Set(), rederivation: new Set(), contribution: new Set() },
      records: 0,
    };
    this.#models.set(modelId, made);
    return made;
  }
}

function earlier(known: Time | undefined, time: Time): Time {
  return known === undefined || time < known ? time : known;
}

export function auditedQuality(quality: Quality): AuditedQuality {
  const { kind, rows } = quality;
  if (quality.kind === 'not-judged') return { kind, rows };
  const { flips, error } = quality;
  return {
    kind,
    rows,
    ...(flips !== undefined && { flips: { count: flips.count, upper: `${flips.upper}` } }),
    ...(error !== undefined && { error: `${error}` }),
  };
}

const WORDS = {
  announced: 'Announced by a log.',
  'first answer': 'First dated answer.',
  'last answer': 'Last dated answer.',
  retired: 'From then on it was not to answer.',
  compromised: 'A key of somebody who vouches for it was compromised since.',
} as const;

/** By time, then by model. */
export function timelineOf(models: readonly AuditedModel[]): TimelineEvent[] {
  const events = models.flatMap(
    ({ modelId, announced, first, last, retired, compromised }): TimelineEvent[] => {
      const times = { announced, 'first answer': first, 'last answer': last, retired, compromised };
      return (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((what) => {
        const time = times[what];
        return time === undefined ? [] : [{ time, modelId, what, words: WORDS[what] }];
      });
    },
  );
  return events.sort((a, b) => (a.time === b.time ? 0 : a.time < b.time ? -1 : 1));
}

const DAY = 86_400;
const HOUR = 3600;

/** Numbers for plots. */
export class SeriesTally {
  readonly #days = new Map<string, number>();
  readonly #weeks = new Map<string, number>();
  readonly #ages = new Map<number, number>();

  /** @param record an accepted one, not a duplicate */
  add({ model, label }: RecordVerdict, { time, existedBy }: SealedPlace, day: string): void {
    if (model === undefined) return;
    count(this.#days, JSON.stringify([day, model.modelId]));
    if (label !== undefined) count(this.#weeks, JSON.stringify([mondayOf(day), model.modelId, label]));
    if (existedBy !== undefined) count(this.#ages, ageOf(existedBy - time));
  }

  series(): Series {
    return {
      answersPerDay: sorted(this.#days).map(([key, answers]) => {
        const [day, modelId] = JSON.parse(key) as [string, Hex];
        return { day, modelId, answers };
      }),
      labelShares: sorted(this.#weeks).map(([key, answers]) => {
        const [week, modelId, label] = JSON.parse(key) as [string, Hex, string];
        return { week, modelId, label, answers };
      }),
      proofAge: [...this.#ages].sort(([a], [b]) => a - b).map(([hours, answers]) => ({ hours, answers })),
    };
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function mondayOf(day: string): string {
  const seconds = Date.parse(`${day}T00:00:00Z`) / 1000;
  const weekday = (new Date(seconds * 1000).getUTCDay() + 6) % 7;
  return new Date((seconds - weekday * DAY) * 1000).toISOString().slice(0, 10);
}

/** The smallest power of two of hours, at least 1. */
function ageOf(seconds: number): number {
  return 2 ** Math.max(Math.ceil(Math.log2(Math.max(seconds, 1) / HOUR)), 0);
}
