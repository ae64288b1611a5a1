import { median } from '../median.ts';
import type { Sample } from './samples.ts';

/** Something that can be measured again and again. */
export interface Contender {
  readonly name: string;
  /** At most so many rounds, where one takes long. */
  readonly limit?: number;
  /** Calls before the first that counts; one where left out: code is compiled and caches fill. */
  readonly warmUps?: number;
  /** A round of something short lasts about so long, and its sample is the median of the calls in it. */
  readonly roundMs?: number;
  start(): Promise<Running>;
}

/** A contender that has loaded what it needs. */
export interface Running {
  /** What it said once it was ready: load times, versions. */
  readonly ready: Readonly<Record<string, number | string>>;
  once(): Promise<Sample>;
  /** Ends it. @returns figures over its whole life, e.g. its peak memory */
  end(): Promise<Sample>;
}

/** All that was measured of one contender. */
export interface Measured {
  readonly name: string;
  readonly ready: Running['ready'];
  readonly samples: readonly Sample[];
  readonly life: Sample;
}

/** A contender that was to be measured and could not be. */
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
  /** Calls in a round. */
  readonly calls: number;
  readonly samples: Sample[];
}

const MAX_CALLS = 50;

/**
 * Measures contenders in turn, A B C A B C …, so that a machine that becomes slower becomes so for all. One that fails
 * is left out of what follows and named; the others go on.
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
    // The first reason is the one that explains the others.
    if (!leftOut.some((one) => one.name === name)) {
      leftOut.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
    return undefined;
  }
}
