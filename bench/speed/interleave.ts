import { median } from '../median.ts';
import type { Sample } from './samples.ts';

/** Something that can be measured repeatedly. */
export interface Contender {
  readonly name: string;
  /** Maximum number of rounds, for slow contenders. */
  readonly limit?: number;
  /** Calls before the first measured one, so that code is compiled and caches are filled. 1 by default. */
  readonly warmUps?: number;
  /** Approximate duration of a round of short calls. Its sample is the median of the calls. */
  readonly roundMs?: number;
  start(): Promise<Running>;
}

/** A contender that has loaded what it needs. */
export interface Running {
  /** Its figures at startup: load times, versions. */
  readonly ready: Readonly<Record<string, number | string>>;
  once(): Promise<Sample>;
  /** Ends it. @returns figures of its whole run, e.g. its peak memory */
  end(): Promise<Sample>;
}

/** All measurements of one contender. */
export interface Measured {
  readonly name: string;
  readonly ready: Running['ready'];
  readonly samples: readonly Sample[];
  readonly life: Sample;
}

/** A contender that could not be measured. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export interface Rounds {
  readonly measured: readonly Measured[];
  readonly leftOut: readonly LeftOut[];
}

interface Entry {
  readonly contender: Contender;
  readonly running: Running;
  /** Calls per round. */
  readonly calls: number;
  readonly samples: Sample[];
}

const MAX_CALLS = 50;

/**
 * Measures contenders alternately, A B C A B C …, so that a machine that slows down affects all alike. A contender that
 * fails is left out of the following rounds and reported; the others continue.
 */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
  onTurn: (name: string, turn: string) => void = () => {},
): Promise<Rounds> {
  const leftOut: LeftOut[] = [];
  const started: Entry[] = [];
  for (const contender of contenders) {
    onTurn(contender.name, 'starts');
    const entry = await attempt(contender.name, leftOut, () => startOne(contender));
    if (entry !== undefined) started.push(entry);
  }
  const failed = new Set<Entry>();
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of started) {
      const { contender, samples } = entry;
      if (failed.has(entry) || round >= (contender.limit ?? rounds)) continue;
      onTurn(contender.name, `round ${round + 1}`);
      const sample = await attempt(contender.name, leftOut, () => oneRound(entry));
      if (sample === undefined) failed.add(entry);
      else samples.push(sample);
    }
  }
  const measured: Measured[] = [];
  for (const { contender, running, samples } of started) {
    const life = await attempt(contender.name, leftOut, () => running.end());
    if (life !== undefined) measured.push({ name: contender.name, ready: running.ready, samples, life });
  }
  return { measured, leftOut };
}

async function startOne(contender: Contender): Promise<Entry> {
  const running = await contender.start();
  let callMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < (contender.warmUps ?? 1); i += 1) {
    const started = performance.now();
    await running.once();
    callMs = performance.now() - started;
  }
  const calls = Math.min(Math.max(Math.round((contender.roundMs ?? 0) / callMs), 1), MAX_CALLS);
  return { contender, running, calls, samples: [] };
}

async function oneRound({ running, calls }: Entry): Promise<Sample> {
  const samples: Sample[] = [];
  for (let i = 0; i < calls; i += 1) samples.push(await running.once());
  return Object.fromEntries(
    Object.keys(samples[0]!).map((figure) => [figure, median(samples.map((sample) => sample[figure]!))]),
  );
}

async function attempt<T>(name: string, leftOut: LeftOut[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // Later errors usually follow from the first one.
    if (!leftOut.some((one) => one.name === name)) {
      leftOut.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
    return undefined;
  }
}
