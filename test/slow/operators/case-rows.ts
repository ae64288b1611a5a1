import { readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { modelOf, operatorOf, tensorIn } from '../../import/onnx/backend-cases.ts';
import { noise, runModel } from '../../import/onnx/compare.ts';

/** Rows of a case, and how its proved values are judged. */
export interface CaseRows {
  /** The first is the case's own. */
  readonly rows: readonly Float64Array[];
  /** The largest output of any row less the smallest, or their magnitude if all are the same: as contracts measure. */
  readonly span: number;
  /** For a case of whole numbers: that they are. */
  readonly card?: object;
}

/**
 * Operators whose values jump. Next to a jump an integer model, whose input is rounded, may be on the other side: that is
 * no error of the operator, and no contract on errors can hold. Their rows keep a distance from every jump.
 */
const STEPPED = new Set(
  `Floor Ceil Round Sign ThresholdedRelu Shrink Hardmax Less LessOrEqual Greater GreaterOrEqual`.split(/\s+/),
);

/** The distance, as a share of the largest value of the row. */
const DISTANCE = 1 / 50;

export const isStepped = (operator: string): boolean => STEPPED.has(operator);

/** Whether none of a row's values is so near a jump that the operator would give something else beside it. */
export function keepsAway(graph: FloatGraph, row: Float64Array): boolean {
  return row.every((_, i) => isSteady(graph, row, i));
}

function isSteady(graph: FloatGraph, row: Float64Array, place: number): boolean {
  const distance = DISTANCE * largestOf(row);
  const at = runModel(graph, row);
  return [distance, -distance].every((shift) => {
    const beside = runModel(graph, row.with(place, row[place]! + shift));
    // A slope up to 4 is no jump.
    return beside.every((value, k) => Math.abs(value - at[k]!) <= 4 * distance);
  });
}

const largestOf = (row: Float64Array) => row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The rows that a case is compiled on and proved with. */
export async function caseRows(name: string, count: number): Promise<CaseRows> {
  const graph = await importOnnx(modelOf(name), { batched: false });
  const own = Float64Array.from(tensorIn(name, 'input.pb').data);
  const draw = isStepped(operatorOf(name)) ? apart(graph, own) : near(name, own);
  const rows = Array.from({ length: count }, (_, k) => (k === 0 ? own : draw(k)));
  // Log-softmax has the head of a softmax: the graph's own outputs are shares.
  const stated = operatorOf(name) === 'LogSoftmax' ? Math.log : (value: number) => value;
  const outputs = rows.flatMap((row) => Array.from(runModel(graph, row), stated));
  const [least, most] = [Math.min(...outputs), Math.max(...outputs)];
  const span = most > least ? most - least : Math.abs(most);
  if (!isOfWholeNumbers(name)) return { rows, span };
  const feature = { min: Math.min(...own), max: Math.max(...own), step: 1 };
  return { rows, span, card: { features: Array.from(own, () => feature) } };
}

/** Numbers that are rounded are equal to none. */
const isOfWholeNumbers = (name: string): boolean => operatorOf(name) === 'Equal';

/** Another value of a row, or the same. @param draw between −2 and 2 */
const otherOf = (row: Float64Array, draw: number) =>
  row[Math.floor(((draw + 2) / 4) * row.length)] ?? row[0]!;

/** Each value is up to an eighth larger or smaller than the case's own; half of that all values together. */
function near(name: string, own: Float64Array): (k: number) => Float64Array {
  const { node } = onnxProto.onnx.ModelProto.decode(readFileSync(modelOf(name))).graph!;
  const isTruth = node![0]!.opType === 'Cast' && operatorOf(name) !== 'Cast';
  const isWhole = isOfWholeNumbers(name);
  return (k) => {
    // The first number of each small seed is about the same.
    const [, together, ...changes] = noise(own.length + 2, k);
    // Truth values are floats that a Cast reads: any but 0 are true.
    if (isTruth) return Float64Array.from(changes, (change) => Number(change > 0));
    if (isWhole) return own.map((_, i) => otherOf(own, changes[i]!));
    return own.map((value, i) => Math.fround(value * (1 + (together! + changes[i]!) / 32)));
  };
}

/** Each value is near one of the case's, its own or another, where that keeps its distance from jumps too. */
function apart(graph: FloatGraph, own: Float64Array): (k: number) => Float64Array {
  const reach = DISTANCE * largestOf(own);
  return (k) => {
    const [places, changes] = [noise(own.length, k), noise(own.length, k + 1000)];
    const row = Float64Array.from(own);
    for (const [i, value] of own.entries()) {
      row[i] = Math.fround(otherOf(own, places[i]!) + reach * changes[i]!);
      if (!isSteady(graph, row, i)) row[i] = Math.fround(value + (reach / 4) * changes[i]!);
    }
    return row;
  };
}
