import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';

/** What a run of the compiler left behind, whether or not it succeeded. */
export interface CircomRun {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Peak resident memory of the compiler's process, or undefined when it was killed. */
  readonly peakRssBytes: number | undefined;
}

export interface CircomRunOptions {
  readonly cwd: string;
  /** Limit of the compiler's own (WebAssembly) memory. */
  readonly memoryLimitMiB: number;
  /** Aborting kills the compiler; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const PAGES_PER_MIB = 16;
const MESSAGE_LIMIT = 1 << 20;

// Reports the peak on a fourth stream as the process ends; maxRSS is in KiB on every platform.
const REPORT_PEAK = `import{writeSync}from'node:fs';process.on('exit',()=>{try{writeSync(3,String(process.resourceUsage().maxRSS))}catch{}})`;

/**
 * Runs the pinned circom (WebAssembly under WASI) in a Node process of its own, so that its memory is bounded and
 * given back, and so that it can be killed. Never rejects because circom failed: the caller reads the result.
 *
 * @param args circom's arguments; paths relative to `cwd`, so that nothing of this machine reaches the outputs
 */
export function runCircom(args: readonly string[], options: CircomRunOptions): Promise<CircomRun> {
  options.signal?.throwIfAborted();
  const child = spawn(process.execPath, [...nodeFlags(options.memoryLimitMiB), circomEntry(), ...args], {
    cwd: options.cwd,
    env: withoutNodeOptions(process.env),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  return collect(child, options.signal);
}

function nodeFlags(memoryLimitMiB: number): string[] {
  return [
    `--wasm-max-mem-pages=${Math.ceil(memoryLimitMiB) * PAGES_PER_MIB}`,
    '--import',
    `data:text/javascript,${encodeURIComponent(REPORT_PEAK)}`,
  ];
}

function circomEntry(): string {
  return createRequire(import.meta.url).resolve('circom2/cli.js');
}

/** A debugger or loader meant for us must not change how the compiler runs. */
function withoutNodeOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = env;
  return rest;
}

function collect(child: ChildProcess, signal: AbortSignal | undefined): Promise<CircomRun> {
  const [stdout, stderr, peak] = [1, 2, 3].map((fd) => gather(child.stdio[fd] as NodeJS.ReadableStream));
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  return new Promise<CircomRun>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, killedBy) => {
      if (signal?.aborted) return reject(signal.reason);
      const kib = Number.parseInt(peak!(), 10);
      resolve({
        exitCode,
        killedBy,
        stdout: plain(stdout!()),
        stderr: plain(stderr!()),
        peakRssBytes: Number.isNaN(kib) ? undefined : kib * 1024,
      });
    });
  }).finally(() => signal?.removeEventListener('abort', kill));
}

function gather(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < MESSAGE_LIMIT) text += chunk;
  });
  return () => text;
}

/** circom colours its messages without asking whether a terminal reads them. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is removed
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
