import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorLine } from './line-process.ts';
import type { Sample } from './samples.ts';

/** A built checkout of this project. */
export interface Build {
  /** `after` is this checkout; `before` another one, for comparison. */
  readonly name: string;
  /** Its dist/cli/main.js. */
  readonly program: string;
}

/** Times of the phases that `--timings` reports are figures of this prefix. */
export const PHASE = 'phase ';

/** Milliseconds in a clock tick of /proc, on every Linux that Node runs on. */
const TICK_MS = 10;

interface Reported {
  readonly timings?: { readonly phases: readonly { readonly phase: string; readonly wallMs: number }[] };
}

/**
 * Runs one command from start to exit.
 *
 * @returns `wallMs`, `cpuMs` of all its processes (on Linux, in steps of 10 ms), and the wall time of each phase, if
 *   `words` ask for `--timings` and `--json`
 * @throws Error with the command's last error line, if it fails
 */
export async function runCommand({ program }: Build, words: readonly string[]): Promise<Sample> {
  const cpuBefore = cpuOfEndedChildren();
  const started = performance.now();
  const { status, stdout, stderr } = await outputOf(process.execPath, [program, ...words]);
  const wallMs = performance.now() - started;
  if (status !== 0) throw new Error(`${words[0]} ended with ${status}: ${errorLine(stderr)}`);
  const cpuAfter = cpuOfEndedChildren();
  const cpu = cpuBefore === undefined || cpuAfter === undefined ? {} : { cpuMs: cpuAfter - cpuBefore };
  return { wallMs, ...cpu, ...phasesOf(stdout) };
}

function phasesOf(stdout: string): Sample {
  if (!stdout.startsWith('{')) return {};
  // A command of many answers prints one line for each, and its own last.
  const own = stdout.startsWith('{\n') ? stdout : stdout.trimEnd().split('\n').at(-1)!;
  const { timings } = JSON.parse(own) as Reported;
  return Object.fromEntries((timings?.phases ?? []).map(({ phase, wallMs }) => [PHASE + phase, wallMs]));
}

function outputOf(command: string, args: readonly string[]) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject).once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** CPU time of this process's ended children with all their descendants, in milliseconds; undefined without /proc. */
function cpuOfEndedChildren(): number | undefined {
  try {
    return childrenCpu(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

/** `cutime` and `cstime` in the text of a /proc/<pid>/stat; the name in parentheses may contain anything. */
export function childrenCpu(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}
