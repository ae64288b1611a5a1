import { mkdir, rm, symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchCase, ModelFiles } from './cases.ts';
import type { Contender, Running } from './interleave.ts';
import { processPerCall, startLineProcess } from './line-process.ts';
import type { Options } from './options.ts';
import { type Peers, wholeProcess } from './peers.ts';
import { ROW_FILES } from './programs/row-files.ts';

/** The files of one case. */
export interface CasePaths {
  readonly bench: BenchCase;
  readonly files: ModelFiles;
  /** Folder for everything that is made for the case. */
  readonly folder: string;
  readonly artifact: string;
}

const CORES = availableParallelism();

/** Starts one of the programs in programs/, by name. */
export function ownProgram(name: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Running> {
  const file = fileURLToPath(new URL(`programs/${name}.js`, import.meta.url));
  return startLineProcess(process.execPath, [file, ...args], { ...process.env, ...env });
}

/** Compiling the artifact, in a new process each time, like a command. */
export function makers({ bench, files, artifact }: CasePaths): Contender[] {
  const compile = [files.model, files.data, artifact, bench.input];
  return [fresh('compile', () => ownProgram('compile', compile))];
}

/** Making a development key for the compiled circuit. */
export function keyMakers({ artifact }: CasePaths, backends: readonly string[]): Contender[] {
  return ['JavaScript', ...backends.filter((name) => name === 'native')].map((maker) =>
    fresh(`development key, ${maker}`, () => ownProgram('development-key', [maker, artifact])),
  );
}

function fresh(name: string, start: () => Promise<Running>): Contender {
  return { name, warmUps: 0, start: async () => processPerCall(start) };
}

export interface ProverChoice {
  readonly options: Pick<Options, 'quick' | 'roundMs'>;
  readonly backends: readonly string[];
  readonly peers: Peers;
}

/** All provers for the same row. Slow ones come first, so that the others find the machine in the same state. */
export function provers(place: CasePaths, { options, backends, peers }: ProverChoice): Contender[] {
  const paced = [...rapidsnarks(place, peers), ...ownProvers(place, backends)];
  return [
    ...ezkl(place, peers, options.quick),
    ...paced.map((one) => ({ ...one, roundMs: options.roundMs })),
  ];
}

function ownProvers({ folder, artifact }: CasePaths, backends: readonly string[]): Contender[] {
  const job = path.join(folder, ROW_FILES.job);
  const prove = (backend: string, threads: number) =>
    ownProgram('prove', [backend, artifact, job, `${threads}`]);
  const found: Contender[] = [
    { name: 'snarkjs, all cores', start: () => ownProgram('prove-snarkjs-threads', [artifact, job]) },
    { name: 'snarkjs, one thread', start: () => prove('snarkjs', 1) },
  ];
  if (!backends.includes('native')) return found;
  found.push({ name: 'native, portable, one thread', start: () => provePortably(folder, artifact, job) });
  if (CORES > 1) found.push({ name: 'native, all cores', start: () => prove('native', CORES) });
  return [...found, { name: 'native, one thread', start: () => prove('native', 1) }];
}

/** Proves with the portable engine. A key's cache is for one engine, so this uses a separate folder. */
async function provePortably(folder: string, artifact: string, job: string): Promise<Running> {
  const portable = path.join(folder, 'portable');
  await rm(portable, { recursive: true, force: true });
  await mkdir(portable);
  for (const name of PROVING_FILES) {
    await symlink(path.resolve(artifact, name), path.join(portable, name));
  }
  return ownProgram('prove', ['native', portable, job, '1'], { QUIETPROOF_ENGINE: 'portable' });
}

/** The files of an artifact that proving reads. */
const PROVING_FILES = [
  'circuit.zkey',
  'circuit.zkey.fold',
  'verification-key.json',
  'integer-graph.json',
  'witness-plan.bin',
];

function rapidsnarks({ folder, artifact }: CasePaths, { rapidsnark, rapidsnarkWarm }: Peers): Contender[] {
  const key = path.join(artifact, 'circuit.zkey');
  const witness = path.join(folder, ROW_FILES.witness);
  const written = ['proof', 'public'].map((name) => path.join(folder, `rapidsnark-${name}.json`));
  const warm = (threads: number) =>
    startLineProcess(rapidsnarkWarm!, [key, witness, '1000000', '--wait', '--threads', String(threads)]);
  const found: Contender[] = [];
  if (rapidsnark !== undefined) {
    const start = async () => wholeProcess(rapidsnark, [key, witness, ...written]);
    found.push({ name: 'rapidsnark, whole process', start });
  }
  if (rapidsnarkWarm !== undefined) {
    if (CORES > 1) found.push({ name: 'rapidsnark, all cores, key warm', start: () => warm(CORES) });
    found.push({ name: 'rapidsnark, one thread, key warm', start: () => warm(1) });
  }
  return found;
}

/** Only for public inputs, because EZKL's input digests differ from ours. */
function ezkl({ bench, files, folder }: CasePaths, { ezkl: python }: Peers, quick: boolean): Contender[] {
  if (python === undefined || bench.input !== 'public') return [];
  if (quick && bench.model !== 'mnist-mlp') return [];
  const script = fileURLToPath(new URL('../../peers/ezkl-peer.py', import.meta.url));
  const args = [script, files.model, path.join(folder, ROW_FILES.ezkl), path.join(folder, 'ezkl')];
  const start = () => startLineProcess(python, args);
  return [{ name: 'EZKL, all cores', limit: bench.large || quick ? 1 : 3, warmUps: 0, start }];
}

/** Numbers of workers to measure: 1 to 4, larger powers of two, and the number of cores. */
export function workerCounts(cores: number): number[] {
  const counts = Array.from({ length: cores }, (_, i) => i + 1);
  return counts.filter((n) => n <= 4 || n === cores || Number.isInteger(Math.log2(n)));
}

export interface PoolContender extends Contender {
  readonly backend: string;
  readonly workers: number;
}

/** @param seconds approximate time for which each pool is kept busy */
export function pools(
  { folder, artifact }: CasePaths,
  backends: readonly string[],
  seconds: number,
): PoolContender[] {
  const job = path.join(folder, ROW_FILES.job);
  return backends.flatMap((backend) =>
    workerCounts(CORES).map((workers) => ({
      name: `${backend} × ${workers}`,
      backend,
      workers,
      warmUps: 0, // the program warms every worker itself
      start: () => ownProgram('pool', [backend, artifact, job, `${workers}`, `${seconds}`]),
    })),
  );
}

export function verifiers(
  { folder, artifact }: CasePaths,
  backends: readonly string[],
  batch: number,
): Contender[] {
  const proofs = path.join(folder, 'proofs');
  return ['snarkjs', 'quietproof', ...backends.filter((name) => name === 'native')].map((verifier) => ({
    name: verifier,
    warmUps: 0, // the program verifies each proof once before it is ready
    start: () => ownProgram('verify', [verifier, proofs, artifact, String(batch)]),
  }));
}
