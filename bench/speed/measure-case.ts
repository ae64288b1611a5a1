import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { KEY_FILES } from '#dist/artifact/file-names.js';
import type { BenchCase, ModelFiles } from './cases.ts';
import { type CasePaths, keyMakers, makers, ownProgram, pools, provers, verifiers } from './contenders.ts';
import { type Contender, interleave, type LeftOut, type Measured } from './interleave.ts';
import type { Options } from './options.ts';
import type { Peers } from './peers.ts';
import type { Sample } from './samples.ts';

/** All measurements of one case. */
export interface CaseResult {
  readonly name: string;
  readonly input: BenchCase['input'];
  readonly circuit: {
    readonly constraints: number;
    readonly publicSignals: number;
    readonly domainPower: number;
    readonly wires: number;
    /** Weights / input / activations. */
    readonly bits: string;
  };
  /** In bytes, by name. */
  readonly sizes: Sample;
  /** Missing if the artifact is from an earlier run. */
  readonly compile?: Measured;
  readonly keys: readonly Measured[];
  /** Measured once: making the key, checking it, and up to 32 trial proofs. */
  readonly setupSeconds?: number;
  /** Measured once: converting the key for the native prover and writing the cache. */
  readonly cacheSeconds?: number;
  readonly provers: readonly Measured[];
  readonly pools: readonly PoolResult[];
  readonly verifiers: readonly Measured[];
  /** Number of bundles verified together. */
  readonly batch: number;
  readonly leftOut: readonly LeftOut[];
}

export interface PoolResult extends Measured {
  readonly backend: string;
  readonly workers: number;
}

export interface CaseRun {
  readonly options: Options;
  readonly backends: readonly string[];
  readonly peers: Peers;
  readonly log: (line: string) => void;
}

/** Number of different bundles to verify; they are repeated to fill a batch. */
const DISTINCT_BUNDLES = 10;

export async function measureCase(bench: BenchCase, files: ModelFiles, run: CaseRun): Promise<CaseResult> {
  const folder = path.join(run.options.out, 'cases', bench.name);
  const place = { bench, files, folder, artifact: path.join(folder, 'artifact') };
  const leftOut: LeftOut[] = [];
  const measure = async (contenders: readonly Contender[], rounds: number) => {
    const done = await interleave(contenders, rounds, (name, turn) =>
      run.log(`${bench.name}: ${name}, ${turn}`),
    );
    leftOut.push(...done.leftOut);
    return done.measured;
  };
  const { options } = run;
  const made = await makeArtifact(place, run, measure);
  const { wires } = await runOnce('write-row', [place.artifact, files.data, folder]);
  const converted = run.backends.includes('native') ? await runOnce('key-cache', [place.artifact]) : {};
  const proved = await measure(provers(place, run), options.runs);
  const pooled = await measurePools(place, run, measure);
  await proveBundles(place);
  const verified = await measure(
    verifiers(place, run.backends, options.batch),
    options.quick ? 1 : options.runs,
  );
  return {
    name: bench.name,
    input: bench.input,
    circuit: { ...(await readCircuit(place.artifact)), wires: wires! },
    sizes: await readSizes(place),
    ...made,
    ...converted,
    provers: proved,
    pools: pooled,
    verifiers: verified,
    batch: options.batch,
    leftOut,
  };
}

type Measure = (contenders: readonly Contender[], rounds: number) => Promise<readonly Measured[]>;

async function makeArtifact(place: CasePaths, { options, backends }: CaseRun, measure: Measure) {
  const { folder, artifact } = place;
  if (options.reuse && existsSync(path.join(artifact, 'setup.json'))) return { keys: [] };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [compile] = await measure(makers(place), options.makeRuns);
  if (compile === undefined) throw new Error(`${place.bench.name} does not compile`);
  const keys = await measure(keyMakers(place, backends), options.makeRuns);
  const { setupSeconds } = await runOnce('set-up', [artifact]);
  return { compile, keys, setupSeconds: setupSeconds! };
}

/** Compiles the model, makes its key and writes the row to prove, without measuring. */
export async function prepareProving(
  { bench, files, folder, artifact }: Omit<CasePaths, 'bench'> & { readonly bench: Pick<BenchCase, 'input'> },
  reuse: boolean,
): Promise<void> {
  if (!(reuse && existsSync(path.join(artifact, 'setup.json')))) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await runOnce('compile', [files.model, files.data, artifact, bench.input]);
    await runOnce('set-up', [artifact]);
  }
  await runOnce('write-row', [artifact, files.data, folder]);
}

async function measurePools(place: CasePaths, run: CaseRun, measure: Measure): Promise<PoolResult[]> {
  const { quick, runs } = run.options;
  const contenders = pools(place, run.backends, quick ? 0.5 : 3);
  const measured = await measure(contenders, quick ? 1 : runs);
  return measured.map((one) => {
    const { backend, workers } = contenders.find(({ name }) => name === one.name)!;
    return { ...one, backend, workers };
  });
}

async function proveBundles({ artifact, files, folder }: CasePaths): Promise<void> {
  const proofs = path.join(folder, 'proofs');
  await rm(proofs, { recursive: true, force: true });
  await runOnce('batch', [artifact, files.data, String(DISTINCT_BUNDLES), proofs]);
}

/** Runs one of the programs in programs/ once, by name. */
export async function runOnce(program: string, args: readonly string[]): Promise<Sample> {
  const running = await ownProgram(program, args);
  const sample = await running.once();
  await running.end();
  return sample;
}

export async function readCircuit(artifact: string): Promise<Omit<CaseResult['circuit'], 'wires'>> {
  const { cost, manifest } = JSON.parse(await readFile(path.join(artifact, 'manifest.json'), 'utf8'));
  const { constraints, publicSignals, domainPower } = cost;
  const { weightBits, inputBits, activationBits } = manifest.quantization;
  return { constraints, publicSignals, domainPower, bits: `${weightBits}/${inputBits}/${activationBits}` };
}

/** Sizes of files that are stored or sent. The points of a proof always have 256 bytes. */
async function readSizes({ artifact, folder }: CasePaths): Promise<Sample> {
  const proofs = path.join(folder, 'proofs');
  const bundles = (await readdir(proofs)).filter((name) => name.endsWith('.proof.json'));
  const bytes = (...parts: string[]) => statSync(path.join(...parts)).size;
  const cache = path.join(artifact, KEY_FILES.proverCache);
  return {
    zkeyBytes: bytes(artifact, 'circuit.zkey'),
    ...(existsSync(cache) && { proverCacheBytes: bytes(cache) }),
    r1csBytes: bytes(artifact, 'circuit.r1cs'),
    verificationKeyBytes: bytes(artifact, 'verification-key.json'),
    modelRecordBytes: bytes(proofs, 'model.json'),
    bundleBytes: Math.max(...bundles.map((name) => bytes(proofs, name))),
  };
}
