import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Running } from './interleave.ts';
import type { Sample } from './samples.ts';

/** Characters of what a program wrote to stderr that are kept. */
const ERROR_TAIL = 4000;

/**
 * A program that is measured in a process of its own and speaks JSON lines: one when it is ready, one for each line it
 * is sent, after having done its work once, and one when its input ends.
 */
export async function startLineProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Running> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  const next = lineReader(child, command);
  // A program that ended is noticed as its next line goes missing.
  child.stdin.on('error', () => {});
  return {
    ready: await next(),
    once: () => {
      child.stdin.write('\n');
      return next() as Promise<Sample>;
    },
    end: () => {
      child.stdin.end();
      return next() as Promise<Sample>;
    },
  };
}

/** Runs a program that does its work once for every process: its life is the sample. */
export function eachInAProcess(start: () => Promise<Running>): Running {
  return {
    ready: {},
    once: async () => {
      const running = await start();
      const sample = await running.once();
      return { ...sample, ...(await running.end()) };
    },
    end: async () => ({}),
  };
}

/** The error that Node or Python print among a trace, else the last line. */
export function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1)!;
}

function lineReader(child: ChildProcess, command: string): () => Promise<Record<string, number | string>> {
  let tail = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-ERROR_TAIL);
  });
  const broken = new Promise<never>((_, reject) => child.once('error', reject));
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) =>
      resolve(`${command} ended with ${signal ?? code}: ${lastWords(tail)}`),
    );
  });
  broken.catch(() => {});
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return async () => {
    const line = await Promise.race([lines.next(), broken]);
    if (line.done) throw new Error(await ended);
    return JSON.parse(line.value);
  };
}
