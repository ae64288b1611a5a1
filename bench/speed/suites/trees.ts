import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { inspectModel } from '#dist/compile/inspect-model.js';
import { type CasePaths, ownProgram } from '../contenders.ts';
import { type Contender, interleave, type LeftOut, type Measured } from '../interleave.ts';
import { prepareProving, readCircuit, runOnce } from '../measure-case.ts';
import type { Options } from '../options.ts';
import { ROW_FILES } from '../programs/row-files.ts';
import { ratio, summaryOf } from '../samples.ts';
import { spread, table } from '../table.ts';

/** Ensembles that bench/peers/train-trees.py trains, with the thousands of constraints that each was expected to cost. */
const ENSEMBLES = [
  { name: 'boosting-100x-depth-3', expected: 2.5 },
  { name: 'lightgbm-100x31', expected: 5.6 },
  { name: 'lightgbm-500x31', expected: 13.6 },
  { name: 'forest-100x-depth-6', expected: 9.6 },
] as const;

/** The ensemble that is proved. */
const PROVED = 'lightgbm-500x31';

type Place = Omit<CasePaths, 'bench'>;

/** Kinds of rows of the synthetic circuits. */
const SYNTHETIC = ['products', 'booleans'] as const;

/** Constraints of an ensemble by step. */
interface TreeCosts {
  readonly name: string;
  readonly expected: number;
  readonly thresholds: number;
  readonly comparisons: number;
  /** Selections of leaves, and the sums that are stated. */
  readonly trees: number;
  readonly decision: number;
  /** With a public input. */
  readonly all: number;
  /** With a digest of the input instead. */
  readonly withDigest: number;
}

export interface TreeResult {
  readonly costs: readonly TreeCosts[];
  readonly proved?: { readonly constraints: number; readonly provers: readonly Measured[] };
  readonly leftOut: readonly LeftOut[];
}

/** Costs of the ensembles in a folder, and proofs of one beside synthetic circuits of as many constraints. */
export async function measureTrees(options: Options, log: (line: string) => void): Promise<TreeResult> {
  const from = options.from ?? path.join(options.out, 'trees');
  const leftOut: LeftOut[] = [];
  const costs: TreeCosts[] = [];
  for (const { name, expected } of ENSEMBLES) {
    const model = path.join(from, name, 'model.onnx');
    if (existsSync(model)) costs.push(await costsOf(name, expected, model));
    else leftOut.push({ name, why: 'see bench/peers/train-trees.py and --from' });
  }
  if (!costs.some(({ name }) => name === PROVED)) return { costs, leftOut };
  const place = {
    files: { model: path.join(from, PROVED, 'model.onnx'), data: path.join(from, PROVED, 'rows.json') },
    folder: path.join(options.out, 'cases', PROVED),
    artifact: path.join(options.out, 'cases', PROVED, 'artifact'),
  };
  log(`${PROVED}: compiling and making keys`);
  const constraints = await prepare(place, options.reuse);
  const { measured, leftOut: failed } = await interleave(
    contenders(place, options.roundMs),
    options.runs,
    (name, turn) => log(`${name}, ${turn}`),
  );
  return { costs, proved: { constraints, provers: measured }, leftOut: [...leftOut, ...failed] };
}

async function costsOf(name: string, expected: number, model: string): Promise<TreeCosts> {
  const [shown, hidden] = [
    await inspectModel(model, { input: 'public' }),
    await inspectModel(model, { input: 'digest' }),
  ];
  const { comparisons, cost } = shown;
  const decision = cost.layers.find(({ layer }) => layer === 'label')?.constraints ?? 0;
  return {
    name,
    expected,
    thresholds: comparisons!.cuts.reduce((total, { cuts }) => total + cuts, 0),
    comparisons: comparisons!.constraints,
    trees: cost.layers.reduce((total, own) => total + own.constraints, -comparisons!.constraints - decision),
    decision,
    all: cost.constraints,
    withDigest: hidden.cost.constraints,
  };
}

/** Compiles the ensemble with a digest of its input, and makes its key and those of the synthetic circuits. */
async function prepare(place: Place, reuse: boolean): Promise<number> {
  const { artifact, folder } = place;
  await prepareProving({ ...place, bench: { input: 'digest' } }, reuse);
  const { constraints } = await readCircuit(artifact);
  for (const kind of SYNTHETIC) {
    const own = path.join(folder, kind);
    await mkdir(own, { recursive: true });
    await runOnce('synthetic', [kind, String(constraints), own]);
  }
  return constraints;
}

function contenders({ artifact, folder }: Place, roundMs: number): Contender[] {
  const prove = (name: string, key: string, place: string): Contender => {
    const start = () => ownProgram('prove-witness', [key, path.join(place, ROW_FILES.witness)]);
    return { name, roundMs, start };
  };
  return [
    ...SYNTHETIC.map((kind) => prove(kind, path.join(folder, kind), path.join(folder, kind))),
    prove(PROVED, artifact, folder),
  ];
}

/** The tables of a run. */
export function treeTables({ costs, proved }: TreeResult): string[] {
  const count = (value: number) => value.toLocaleString('en-US');
  const titles = ['thresholds', 'comparisons', 'trees', 'decision', 'all', 'expected', 'with a digest'];
  const rows = costs.map((one) => [
    one.name,
    ...[one.thresholds, one.comparisons, one.trees, one.decision, one.all].map(count),
    `${one.expected} k`,
    count(one.withDigest),
  ]);
  const text = ['### Constraints of tree ensembles', table(['ensemble', ...titles], rows)];
  if (proved === undefined) return text;
  const figures = (name: string, figure: string) =>
    (proved.provers.find((one) => one.name === name)?.samples ?? []).map((sample) => sample[figure]!);
  const proofs = proved.provers.map(({ name, samples }) => [
    name,
    spread(summaryOf(samples, 'proveMs')),
    spread(summaryOf(samples, 'cpuMs')),
    spread(ratio(figures(PROVED, 'cpuMs'), figures(name, 'cpuMs'))),
  ]);
  return [
    ...text,
    `### A proof of ${PROVED} beside synthetic circuits of ${count(proved.constraints)} constraints, native, one thread`,
    table(['circuit', 'prove ms', 'CPU ms', `${PROVED} takes × as long, CPU`], proofs),
  ];
}
