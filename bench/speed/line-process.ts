import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Running } from './interleave.ts';
import type { Sample } from './samples.ts';

/** Number of characters of a program's stderr that are kept. */
const ERROR_TAIL = 4000;

/**
 * Starts a program that is measured in a separate process. It writes one JSON line when it is ready, one per line that
 * it receives, after doing its work once, and one when its input ends.
 */
export async function startLineProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Running> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  const next = lineReader(child, command);
  // If the program has ended, the missing next line shows it.
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

/** Starts a new process per call. The figures of its whole run are part of the sample. */
export function processPerCall(start: () => Promise<Running>): Running {
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

/** The error line in a trace of Node or Python, else the last line. */
export function errorLine(stderr: string): string {
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
      resolve(`${command} ended with ${signal ?? code}: ${errorLine(tail)}`),
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
