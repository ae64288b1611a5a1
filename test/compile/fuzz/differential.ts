import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LoadedModel, loadModel } from '../../../src/compile/load-model.ts';
import { type Comparison, compareRows, type ReferenceRows } from '../../../src/compile/quality/compare.ts';
import type { OutputErrors } from '../../../src/compile/quality/output-errors.ts';
import { runReference } from '../../../src/compile/quality/reference-rows.ts';
import { partRows } from '../../../src/compile/quality/row-parts.ts';
import { answerRules, type QuantizedOnData, quantizeOnData } from '../../../src/compile/quantize-on-data.ts';
import type { DataSet } from '../../../src/data/data-set.ts';
import { QuietproofError } from '../../../src/errors/quietproof-error.ts';
import type { StatedOutput } from '../../../src/integer/integer-graph.ts';
import { isOutside } from '../../../src/quantize/encode-clamped.ts';
import { Choices } from './choices.ts';
import { compareImport } from './compare-import.ts';
import { asOutcome, type Judged, type Outcome } from './outcome.ts';
import { type RandomModel, randomModel } from './random-model.ts';
import { makeRows } from './random-rows.ts';

export const CALIBRATION_ROWS = 330;
/** The contract on flips needs 598 distinct rows. */
export const HELD_OUT_ROWS = 640;
/**
 * Largest error and share of flips on further rows: no confidence is claimed for errors, 95 % for flips. Of as many further
 * rows as held-out ones, m are beyond all held-out ones with a probability of about 2^−m: near a jump of the model, or where
 * few bits of an input round a rare value, a row now and then is.
 */
const BEYOND = { error: 0.02, rows: 12, flips: 0.015 };

/** Generates a model from decisions, compares its import with ONNX Runtime, and quantizes it on random rows. */
export async function judge(source: number | readonly number[]): Promise<Judged> {
  const choices = new Choices(source);
  const output = choices.pick<StatedOutput>(['logits', 'label']);
  const model = randomModel(choices);
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-fuzz-'));
  try {
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, model.bytes);
    const outcome = await judgeFile(file, model, output).catch(asOutcome);
    const { operators, rows } = model;
    return { ...outcome, taken: choices.taken, operators, count: rows.columns.length };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function judgeFile(file: string, model: RandomModel, output: StatedOutput): Promise<Outcome> {
  const wrong = await compareImport(
    file,
    makeRows(model.rows, 40, 2),
    model.operators.at(-1) === 'LogSoftmax',
  );
  if (wrong !== undefined) return { kind: 'failed', reason: wrong };
  const loaded = await loadAs(file, output);
  const rows = (count: number, part: number) => dataSet(makeRows(model.rows, count, part));
  const found = await quantizeOnData(
    loaded,
    partRows(rows(CALIBRATION_ROWS + HELD_OUT_ROWS, 0), undefined),
    {},
  );
  const { by, result, comparison } = found.judgement;
  if (result !== 'kept') return { kind: 'refused', reason: `${result} by ${by}${lossOf(comparison)}` };
  const beyond = await breaksOn(makeRows(model.rows, HELD_OUT_ROWS, 3), loaded, found);
  if (beyond !== undefined) return { kind: 'failed', reason: `on further rows: ${beyond}` };
  return { kind: 'kept', reason: by };
}

/** A model of one score without a sigmoid gives a label only by a threshold. */
async function loadAs(file: string, output: StatedOutput): Promise<LoadedModel> {
  try {
    return await loadModel(file, { output });
  } catch (thrown) {
    if (thrown instanceof QuietproofError && thrown.code === 'QP3004')
      return loadModel(file, { output: 'logits' });
    throw thrown;
  }
}

export const dataSet = (rows: readonly Float64Array[]): DataSet => ({
  rows,
  notes: [],
  source: 'rows.json',
  sha256: '00',
});

export function lossOf(comparison: Comparison | undefined): string {
  const { flips, error } = comparison ?? {};
  if (flips === undefined && error === undefined) return ', too few distinct rows';
  return `, ${flips === undefined ? '' : flips.count > 6 ? 'more than 1 % flips' : '1 % flips or less'}`;
}

/** How an integer model that keeps the contract fares on rows that had no part in choosing it; undefined if well. */
export async function breaksOn(
  rows: readonly Float64Array[],
  loaded: LoadedModel,
  { model, judgement }: QuantizedOnData,
): Promise<string | undefined> {
  // `prove` refuses rows outside the input's range.
  const inside = dataSet(rows.filter((row) => !isOutside(model, row)));
  const all = Array.from(inside.rows.keys());
  if (all.length === 0) return undefined;
  const parts = { calibration: inside, fitted: [], judging: inside, heldOut: all };
  const { reference } = await runReference(loaded, parts);
  const { flips, error } = compareRows(model, reference, answerRules(loaded));
  const by = judgement.by === 'flips' ? 'flips' : 'error';
  if (by === 'flips') {
    const lost = flips!.count / all.length;
    return lost > BEYOND.flips ? `flips of ${lost}` : undefined;
  }
  const lost = shareOf(error!, error!);
  if (lost <= BEYOND.error) return undefined;
  const far = all.filter((k) => {
    const alone = compareRows(model, rowOf(reference, k), answerRules(loaded)).error!;
    return shareOf(alone, error!) > BEYOND.error;
  });
  return far.length > BEYOND.rows ? `error of ${lost}, and ${far.length} rows beyond` : undefined;
}

const rowOf = ({ indices, rows, outputs, logits }: ReferenceRows, k: number): ReferenceRows => ({
  ...{ indices: [indices[k]!], rows: [rows[k]!], outputs: [outputs[k]!] },
  ...(logits !== undefined && { logits: [logits[k]!] }),
});

/** Of the proved values alone: a saturated head hides their errors, but for the rare row between its limits. */
function shareOf({ logits, outputs }: OutputErrors, { logits: span, ...all }: OutputErrors): number {
  if (logits !== undefined) return logits.largest / span!.span;
  return Math.max(...outputs.map(({ largest }) => largest)) / all.span;
}
