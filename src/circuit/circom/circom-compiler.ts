import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type CircomRun, runCircom, WASM_MEMORY_MIB } from './circom-process.ts';

export interface CircomInput {
  /** The text of the circuit, including the main component. */
  readonly source: string;
  /** Base name of the outputs, without extension. Default `circuit`. */
  readonly fileName?: string;
  /** Files that the source may include, by the name used in `include` (no folders). */
  readonly includes?: ReadonlyMap<string, string>;
  /** Folder for `<fileName>.r1cs` and so on; created if missing. */
  readonly outDir: string;
  /** Also write the witness calculator: needed by tests, slow for large circuits. Default false. */
  readonly wasm?: boolean;
  /** Also write the names of wires. Default true. */
  readonly sym?: boolean;
  /** Limit of the compiler's WebAssembly memory. Default and most: all that it can address, 4096. */
  readonly memoryLimitMiB?: number;
  /** Aborting kills the compiler; nothing is left behind. */
  readonly signal?: AbortSignal;
}

export interface CircomOutput {
  readonly r1csPath: string;
  readonly symPath?: string;
  readonly wasmPath?: string;
  readonly stats: CircomStats;
}

/** What circom printed about the circuit, and what the run cost. */
export interface CircomStats {
  readonly nonlinearConstraints: number;
  readonly linearConstraints: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly publicOutputs: number;
  /** Including the constant wire 0. */
  readonly wires: number;
  readonly seconds: number;
  readonly peakRssBytes: number;
}

/**
 * Compiles circom source at `--O1` for BN254. The outputs depend only on the sources and the compiler's version, not on
 * the folder, the time or the machine.
 *
 * @throws QuietproofError QP4001 with circom's message, QP4002 if it ran out of memory, QP8001 if it could not write
 */
export async function compileCircom(input: CircomInput): Promise<CircomOutput> {
  await mkdir(input.outDir, { recursive: true });
  // A folder next to the results: moving them is a rename, and a killed run leaves no half-written result.
  const stage = await mkdtemp(join(input.outDir, '.circom-'));
  try {
    const started = performance.now();
    const run = await stageAndRun(input, stage);
    if (run.exitCode !== 0) throw compilerError(run, input);
    const seconds = (performance.now() - started) / 1000;
    return await collectOutputs(input, stage, { ...readStats(run), seconds });
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Versions of the compiler, as recorded in manifests: `{ circom: '2.2.3', package: 'circom2@0.2.23' }`. */
export async function circomVersion(): Promise<{ readonly circom: string; readonly package: string }> {
  const run = await runCircom(['--version'], { cwd: '.', memoryLimitMiB: 256 });
  const circom = /circom compiler (\S+)/.exec(run.stdout)?.[1];
  if (circom === undefined) throw new QuietproofError('QP4001', { what: 'circom does not say its version' });
  const manifest = createRequire(import.meta.url).resolve('circom2/package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return { circom, package: `circom2@${version}` };
}

function baseName(input: CircomInput): string {
  return input.fileName ?? 'circuit';
}

async function stageAndRun(input: CircomInput, stage: string): Promise<CircomRun> {
  const main = `${baseName(input)}.circom`;
  for (const [name, text] of [...(input.includes ?? []), [main, input.source] as const]) {
    if (!/^[\w-]+\.circom$/.test(name))
      throw new QuietproofError('QP4001', { what: `bad file name "${name}"` });
    await writeFile(join(stage, name), text);
  }
  const flags = ['--O1', '--r1cs'];
  if (input.sym !== false) flags.push('--sym');
  if (input.wasm) flags.push('--wasm');
  const memoryLimitMiB = input.memoryLimitMiB ?? WASM_MEMORY_MIB;
  return runCircom([main, ...flags], { cwd: stage, memoryLimitMiB, signal: input.signal });
}

async function collectOutputs(input: CircomInput, stage: string, stats: CircomStats): Promise<CircomOutput> {
  const base = baseName(input);
  const take = async (from: string, extension: string) => {
    const to = join(input.outDir, `${base}.${extension}`);
    await rename(join(stage, from), to);
    return to;
  };
  return {
    r1csPath: await take(`${base}.r1cs`, 'r1cs'),
    ...(input.sym !== false && { symPath: await take(`${base}.sym`, 'sym') }),
    ...(input.wasm && { wasmPath: await take(join(`${base}_js`, `${base}.wasm`), 'wasm') }),
    stats,
  };
}

function readStats(run: CircomRun): Omit<CircomStats, 'seconds'> {
  const number = (label: string) => {
    const found = new RegExp(`^${label}: (\\d+)`, 'm').exec(run.stdout)?.[1];
    if (found === undefined) throw new QuietproofError('QP4001', { what: `circom printed no "${label}"` });
    return Number(found);
  };
  return {
    nonlinearConstraints: number('non-linear constraints'),
    linearConstraints: number('linear constraints'),
    publicInputs: number('public inputs'),
    privateInputs: number('private inputs'),
    publicOutputs: number('public outputs'),
    wires: number('wires'),
    peakRssBytes: run.peakRssBytes ?? 0,
  };
}

function compilerError(run: CircomRun, input: CircomInput): QuietproofError {
  const where = `${baseName(input)}.circom`;
  const said = `${run.stderr}\n${run.stdout}`;
  // Rust's allocator prints this before it traps: the memory of the machine plays no part.
  if (/memory allocation of \d+ bytes failed|out of memory/i.test(said)) {
    const limit = input.memoryLimitMiB ?? WASM_MEMORY_MIB;
    const fix = 'Make the circuit smaller: fewer bits, or fewer or smaller layers';
    return new QuietproofError('QP4002', { where: `${where}, whose WebAssembly holds ${limit} MiB`, fix });
  }
  // A system that is out of memory sends this.
  if (run.killedBy === 'SIGKILL') {
    const fix = 'Free memory, or make the circuit smaller (fewer bits, fewer or smaller layers)';
    return new QuietproofError('QP4002', { where: `${where}, ended by the system`, fix });
  }
  // circom gives no reason; a full disk and a missing permission are the likely ones.
  if (/could not write the output/i.test(said)) {
    return new QuietproofError('QP8001', {
      what: 'The circuit cannot be written: the disk is full, or the folder is read-only',
      where: input.outDir,
      fix: 'Free some space and run the same command again',
    });
  }
  const ending = run.killedBy ?? `exit status ${run.exitCode}`;
  return new QuietproofError('QP4001', {
    what: `circom: ${firstMessage(said)}`,
    where: `${where}, ${ending}`,
  });
}

const MESSAGE_LINES = 12;

/** The first error that circom reports, with the lines that show its location. */
function firstMessage(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const start = lines.findIndex((line) => /^(error|thread .* panicked|RuntimeError)/.test(line.trim()));
  return lines.slice(Math.max(start, 0), Math.max(start, 0) + MESSAGE_LINES).join('\n');
}
