import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson, saltFor } from '@quietproof/verify';
import * as snarkjs from 'snarkjs';
import { ARTIFACT } from '../artifact/file-names.ts';
import { openWitnessCalculator } from '../artifact/open-witness-calculator.ts';
import { readIntegerGraph } from '../artifact/read-integer-graph.ts';
import { compileCircom } from '../circuit/circom/circom-compiler.ts';
import { circuitTemplates } from '../circuit/circom/templates.ts';
import type { WitnessCalculator } from '../circuit/witness-calculator.ts';
import { decodeWitnessFile } from '../formats/wtns.ts';
import { writeDurably } from '../store/durable-file.ts';
import { type ArtifactCheck, checkArtifact, THOROUGH_ROWS } from './check-artifact.ts';
import { sampleRows } from './sample-rows.ts';
import type { SoundnessRecord } from './soundness-record.ts';

export interface ThoroughOptions {
  readonly rows?: number;
  readonly onStep?: (step: string) => void;
}

/** Not soundness.json: the manifest holds the digest of that file. */
export const THOROUGH_FILE = 'soundness-thorough.json';
const CONTEXT = 2n ** 248n - 1n;
const SALT = 2n ** 128n - 1n;

/**
 * `check` with a thousand rows (random, boundary, extreme corners). For each row, the witness of circom's own
 * calculator must equal the integer executor's wire by wire, and must satisfy the r1cs. circom is run again to get its
 * calculator, and must produce exactly the same r1cs.
 */
export async function checkThoroughly(
  folder: string,
  { rows = THOROUGH_ROWS, onStep }: ThoroughOptions = {},
): Promise<SoundnessRecord> {
  const check = await checkArtifact(folder, rows, THOROUGH_FILE);
  onStep?.('compiling circom’s own witness calculator');
  const stage = await mkdtemp(path.join(tmpdir(), 'quietproof-'));
  try {
    const wasm = await recompile(folder, stage);
    if (wasm === undefined) return await withProblem(folder, check, 'circom gives another r1cs now');
    onStep?.(`comparing ${rows} rows with circom’s own witnesses`);
    const differs = await compareRows(folder, wasm, rows);
    return differs === undefined ? check.record : await withProblem(folder, check, differs);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** circom's calculator; undefined if the r1cs differs from the artifact's. */
async function recompile(folder: string, stage: string): Promise<Uint8Array | undefined> {
  const { r1csPath, wasmPath } = await compileCircom({
    source: await readFile(path.join(folder, ARTIFACT.circom), 'utf8'),
    includes: await circuitTemplates(),
    outDir: stage,
    wasm: true,
  });
  const [again, original] = await Promise.all([
    readFile(r1csPath),
    readFile(path.join(folder, ARTIFACT.r1cs)),
  ]);
  return again.equals(original) ? await readFile(wasmPath!) : undefined;
}

/** @returns what differs, at the first row with a difference */
async function compareRows(folder: string, wasm: Uint8Array, count: number): Promise<string | undefined> {
  const graph = readIntegerGraph(await readFile(path.join(folder, ARTIFACT.integerGraph)));
  const calculator = await openWitnessCalculator(folder);
  const salt = saltFor(graph.statement.input, () => SALT);
  for (const [k, row] of sampleRows(graph, count).entries()) {
    const wire = await firstDifference(calculator, wasm, row, salt);
    if (wire !== -1) return `row ${k}: circom and the executor disagree about wire ${wire}`;
  }
  return undefined;
}

/** The first wire on which circom's witness and the executor's differ; −1 if there is none. */
export async function firstDifference(
  calculator: WitnessCalculator,
  wasm: Uint8Array,
  row: ArrayLike<number>,
  salt: bigint | null,
): Promise<number> {
  const target = { type: 'mem' as const, data: new Uint8Array() };
  const inputs = { in: Array.from(row), context: CONTEXT, ...(salt !== null && { salt }) };
  await snarkjs.wtns.calculate(inputs, wasm, target);
  const theirs = decodeWitnessFile(target.data);
  const { witness: ours } = calculator.calculate(row, salt, CONTEXT);
  const at = theirs.length === ours.length ? ours.findIndex((byte, i) => byte !== theirs[i]) : 0;
  return at === -1 ? -1 : Math.floor(at / 32);
}

async function withProblem(
  folder: string,
  { record }: ArtifactCheck,
  what: string,
): Promise<SoundnessRecord> {
  const failed: SoundnessRecord = {
    ...record,
    verdict: record.verdict === 'proved' ? 'unknown' : record.verdict,
    claims: { ...record.claims, correspondence: 'unknown' },
    problems: [{ claim: 'correspondence', where: 'witnesses', what }, ...record.problems],
    problemCount: record.problemCount + 1,
  };
  await writeDurably(path.join(folder, THOROUGH_FILE), fileJson(failed));
  return failed;
}
