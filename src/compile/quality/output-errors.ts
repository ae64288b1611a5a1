import type { Slices } from '../reference/output-rule.ts';
import { roundUp } from './binomial.ts';

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

/** How one output of a row differs from the float model's. */
export interface OutputDifference {
  readonly float: Float64Array;
  readonly integer: Float64Array;
  /** Absolute. */
  readonly errors: Float64Array;
  /** The largest of the output's logits, where they are compared too. */
  readonly logitError?: number;
}

/** Of each row: its index in the file, and the float executor's logits of all outputs, where they are compared. */
interface ComparedRows {
  readonly indices: readonly number[];
  readonly logits?: readonly Float64Array[];
}

/** Each output's errors are a share of its own span; the largest share counts, with the span that it is a share of. */
export function outputErrors(
  found: readonly (readonly OutputDifference[])[],
  { indices, logits }: ComparedRows,
  slices: readonly Slices[],
): OutputErrors {
  const each = slices.map((slice, k) => {
    const own = found.map((row) => row[k]!);
    return errorsOf(own, indices, logits?.map(slice.logits));
  });
  const worst = each.reduce((a, b) => (b.share > a.share ? b : a));
  return { ...worst, share: roundUp(worst.share), outputs: each.flatMap(({ outputs }) => outputs) };
}

/** The errors of one output, of which `share` is not rounded. */
function errorsOf(
  found: readonly OutputDifference[],
  indices: readonly number[],
  floatLogits: readonly Float64Array[] | undefined,
): OutputErrors {
  const floats = found.map(({ float }) => float);
  const own = Array.from(floats[0]!, (_, output): OutputError => {
    const errors = found.map((row) => row.errors[output]!);
    const worst = errors.reduce((at, error, k) => (error > errors[at]! ? k : at), 0);
    const squares = errors.reduce((sum, error) => sum + error * error, 0);
    const values = floats.map((values) => values[output]!);
    return {
      largest: errors[worst]!,
      rms: Math.sqrt(squares / errors.length),
      row: indices[worst]!,
      span: largestOf(values) - smallestOf(values),
    };
  });
  const span = spanOf(floats);
  const largest = largestOf(own.map((output) => output.largest));
  const logits = floatLogits && {
    largest: largestOf(found.map(({ logitError = 0 }) => logitError)),
    span: spanOf(floatLogits),
  };
  const share = Math.max(largest / span, logits === undefined ? 0 : logits.largest / logits.span);
  return { share, span, outputs: own, ...(logits !== undefined && { logits }) };
}

/** A model whose outputs never change has no span: then errors count against the outputs themselves. */
function spanOf(outputs: readonly Float64Array[]): number {
  const high = largestOf(outputs.map(largestOf));
  const low = smallestOf(outputs.map(smallestOf));
  if (high > low) return high - low;
  return Math.abs(high) > 0 ? Math.abs(high) : 1;
}

export function largestOf(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, values[i]!);
  return largest;
}

function smallestOf(values: ArrayLike<number>): number {
  let smallest = Infinity;
  for (let i = 0; i < values.length; i += 1) smallest = Math.min(smallest, values[i]!);
  return smallest;
}
