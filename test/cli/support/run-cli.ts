import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRun {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
  /** Resolves when stdout or stderr contains the text. */
  sees(text: string | RegExp): Promise<void>;
}

/** Starts the built command line as a user would, without colour and without a terminal. */
export function startCli(words: readonly string[], cwd = process.cwd(), env: NodeJS.ProcessEnv = {}): CliRun {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let [stdout, stderr] = ['', ''];
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const watch of watchers) watch();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const watch of watchers) watch();
  });
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const sees = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (typeof text === 'string' ? !(stdout + stderr).includes(text) : !text.test(stdout + stderr))
          return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
      result.then(() => reject(new Error(`ended without ${text}: ${stdout}${stderr}`)));
    });
  return { child, result, sees };
}

/** Runs the built command line to its end. */
export function runCli(words: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv): Promise<CliResult> {
  return startCli(words, cwd, env).result;
}
