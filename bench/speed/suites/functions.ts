import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BenchCase, FUNCTION_CASES, findModel } from '../cases.ts';
import { provers } from '../contenders.ts';
import { interleave, type LeftOut, type Measured } from '../interleave.ts';
import { type CaseRun, prepareProving, readCircuit } from '../measure-case.ts';
import { ratio, summaryOf } from '../samples.ts';
import { megabytes, NOT_MEASURED, spread, table } from '../table.ts';

/** Proofs of one model by this project and by EZKL. */
export interface FunctionResult {
  readonly name: string;
  readonly constraints: number;
  /** Constraints of functions of one variable, with their rounding. */
  readonly ofTables: number;
  readonly provers: readonly Measured[];
  readonly leftOut: readonly LeftOut[];
}

const OURS = 'native, one thread';
const MEASURED = new Set(['EZKL, all cores', 'native, all cores', OURS]);

/** Measures the models with Tanh and GELU that are present. */
export async function measureFunctions(run: CaseRun): Promise<FunctionResult[]> {
  const { only, from } = run.options;
  const found: FunctionResult[] = [];
  for (const bench of FUNCTION_CASES.filter(({ name }) => only?.includes(name) ?? true)) {
    found.push(await measureOne(bench, run, from));
  }
  return found;
}

async function measureOne(bench: BenchCase, run: CaseRun, from: string | undefined): Promise<FunctionResult> {
  const { name } = bench;
  const files = await findModel(bench, from === undefined ? undefined : [from, 'test/fixtures/cases']);
  if (files === undefined) {
    const leftOut = [{ name, why: 'the model is not there' }];
    return { name, constraints: Number.NaN, ofTables: Number.NaN, provers: [], leftOut };
  }
  const folder = path.join(run.options.out, 'cases', name);
  const place = { bench, files, folder, artifact: path.join(folder, 'artifact') };
  run.log(`${name}: compiling and making its key`);
  await prepareProving(place, run.options.reuse);
  const contenders = provers(place, run).filter((one) => MEASURED.has(one.name));
  const { measured, leftOut } = await interleave(contenders, run.options.runs, (prover, turn) =>
    run.log(`${name}: ${prover}, ${turn}`),
  );
  const { constraints } = await readCircuit(place.artifact);
  return { name, constraints, ofTables: await tablesOf(place.artifact), provers: measured, leftOut };
}

async function tablesOf(artifact: string): Promise<number> {
  const { cost, quantization } = JSON.parse(await readFile(path.join(artifact, 'manifest.json'), 'utf8')) as {
    readonly cost: { readonly layers: readonly { readonly layer: string; readonly constraints: number }[] };
    readonly quantization: { readonly layers: readonly { readonly layer: string; readonly op: string }[] };
  };
  const tables = new Set(quantization.layers.filter(({ op }) => op === 'table').map(({ layer }) => layer));
  return cost.layers.reduce((sum, own) => sum + (tables.has(own.layer) ? own.constraints : 0), 0);
}

/** The table of a run. */
export function functionTables(found: readonly FunctionResult[]): string[] {
  const rows = found.flatMap((one) =>
    one.provers.map((prover) => [
      one.name,
      prover.name,
      sizeOf(one, prover),
      spread(summaryOf(prover.samples, 'proveMs')),
      spread(summaryOf(prover.samples, 'cpuMs')),
      spread(ratio(figures(prover), figures(one.provers.find(({ name }) => name === OURS)))),
      megabytes(prover.life.peakRssBytes),
    ]),
  );
  const titles = ['size', 'prove ms', 'CPU ms', `CPU, × of \`${OURS}\``, 'peak MB'];
  return ['### Functions of one variable, beside EZKL', table(['case', 'prover', ...titles], rows, 2)];
}

function sizeOf({ constraints, ofTables }: FunctionResult, { name, ready }: Measured): string {
  const count = (value: number | string) => value.toLocaleString('en-US');
  if (!name.startsWith('EZKL')) return `${count(constraints)} constraints, ${count(ofTables)} of tables`;
  const { rows, assignments, logrows } = ready;
  if (rows === undefined || assignments === undefined) return NOT_MEASURED;
  return `${count(rows)} rows, ${count(assignments)} assignments, 2^${logrows}`;
}

function figures(prover: Measured | undefined): number[] {
  return (prover?.samples ?? []).map((sample) => sample.cpuMs!);
}
