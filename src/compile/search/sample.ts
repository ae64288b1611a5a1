import type { Calibration } from '../../quantize/calibrate.ts';
import type { QuantizedModel } from '../../quantize/quantize.ts';
import { integerLogits } from '../quality/compare.ts';
import type { Contract, Judge } from '../quality/contract.ts';
import { applyHead, logitLabels } from '../reference/answers.ts';
import { labelled, type OutputRule, slicesOf, valued } from '../reference/output-rule.ts';

/** Rows that the search runs its candidates on. They are calibration rows, never held-out ones. */
export interface Sample {
  readonly rows: readonly Float64Array[];
  /** The float executor's logits, one per row. */
  readonly logits: readonly Float64Array[];
}

/** Every pair of rows counts in the estimate of flips, so few rows resolve shares far below one row. */
const SAMPLE_ROWS = 96;

/** Evenly spaced: a file may be sorted. */
export function sampleOf({ rows, outputs }: Calibration): Sample {
  const count = Math.min(SAMPLE_ROWS, rows.length);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor((k * rows.length) / count));
  return { rows: chosen.map((k) => rows[k]!), logits: chosen.map((k) => outputs[k]!) };
}

/** By row of the sample: integer logits minus float logits. */
export function deviations(model: QuantizedModel, { rows, logits }: Sample): Float64Array[] {
  return rows.map((row, k) => integerLogits(model, row).map((value, i) => value - logits[k]![i]!));
}

/** The mean square of a logit's deviation. */
export function noiseOf(found: readonly Float64Array[]): number {
  const squares = found.map((row) => row.reduce((sum, value) => sum + value * value, 0) / row.length);
  return squares.reduce((sum, own) => sum + own, 0) / squares.length;
}

/**
 * Whether an estimate, for other rows than those of the sample, is within the contract. Flips: the share of pairs of
 * rows (a, b) in which the label of a changes if its logits deviate as those of b did. Error: the largest one.
 *
 * @param example an output of the float model's file, which shows whether a softmax is a log-softmax
 */
export function isEstimatedWithin(
  contract: Contract,
  by: Judge,
  found: readonly Float64Array[],
  { logits }: Sample,
  rules: readonly OutputRule[],
  example: Float64Array,
): boolean {
  const keepsFlips = by === 'error' || estimatedFlips(found, logits, rules) <= contract.flips;
  if (!keepsFlips || by === 'flips') return keepsFlips;
  return valued(slicesOf(rules)).every((slice) => {
    const own = (rows: readonly Float64Array[]) => rows.map(slice.logits);
    return errorShare(own(found), own(logits), slice.rule, slice.values(example)) <= contract.error;
  });
}

/** The share of labels that flip, estimated by all pairs of rows. */
function estimatedFlips(
  found: readonly Float64Array[],
  logits: readonly Float64Array[],
  rules: readonly OutputRule[],
): number {
  const slices = labelled(slicesOf(rules));
  const labelsOf = (row: Float64Array) =>
    slices.flatMap((slice) => logitLabels(slice.logits(row), slice.rule));
  let flips = 0;
  for (const row of logits) {
    const labels = labelsOf(row);
    const moved = new Float64Array(row.length);
    for (const deviation of found) {
      for (let i = 0; i < row.length; i += 1) moved[i] = row[i]! + deviation[i]!;
      if (labelsOf(moved).some((label, i) => label !== labels[i])) flips += 1;
    }
  }
  return flips / (logits.length * found.length);
}

/** The same before any final function, which needs no output of the file. */
export function areLogitsWithin(
  { flips, error }: Contract,
  by: Judge,
  found: readonly Float64Array[],
  { logits }: Sample,
  rules: readonly OutputRule[],
): boolean {
  if (by !== 'error' && estimatedFlips(found, logits, rules) > flips) return false;
  return by === 'flips' || logitErrorShare(found, logits, rules) <= error;
}

/** The largest deviation of a logit, as a share of the span of the sample's logits of its output. */
function logitErrorShare(
  found: readonly Float64Array[],
  logits: readonly Float64Array[],
  rules: readonly OutputRule[],
): number {
  const shares = valued(slicesOf(rules)).map((slice) => {
    const float = logits.map(slice.logits);
    return shareOf(float, movedBy(float, found.map(slice.logits)));
  });
  return Math.max(0, ...shares);
}

function movedBy(logits: readonly Float64Array[], found: readonly Float64Array[]): Float64Array[] {
  return logits.map((row, k) => row.map((value, i) => value + found[k]![i]!));
}

/** Behind the head and before it, whichever is larger. */
function errorShare(
  found: readonly Float64Array[],
  logits: readonly Float64Array[],
  { head }: OutputRule,
  example: Float64Array,
): number {
  const moved = movedBy(logits, found);
  const behind = (rows: readonly Float64Array[]) => rows.map((row) => applyHead(head, row, example));
  return Math.max(shareOf(logits, moved), shareOf(behind(logits), behind(moved)));
}

function shareOf(float: readonly Float64Array[], moved: readonly Float64Array[]): number {
  let [largest, low, high] = [0, Infinity, -Infinity];
  float.forEach((row, k) => {
    row.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - moved[k]![i]!));
      low = Math.min(low, value);
      high = Math.max(high, value);
    });
  });
  return high > low ? largest / (high - low) : largest;
}
