import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

type Figures = Readonly<Record<string, number>>;
type Ready = Readonly<Record<string, number | string>>;

/** The measured program's side of line-process.ts. Exits explicitly, because provers leave threads running. */
export async function serve(ready: Ready, once: () => Promise<Figures>): Promise<never> {
  say(ready);
  for await (const _ of createInterface({ input: process.stdin })) say(await once());
  say({ peakRssBytes: peakRss() });
  process.exit(0);
}

function say(figures: Ready): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Peak memory of this process in bytes. maxRSS would start from the parent's value. */
export function peakRss(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** Wall time, and CPU time of all threads, in milliseconds. They are equal if one thread worked. */
export async function timed<T>(work: () => Promise<T> | T): Promise<{ value: T; ms: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const value = await work();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { value, ms, cpuMs: (user + system) / 1000 };
}
