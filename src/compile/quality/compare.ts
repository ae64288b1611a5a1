import { QuietproofError } from '../../errors/quietproof-error.ts';
import { executeInteger } from '../../integer/execute.ts';
import { encodeClamped, isOutside } from '../../quantize/encode-clamped.ts';
import type { QuantizedModel } from '../../quantize/quantize.ts';
import { type AnswerRule, applyHead, floatLabel, logitLabel } from '../reference/answers.ts';
import { flipUpperBound, roundUp } from './binomial.ts';

/** Rows with what the float model's file answers to them, in a runtime of its format. */
export interface ReferenceRows {
  /** Of each row in its file. */
  readonly indices: readonly number[];
  readonly rows: readonly Float64Array[];
  /** The file's own outputs, one per row. */
  readonly outputs: readonly Float64Array[];
  /** The float executor's logits, where they are proved and the file's outputs are what a head makes of them. */
  readonly logits?: readonly Float64Array[];
  /** Class indices, or 0 and 1, one per row. */
  readonly labels?: readonly number[];
}

/** The integer model compared with the float model's file. Accuracies are shares of the rows. */
export interface Comparison {
  readonly rows: number;
  /** Rows with a value outside the input's range: compared as they would be proved with --clamp-inputs. */
  readonly outside: number;
  readonly floatAccuracy?: number;
  readonly integerAccuracy?: number;
  /** Rows that the two label differently, with the upper 95 % bound on their share. */
  readonly flips?: { readonly count: number; readonly upper: number };
  /** Missing where the file's output is a label. */
  readonly error?: OutputErrors;
  /** At most WORST_ROWS, the worst first: flipped labels before errors. */
  readonly worst: readonly WorstRow[];
}

/** Errors of output values, in units of the float model's output. */
export interface OutputErrors {
  /**
   * The largest error of any output, as a share of `span`, or of any logit, as a share of theirs, if that is larger: a
   * head that is near its limits hides errors of the proved values. Rounded up to 4 significant digits.
   */
  readonly share: number;
  /** Largest minus smallest value of all float outputs; their largest magnitude where all are the same. */
  readonly span: number;
  readonly outputs: readonly OutputError[];
  /** Missing where the outputs are logits. */
  readonly logits?: { readonly largest: number; readonly span: number };
}

export interface OutputError {
  readonly largest: number;
  readonly rms: number;
  /** The row with the largest error, by its index in the file. */
  readonly row: number;
  /** Of this output alone: an error may be small beside all outputs and large beside its own. */
  readonly span: number;
}

export interface WorstRow {
  /** Its index in the file. */
  readonly row: number;
  /** The output value that is farthest off. */
  readonly value?: { readonly output: number; readonly float: number; readonly integer: number };
  readonly label?: { readonly float: number; readonly integer: number };
}

const WORST_ROWS = 3;

/**
 * Compares the integer model with the float model's file on the same rows, at least one.
 *
 * @throws QuietproofError QP3102 if an output of the file is not a number
 */
export function compareRows(model: QuantizedModel, reference: ReferenceRows, rule: AnswerRule): Comparison {
  const found = reference.rows.map((row, k) => compareRow(model, row, k, reference, rule));
  const { labels } = reference;
  const [first] = found;
  const hits = (label: (row: ComparedRow) => number | undefined) =>
    found.filter((row, k) => label(row) === labels?.[k]).length / found.length;
  return {
    rows: found.length,
    outside: found.filter(({ outside }) => outside).length,
    ...(labels !== undefined &&
      first?.label !== undefined && {
        floatAccuracy: hits(({ label }) => label?.float),
        integerAccuracy: hits(({ label }) => label?.integer),
      }),
    ...(first?.label !== undefined && { flips: flipsIn(found) }),
    ...(first?.errors !== undefined && { error: outputErrors(found, reference) }),
    worst: worstOf(found),
  };
}

/** The integer model's output values before the head, as reals. */
export function integerLogits(model: QuantizedModel, row: Float64Array): Float64Array {
  const values = executeInteger(model.graph, encodeClamped(model, row));
  return Float64Array.from(model.logits, (id) => (id < 0 ? 0 : values[id]!) * model.logitScale);
}

