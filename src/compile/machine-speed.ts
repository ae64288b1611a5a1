import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { userCache } from '../store/user-cache.ts';

/** CPU seconds of the piece of work on a machine that proves as fast as that of bench/README.md. */
const REFERENCE_SECONDS = 0.034;
const RUNS = 5;
const STEPS = 6_000_000;
const FILE = 'machine-speed.json';
/** A slower or a faster machine than this is a mistake of the measurement. */
const FURTHEST = 20;
/** A measurement on a busy machine must not be believed for ever. */
const KEPT_MS = 24 * 3_600_000;

export interface SpeedTask {
  /** Folder to keep the result in; undefined: nowhere. */
  readonly cache: string | undefined;
  readonly measure: () => number;
}

/**
 * How many times as long as the machine of the measurements this one takes. Measured in a quarter of a second, then kept
 * in the user's cache for a day, as long as processor and Node stay the same.
 */
export function machineSlowness(
  { cache, measure }: SpeedTask = { cache: userCache(), measure: measureSlowness },
): number {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  const file = cache === undefined ? undefined : path.join(cache, FILE);
  const known = file === undefined ? undefined : readKnown(file, machine);
  if (known !== undefined) return known;
  const slowness = Math.min(FURTHEST, Math.max(1 / FURTHEST, measure()));
  if (file !== undefined) {
    try {
      writeFileSync(file, JSON.stringify({ machine, slowness }), { mode: 0o600 });
    } catch {
      // No room: it is measured again.
    }
  }
  return slowness;
}

function readKnown(file: string, machine: string): number | undefined {
  try {
    if (Date.now() - statSync(file).mtimeMs > KEPT_MS) return undefined;
    const { machine: own, slowness } = JSON.parse(readFileSync(file, 'utf8'));
    const isPossible = slowness >= 1 / FURTHEST && slowness <= FURTHEST;
    return own === machine && isPossible ? slowness : undefined;
  } catch {
    return undefined;
  }
}

/** The shortest of some runs: what else the machine does only makes them longer. */
export function measureSlowness(): number {
  const seconds = Array.from({ length: RUNS }, cpuSecondsOfWork);
  return Math.min(...seconds) / REFERENCE_SECONDS;
}

function cpuSecondsOfWork(): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Multiplications of 32 bits and reads from 4 MiB, as in circom and in a proof. */
function work(): number {
  const table = new Uint32Array(2 ** 20);
  let state = 1;
  for (let i = 0; i < STEPS; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    table[(state >>> 12) & 0xfffff]! += state;
  }
  return table[0]!;
}
