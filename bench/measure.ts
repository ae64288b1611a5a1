import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InputMode } from '@quietproof/verify';
import type { ArtifactManifest } from '#dist/artifact/artifact-manifest.js';
import { artifactInput } from '#dist/artifact/provable-artifact.js';
import { widthRanges } from '#dist/compile/describe-widths.js';
import { type CompileOptions, compileModel, proveBatch, readRows, setUpArtifact } from '#dist/index.js';
import { type CheckedProofs, checkProofs } from './check-proofs.ts';
import { median } from './median.ts';

/** One way to compile one model. */
export interface Variant {
  readonly model: string;
  /** Folder with meta.json, the model file and test.json. */
  readonly folder: string;
  readonly mode: InputMode;
  readonly bits: 'auto' | number;
  /** Number of rows to prove. */
  readonly rows: number;
  /** What is stated and what may be lost, where the defaults do not fit the model or its rows. */
  readonly options: Pick<CompileOptions, 'output' | 'maxFlips'>;
}

/** Measured values. The names of times include their unit. */
export interface Measurement extends CheckedProofs {
  readonly key: string;
  readonly model: string;
  readonly mode: Variant['mode'];
  readonly bits: Variant['bits'];
  /** Chosen bits: weights / input / activations, each a range where layers differ. */
  readonly widths: string;
  /** Whether the contract on quality is kept: the default one, or that of the variant's options. */
  readonly contract: 'kept' | 'broken' | 'not-judged';
  readonly constraints: { readonly layers: number; readonly digest: number; readonly decision: number };
  /** Constraints by operation of the integer graph: all but those of the input and the one of the context. */
  readonly operations: Readonly<Record<string, number>>;
  readonly publicSignals: number;
  readonly domainPower: number;
  readonly compileSeconds: number;
  readonly circomSeconds: number;
  readonly circomPeakMB: number;
  readonly setupSeconds: number;
  readonly keyMB: number;
  readonly provedRows: number;
  readonly witnessMs: number;
  readonly proofMs: number;
  readonly workers: number;
  readonly proofsPerSecond: number;
  /** Peak of this process with its workers, over all variants that it has measured. */
  readonly peakMB: number;
  readonly labelFlips: number | null;
  readonly testRows: number;
  readonly floatAccuracy: number | null;
  readonly integerAccuracy: number | null;
}

const MB = 1e6;

/** Measures a variant, or returns the result of an earlier run with the same model and options. */
export async function measureOnce(variant: Variant, out: string, fresh: boolean): Promise<Measurement> {
  const folder = path.join(out, `${variant.model}-${variant.mode}-${variant.bits}`);
  const key = await keyOf(variant);
  const file = path.join(folder, 'measurement.json');
  const known = fresh ? undefined : await readMeasurement(file);
  if (known?.key === key) return known;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const measurement = { key, ...(await measure(variant, folder)) };
  await writeFile(`${file}.part`, `${JSON.stringify(measurement, null, 1)}\n`);
  await rename(`${file}.part`, file);
  return measurement;
}

async function measure(variant: Variant, folder: string): Promise<Omit<Measurement, 'key'>> {
  const { model, mode, bits } = variant;
  const artifact = path.join(folder, 'artifact');
  const proofs = path.join(folder, 'proofs');
  const data = path.join(variant.folder, 'test.json');
  const compiled = await timed(async () =>
    compileModel({
      model: await modelFile(variant.folder),
      calibration: data,
      out: artifact,
      input: mode,
      bits,
      acceptLoss: true,
      ...variant.options,
    }),
  );
  const setup = await timed(() => setUpArtifact(artifact, { source: { kind: 'development' }, force: true }));
  const { rows } = await readRows(data, await artifactInput(artifact));
  const chosen = rows.slice(0, variant.rows).map((values, index) => ({ index, values }));
  const samples: { witness: number; prove: number }[] = [];
  const report = await proveBatch({
    artifactDir: artifact,
    rows: chosen,
    outDir: proofs,
    onProgress: ({ row }) => row && samples.push(row.milliseconds),
  });
  const { manifest, judgement, accuracy, circom, widths } = compiled.value;
  return {
    model,
    mode,
    bits,
    widths: Object.values(widthRanges(widths)).join('/'),
    contract: judgement.result,
    constraints: splitConstraints(manifest),
    operations: constraintsByOperation(manifest),
    publicSignals: manifest.cost.publicSignals,
    domainPower: manifest.cost.domainPower,
    compileSeconds: compiled.seconds,
    circomSeconds: circom.seconds,
    circomPeakMB: circom.peakRssBytes / MB,
    setupSeconds: setup.seconds,
    keyMB: setup.value.zkeyBytes / MB,
    provedRows: chosen.length,
    witnessMs: median(samples.map(({ witness }) => witness)),
    proofMs: median(samples.map(({ prove }) => prove)),
    workers: report.workers,
    proofsPerSecond: report.proofsPerSecond,
    peakMB: report.peakMemory / MB,
    ...(await checkProofs(artifact, proofs, chosen)),
    labelFlips: accuracy.labelFlips ?? null,
    testRows: accuracy.rows,
    floatAccuracy: accuracy.floatAccuracy ?? null,
    integerAccuracy: accuracy.integerAccuracy ?? null,
  };
}

/** Splits the constraints into layers with context, input digest, and decision on the label. */
function splitConstraints({ cost, quantization }: ArtifactManifest): Measurement['constraints'] {
  const deciding = new Set(
    quantization.layers.filter(({ op }) => op === 'argmax' || op === 'threshold').map(({ layer }) => layer),
  );
  const decision = cost.layers
    .filter(({ layer }) => deciding.has(layer))
    .reduce((sum, { constraints }) => sum + constraints, 0);
  return { layers: cost.constraints - cost.digest - decision, digest: cost.digest, decision };
}

function constraintsByOperation({ cost, quantization }: ArtifactManifest): Record<string, number> {
  const operations = new Map(quantization.layers.map(({ layer, op }) => [layer, op]));
  const sums: Record<string, number> = {};
  for (const { layer, constraints } of cost.layers) {
    const operation = operations.get(layer) ?? 'other';
    sums[operation] = (sums[operation] ?? 0) + constraints;
  }
  return sums;
}

async function modelFile(folder: string): Promise<string> {
  const meta = JSON.parse(await readFile(path.join(folder, 'meta.json'), 'utf8')) as { model_file: string };
  return path.join(folder, meta.model_file);
}

/** Identifies the model, its data, the options and the version of this package. */
async function keyOf({ folder, mode, bits, rows, options }: Variant): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify({ mode, bits, rows, options }));
  for (const file of [await modelFile(folder), path.join(folder, 'test.json'), 'package.json']) {
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

async function readMeasurement(file: string): Promise<Measurement | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Measurement;
  } catch {
    return undefined;
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - started) / 1000 };
}