interface ComparedRow extends WorstRow {
  readonly outside: boolean;
  /** Absolute, by output. */
  readonly errors?: Float64Array;
  /** The largest of the row, where logits are compared too. */
  readonly logitError?: number;
  /** Of the output in `value`. */
  readonly largest: number;
}

function compareRow(
  model: QuantizedModel,
  row: Float64Array,
  k: number,
  { indices, outputs, logits: floatLogits }: ReferenceRows,
  rule: AnswerRule,
): ComparedRow {
  const float = outputs[k]!;
  const index = indices[k]!;
  if (!float.every(Number.isFinite)) throw new QuietproofError('QP3102', { where: `row ${index}` });
  const logits = integerLogits(model, row);
  const label = rule.decision && { float: floatLabel(float, rule), integer: logitLabel(logits, rule) };
  const base = { row: index, outside: isOutside(model, row), ...(label !== undefined && { label }) };
  if (rule.head === 'argmax') return { ...base, largest: 0 };
  const expected = floatLogits?.[k];
  const logitError = expected && largestOf(logits.map((value, i) => Math.abs(value - expected[i]!)));
  const integer = applyHead(rule.head, logits, float);
  const errors = float.map((value, i) => Math.abs(value - integer[i]!));
  const output = errors.reduce((worst, error, i) => (error > errors[worst]! ? i : worst), 0);
  const value = { output, float: float[output]!, integer: integer[output]! };
  return {
    ...base,
    errors,
    largest: errors[output]!,
    value,
    ...(logitError !== undefined && { logitError }),
  };
}

function isFlipped({ label }: WorstRow): boolean {
  return label !== undefined && label.float !== label.integer;
}

function flipsIn(found: readonly ComparedRow[]): NonNullable<Comparison['flips']> {
  const count = found.filter(isFlipped).length;
  return { count, upper: flipUpperBound(count, found.length) };
}

function outputErrors(found: readonly ComparedRow[], reference: ReferenceRows): OutputErrors {
  const { indices, outputs } = reference;
  const own = Array.from(outputs[0]!, (_, output): OutputError => {
    const errors = found.map((row) => row.errors![output]!);
    const worst = errors.reduce((at, error, k) => (error > errors[at]! ? k : at), 0);
    const squares = errors.reduce((sum, error) => sum + error * error, 0);
    const values = outputs.map((values) => values[output]!);
    return {
      largest: errors[worst]!,
      rms: Math.sqrt(squares / errors.length),
      row: indices[worst]!,
      span: largestOf(values) - smallestOf(values),
    };
  });
  const span = spanOf(outputs);
  const largest = largestOf(own.map((output) => output.largest));
  const logits = reference.logits && {
    largest: largestOf(found.map(({ logitError = 0 }) => logitError)),
    span: spanOf(reference.logits),
  };
  const share = Math.max(largest / span, logits === undefined ? 0 : logits.largest / logits.span);
  return { share: roundUp(share), span, outputs: own, ...(logits !== undefined && { logits }) };
}

/** A model whose outputs never change has no span: then errors count against the outputs themselves. */
function spanOf(outputs: readonly Float64Array[]): number {
  const high = largestOf(outputs.map(largestOf));
  const low = smallestOf(outputs.map(smallestOf));
  if (high > low) return high - low;
  return Math.abs(high) > 0 ? Math.abs(high) : 1;
}

function largestOf(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, values[i]!);
  return largest;
}

function smallestOf(values: ArrayLike<number>): number {
  let smallest = Infinity;
  for (let i = 0; i < values.length; i += 1) smallest = Math.min(smallest, values[i]!);
  return smallest;
}

function worstOf(found: readonly ComparedRow[]): WorstRow[] {
  return found
    .toSorted((a, b) => Number(isFlipped(b)) - Number(isFlipped(a)) || b.largest - a.largest || a.row - b.row)
    .slice(0, WORST_ROWS)
    .map(({ row, value, label }) => ({
      row,
      ...(value !== undefined && { value }),
      ...(label !== undefined && { label }),
    }));
}
