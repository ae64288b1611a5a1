import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { QuietproofError } from '../../../src/errors/quietproof-error.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { executeInteger } from '../../../src/integer/execute.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { type Calibration, calibrate } from '../../../src/quantize/calibrate.ts';
import { chooseDecision } from '../../../src/quantize/decision.ts';
import { encodeClamped } from '../../../src/quantize/label-flips.ts';
import { type QuantizedModel, quantizer } from '../../../src/quantize/quantize.ts';
import { runModel } from '../../import/onnx/compare.ts';
import { Choices } from './choices.ts';
import { type RandomModel, randomModel } from './random-model.ts';
import { makeRows } from './random-rows.ts';

/** What became of a random model. */
export type Outcome =
  /** The integer model is within the contract at these bits. */
  | { readonly kind: 'kept'; readonly bits: number }
  /** A refusal with a code and exit status 2, or no width that keeps the contract. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** A wrong import, a crash, or an error that says it is our bug. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What the default contract allows: the largest error, as a part of the span of the outputs. */
const MAX_ERROR = 0.01;
const CALIBRATION_ROWS = 200;
const JUDGED_ROWS = 600;
/** Rows on which every graph is compared value by value. */
const IMPORT_ROWS = 40;
const BITS = [8, 10, 12, 14, 16];

/** Generates a model from decisions and compares it with ONNX Runtime. */
export async function judge(
  source: number | readonly number[],
): Promise<Outcome & { taken: number[]; model: RandomModel }> {
  const choices = new Choices(source);
  const model = randomModel(choices);
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-fuzz-'));
  try {
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, model.bytes);
    return { ...(await judgeFile(file, model).catch(asOutcome)), taken: choices.taken, model };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function asOutcome(thrown: unknown): Outcome {
  if (thrown instanceof QuietproofError && thrown.exit === 2 && thrown.code !== 'QP3010') {
    return { kind: 'refused', reason: thrown.code };
  }
  return {
    kind: 'failed',
    reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  };
}

async function judgeFile(file: string, model: RandomModel): Promise<Outcome> {
  const rows = makeRows(model.rows, JUDGED_ROWS, 1);
  const reference = await runReference(file, rows);
  const imported = await importOnnx(file);
  const simplified = simplifyGraph(imported);
  for (const [name, graph] of Object.entries({ import: imported, simplify: simplified })) {
    const wrong = compareFloats(graph, rows, reference, model.operators.at(-1) === 'LogSoftmax');
    if (wrong !== undefined) return { kind: 'failed', reason: `${name}: ${wrong}` };
  }
  const decision = chooseDecision(simplified.output, { output: 'logits' });
  const calibration = calibrate(simplified, makeRows(model.rows, CALIBRATION_ROWS, 0));
  const quantize = quantizer(simplified, calibration, { input: 'digest', decision });
  return judgeIntegers(quantize, simplified, rows);
}

async function runReference(file: string, rows: readonly Float64Array[]): Promise<Float64Array[]> {
  const reference = await openOnnxReference(file);
  try {
    const outputs: Float64Array[] = [];
    for (const row of rows) outputs.push(await reference.run(row));
    return outputs;
  } finally {
    await reference.close();
  }
}

/** The first row that differs by more than float32 arithmetic does. */
function compareFloats(
  graph: FloatGraph,
  rows: readonly Float64Array[],
  expected: readonly Float64Array[],
  isLog: boolean,
): string | undefined {
  const span = spanOf(expected.slice(0, IMPORT_ROWS));
  for (let k = 0; k < IMPORT_ROWS; k += 1) {
    // The graph's head says softmax of both; the label and the scores are the same.
    const ours = isLog ? logSoftmax(graph, rows[k]!) : runModel(graph, rows[k]!);
    const theirs = expected[k]!;
    if (ours.length !== theirs.length) return `${ours.length} outputs instead of ${theirs.length}`;
    const largest = executeFloat(graph, rows[k]!).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // ONNX Runtime rounds every value to 24 bits, and sums lose some more.
    const own = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const room = 1e-4 * span + Math.max(largest, own) * 2 ** -18;
    const at = ours.findIndex((value, i) => !(Math.abs(value - theirs[i]!) <= room));
    if (at < 0) continue;
    if (graph.output.head === 'argmax' && isTie(graph, rows[k]!, ours[at]!, theirs[at]!, largest)) continue;
    if (graph.output.head === 'sigmoid' || graph.output.head === 'softmax') {
      if (largest > 1e4) continue;
    }
    return `row ${k}, output ${at}: ${ours[at]} instead of ${theirs[at]}, of a span of ${span}`;
  }
  return undefined;
}

function logSoftmax(graph: FloatGraph, row: Float64Array): Float64Array {
  const scores = outputsOf(graph, executeFloat(graph, row));
  const largest = Math.max(...scores);
  const total = scores.reduce((sum, x) => sum + Math.exp(x - largest), 0);
  return scores.map((x) => x - largest - Math.log(total));
}

/** Whether two labels have scores that float32 does not tell apart. */
function isTie(graph: FloatGraph, row: Float64Array, a: number, b: number, largest: number): boolean {
  const values = executeFloat(graph, row);
  const score = (label: number) => values[graph.output.values[label]!]!;
  return Math.abs(score(a) - score(b)) <= largest * 2 ** -18;
}

function spanOf(outputs: readonly Float64Array[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const output of outputs) {
    for (const value of output) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  // Outputs that never change have no span: errors then count against the outputs themselves.
  return high > low ? high - low : Math.abs(high) || 1;
}

/** The fewest bits at which the integer model keeps the contract on rows it was not calibrated on. */
function judgeIntegers(
  quantize: (widths: ReturnType<typeof uniformWidths>) => QuantizedModel,
  graph: FloatGraph,
  rows: readonly Float64Array[],
): Outcome {
  const { outputs }: Calibration = calibrate(graph, rows);
  const span = spanOf(outputs);
  let worst = Infinity;
  for (const bits of BITS) {
    const model = attempt(() => quantize(uniformWidths(bits)));
    if (model instanceof QuietproofError) {
      if (bits === BITS.at(-1) && worst === Infinity) throw model;
      continue;
    }
    worst = largestError(model, rows, outputs);
    if (worst <= MAX_ERROR * span) return { kind: 'kept', bits };
  }
  return { kind: 'refused', reason: 'a larger error even at 16 bits' };
}

function attempt<T>(run: () => T): T | QuietproofError {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof QuietproofError && thrown.exit === 2) return thrown;
    throw thrown;
  }
}

/** Over rows inside the input's range: `prove` refuses others. */
function largestError(
  model: QuantizedModel,
  rows: readonly Float64Array[],
  outputs: readonly Float64Array[],
): number {
  let worst = 0;
  let values: Float64Array | undefined;
  for (const [k, row] of rows.entries()) {
    if (!isInRange(model, row)) continue;
    values = executeInteger(model.graph, encodeClamped(model, row), values);
    model.logits.forEach((id, i) => {
      worst = Math.max(worst, Math.abs(values![id]! * model.logitScale - outputs[k]![i]!));
    });
  }
  return worst;
}

function isInRange({ graph }: QuantizedModel, row: Float64Array): boolean {
  const { offset, step, max } = graph.input;
  return row.every((x, i) => {
    const place = (x - offset[i]!) / step[i]!;
    return place >= -0.5 && place <= max[i]! + 0.5;
  });
}
