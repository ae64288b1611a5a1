import { renderTable } from './render/table.ts';

/** Time of one phase. `cpuMs` is that of the whole process, with all its threads. */
export interface PhaseTime {
  readonly phase: string;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Where a command's time went. */
export interface TimingReport {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** One after another: together they are the whole. */
  readonly phases: readonly PhaseTime[];
  /** Work that threads did side by side within the phases, in milliseconds of their own clocks, summed over all rows. */
  readonly workMs: Readonly<Record<string, number>>;
}

/** From the start of the process until a command enters its first phase. */
const FIRST_PHASE = 'start';

/**
 * A stopwatch for the phases of a command. Entering a phase ends the one before, so every moment belongs to exactly one
 * phase; entering a phase again continues it.
 */
export class Timings {
  readonly #phases = new Map<string, { wallMs: number; cpuMs: number }>();
  readonly #work = new Map<string, number>();
  #phase = FIRST_PHASE;
  #wallMs = 0;
  #cpuMs = 0;

  enter(phase: string): void {
    const wallMs = performance.now();
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1000;
    const spent = this.#phases.get(this.#phase) ?? { wallMs: 0, cpuMs: 0 };
    spent.wallMs += wallMs - this.#wallMs;
    spent.cpuMs += cpuMs - this.#cpuMs;
    this.#phases.set(this.#phase, spent);
    [this.#phase, this.#wallMs, this.#cpuMs] = [phase, wallMs, cpuMs];
  }

  /** Adds the work on one row, in milliseconds by kind. */
  add(work: Readonly<Record<string, number>>): void {
    for (const [kind, ms] of Object.entries(work)) this.#work.set(kind, (this.#work.get(kind) ?? 0) + ms);
  }

  /** Up to now. */
  report(): TimingReport {
    this.enter(this.#phase);
    return {
      wallMs: round(this.#wallMs),
      cpuMs: round(this.#cpuMs),
      phases: Array.from(this.#phases, ([phase, spent]) => ({
        phase,
        wallMs: round(spent.wallMs),
        cpuMs: round(spent.cpuMs),
      })),
      workMs: Object.fromEntries(Array.from(this.#work, ([kind, ms]) => [kind, round(ms)])),
    };
  }
}

/** To microseconds, which is what the clocks tell. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

export function renderTimings({ wallMs, cpuMs, phases, workMs }: TimingReport): string {
  const line = (name: string, ...times: number[]) => [`  ${name}`, ...times.map((ms) => ms.toFixed(1))];
  const rows = [
    ...phases.map((one) => line(one.phase, one.wallMs, one.cpuMs)),
    line('total', wallMs, cpuMs),
    ...Object.entries(workMs).map(([kind, ms]) => line(`on all rows: ${kind}`, ms)),
  ];
  return renderTable(
    [{ title: '  phase' }, { title: 'wall ms', align: 'right' }, { title: 'CPU ms', align: 'right' }],
    rows,
  );
}
