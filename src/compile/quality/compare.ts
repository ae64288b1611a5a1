import { QuietproofError } from '../../errors/quietproof-error.ts';
import { executeInteger } from '../../integer/execute.ts';
import { encodeClamped, isOutside } from '../../quantize/encode-clamped.ts';
import type { QuantizedModel } from '../../quantize/quantize.ts';
import { applyHead, floatLabels, labelMargin, logitLabels } from '../reference/answers.ts';
import { labelled, type OutputRule, type Slices, slicesOf, valued } from '../reference/output-rule.ts';
import { flipUpperBound } from './binomial.ts';
import { largestOf, type OutputDifference, type OutputErrors, outputErrors } from './output-errors.ts';

/** Rows with what the float model's file answers to them, in a runtime of its format. */
export interface ReferenceRows {
  /** Of each row in its file. */
  readonly indices: readonly number[];
  readonly rows: readonly Float64Array[];
  /** The file's own outputs, one after the other, one list per row. */
  readonly outputs: readonly Float64Array[];
  /** The float executor's logits, where values are proved and the file's outputs are what a head makes of them. */
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
  /** For ensembles of trees: how far their sums may be from a runtime's, and rows decided by less than twice that. */
  readonly leafSums?: { readonly bound: number; readonly within: number };
  /** At most WORST_ROWS, the worst first: flipped labels before errors. */
  readonly worst: readonly WorstRow[];
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
 * @param rules one per output
 * @throws QuietproofError QP3102 if an output of the file is not a number
 */
export function compareRows(
  model: QuantizedModel,
  reference: ReferenceRows,
  rules: readonly OutputRule[],
): Comparison {
  const slices = slicesOf(rules);
  const judged = { labels: labelled(slices), values: valued(slices) };
  const found = reference.rows.map((row, k) => compareRow(model, row, k, reference, judged));
  const isLabelled = judged.labels.length > 0;
  return {
    rows: found.length,
    outside: found.filter(({ outside }) => outside).length,
    ...accuracies(found, reference.labels),
    ...(isLabelled && { flips: flipsIn(found) }),
    ...(judged.values.length > 0 && {
      error: outputErrors(
        found.map(({ errors }) => errors),
        reference,
        judged.values,
      ),
    }),
    ...(model.leafBound !== undefined && { leafSums: leafSums(found, model.leafBound) }),
    worst: worstOf(found),
  };
}

/** Both models' sums may be off towards the boundary between two labels. */
function leafSums(found: readonly ComparedRow[], bound: number): NonNullable<Comparison['leafSums']> {
  return { bound, within: found.filter(({ margin }) => margin <= 2 * bound).length };
}

/** Shares of rows whose label is that of the data, where there is one label. */
function accuracies(
  found: readonly ComparedRow[],
  labels: ReferenceRows['labels'],
): Pick<Comparison, 'floatAccuracy' | 'integerAccuracy'> {
  if (labels === undefined || found.some(({ labels: own }) => own.length !== 1)) return {};
  const hits = (label: (pair: LabelPair) => number) =>
    found.filter((row, k) => label(row.labels[0]!) === labels[k]).length / found.length;
  return { floatAccuracy: hits(({ float }) => float), integerAccuracy: hits(({ integer }) => integer) };
}

/** The integer model's output values before their heads, as reals, one output after the other. */
export function integerLogits(model: QuantizedModel, row: Float64Array): Float64Array {
  const values = executeInteger(model.graph, encodeClamped(model, row));
  return Float64Array.from(
    model.outputs.flatMap(({ logits, scale }) =>
      Array.from(logits, (id) => (id < 0 ? 0 : values[id]!) * scale),
    ),
  );
}

interface ComparedRow {
  readonly row: number;
  readonly outside: boolean;
  readonly labels: readonly LabelPair[];
  /** By output whose values are judged. */
  readonly errors: readonly OutputDifference[];
  readonly value?: NonNullable<WorstRow['value']>;
  /** The error of `value`. */
  readonly largest: number;
  /** How far the integer logits are from another label; Infinity where there are no labels. */
  readonly margin: number;
}

type LabelPair = NonNullable<WorstRow['label']>;

interface Judged {
  readonly labels: readonly Slices[];
  readonly values: readonly Slices[];
}

function compareRow(
  model: QuantizedModel,
  row: Float64Array,
  k: number,
  { indices, outputs, logits: floatLogits }: ReferenceRows,
  judged: Judged,
): ComparedRow {
  const float = outputs[k]!;
  const index = indices[k]!;
  if (!float.every(Number.isFinite)) throw new QuietproofError('QP3102', { where: `row ${index}` });
  const integer = integerLogits(model, row);
  const labels = judged.labels.flatMap(({ rule, values, logits }) => {
    const own = logitLabels(logits(integer), rule);
    return floatLabels(values(float), rule).map((label, i) => ({ float: label, integer: own[i]! }));
  });
  const errors = judged.values.map((slice) => difference(slice, float, integer, floatLogits?.[k]));
  const margin = judged.labels.reduce(
    (least, { rule, logits }) => Math.min(least, labelMargin(logits(integer), rule)),
    Infinity,
  );
  return { row: index, outside: isOutside(model, row), labels, errors, margin, ...worstValue(errors) };
}

function difference(
  { rule, values, logits }: Slices,
  allFloat: Float64Array,
  allInteger: Float64Array,
  allExpected: Float64Array | undefined,
): OutputDifference {
  const float = values(allFloat);
  const own = logits(allInteger);
  const integer = applyHead(rule.head, own, float);
  const errors = float.map((value, i) => Math.abs(value - integer[i]!));
  if (allExpected === undefined) return { float, integer, errors };
  const expected = logits(allExpected);
  const logitError = largestOf(own.map((value, i) => Math.abs(value - expected[i]!)));
  return { float, integer, errors, logitError };
}

/** The value that is farthest off, by its place among the judged ones. */
function worstValue(found: readonly OutputDifference[]): Pick<ComparedRow, 'value' | 'largest'> {
  const errors = found.flatMap((own) => Array.from(own.errors));
  if (errors.length === 0) return { largest: 0 };
  const output = errors.reduce((worst, error, i) => (error > errors[worst]! ? i : worst), 0);
  const at = (values: (own: OutputDifference) => Float64Array) =>
    found.flatMap((own) => Array.from(values(own)))[output]!;
  return {
    value: { output, float: at(({ float }) => float), integer: at(({ integer }) => integer) },
    largest: errors[output]!,
  };
}

function isFlipped({ labels }: ComparedRow): boolean {
  return labels.some(({ float, integer }) => float !== integer);
}

function flipsIn(found: readonly ComparedRow[]): NonNullable<Comparison['flips']> {
  const count = found.filter(isFlipped).length;
  return { count, upper: flipUpperBound(count, found.length) };
}

function worstOf(found: readonly ComparedRow[]): WorstRow[] {
  return found
    .toSorted((a, b) => Number(isFlipped(b)) - Number(isFlipped(a)) || b.largest - a.largest || a.row - b.row)
    .slice(0, WORST_ROWS)
    .map(({ row, value, labels }) => {
      const label = labels.find(({ float, integer }) => float !== integer) ?? labels[0];
      return { row, ...(value !== undefined && { value }), ...(label !== undefined && { label }) };
    });
}
