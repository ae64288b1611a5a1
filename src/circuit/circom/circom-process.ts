import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { ALLOCATOR_MODULE } from './allocator.ts';

/** Result of a run of the compiler, whether or not it succeeded. */
export interface CircomRun {
  /** null if a signal ended the process. */
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Peak resident memory of the process; undefined if it was killed. */
  readonly peakRssBytes: number | undefined;
}

export interface CircomRunOptions {
  readonly cwd: string;
  /** Limit of the compiler's WebAssembly memory, at most WASM_MEMORY_MIB. */
  readonly memoryLimitMiB: number;
  /** Aborting kills the compiler, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** WebAssembly's addresses have 32 bits. */
export const WASM_MEMORY_MIB = 4096;

const PAGES_PER_MIB = 16;
const MESSAGE_LIMIT = 1 << 20;

// Writes the peak memory in KiB to file descriptor 3 when the process exits. On Linux maxRSS begins with what the process
// that started this one had at the time; VmHWM is of this one alone.
const REPORT_PEAK = `import{readFileSync,writeSync}from'node:fs';process.on('exit',()=>{let kib=process.resourceUsage().maxRSS;try{kib=/^VmHWM:\\s*(\\d+)/m.exec(readFileSync('/proc/self/status','latin1'))?.[1]??kib}catch{}try{writeSync(3,String(kib))}catch{}})`;

// Optimises functions of circom later than V8 would, which runs on after the compiler is done with a small circuit: half the
// CPU time there, and a tenth less at 37,000 constraints. Set like this, an engine that does not know the flag ignores it.
const OPTIMISE_LATE = `import{setFlagsFromString}from'node:v8';setFlagsFromString('--wasm-tiering-budget=50000000')`;

/**
 * Runs the pinned circom (WebAssembly under WASI) in a separate Node process, so that its memory is bounded and freed
 * and so that it can be killed. A failure of circom does not reject the promise: the caller reads the result.
 *
 * @param args circom's arguments, with paths relative to `cwd`, so that no path of this machine reaches the outputs
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
    ...[OPTIMISE_LATE, REPORT_PEAK, ALLOCATOR_MODULE].flatMap((text) => [
      '--import',
      `data:text/javascript,${encodeURIComponent(text)}`,
    ]),
  ];
}

function circomEntry(): string {
  return createRequire(import.meta.url).resolve('circom2/cli.js');
}

/** A debugger or loader meant for the parent process must not change how the compiler runs. */
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

/** Removes colour codes: circom writes them even if its output is not a terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is removed
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
