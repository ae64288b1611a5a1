import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importModel } from '../../src/import/import-model.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { chooseDecision } from '../../src/quantize/decision.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';
import { type QuantizedModel, quantizer } from '../../src/quantize/quantize.ts';
import { stepsOf } from '../support/affine-codings.ts';

/** Models rebuilt from public reports, with the outputs that ONNX Runtime gives. */
const CASES = path.join('test', 'fixtures', 'cases');

async function json(name: string, file: string) {
  return JSON.parse(await readFile(path.join(CASES, name, file), 'utf8'));
}

const toRows = (rows: number[][]) => rows.map((row) => Float64Array.from(row.flat()));

/** The largest error as a share of the span of the outputs, and the labels that differ, near ties aside. */
async function judge(name: string, bits: number, calibrationFile?: string) {
  const graph = simplifyGraph(await importModel(path.join(CASES, name, 'model.onnx')));
  const rows = toRows((await json(name, 'data.json')).inputs);
  const seen = calibrationFile === undefined ? rows : toRows(await json(name, calibrationFile));
  const expected = (await json(name, 'expected.json')).onnxruntime as number[][];
  const decision = chooseDecision(graph.outputs[0]!, { output: 'logits' });
  const model = quantizer(graph, calibrate(graph, seen), { input: 'public', decisions: [decision] })(
    uniformWidths(bits),
  );
  const span = Math.max(...expected.flat()) - Math.min(...expected.flat());
  let [error, flips, judged] = [0, 0, 0];
  rows.forEach((row, k) => {
    // `prove` refuses rows outside the input's ranges.
    if (!isInside(model, row)) return;
    const values = executeInteger(model.graph, encodeClamped(model, row));
    judged += 1;
    const found = Array.from(model.outputs[0]!.logits, (id) => values[id]! * model.outputs[0]!.scale);
    found.forEach((value, i) => {
      error = Math.max(error, Math.abs(value - expected[k]![i]!) / span);
    });
    if (labelOf(found) !== labelOf(expected[k]!) && marginOf(expected[k]!) > span / 100) flips += 1;
  });
  return { error, flips, judged, model };
}

/** To half a step, as an encoding rounds. */
function isInside({ graph: { input } }: QuantizedModel, row: Float64Array): boolean {
  const { offset, step } = stepsOf(input);
  return row.every((x, i) => {
    const level = (x - offset[i]!) / step[i]!;
    return level >= -0.5 && level <= input.max[i]! + 0.5;
  });
}

/** By how much the largest score is ahead. */
function marginOf(scores: readonly number[]): number {
  const [first = 0, second = 0] = scores.toSorted((a, b) => b - a);
  return first - second;
}

const labelOf = (scores: readonly number[]) => scores.indexOf(Math.max(...scores));

describe('a model of a public report has the values of ONNX Runtime', () => {
  it.each([
    'concat-linear-and-relu',
    'constant-beside-input',
    'sensor-channels',
    'clip-equal',
    'logits-at-auto-bits',
  ])('within 1 % of their span, and its labels, at 10 bits: %s', async (name) => {
    const { error, flips } = await judge(name, 10);
    expect(error).toBeLessThan(0.01);
    expect(flips).toBe(0);
  });

  it.each([
    ['concat-linear-and-relu', 0.012],
    ['constant-beside-input', 0.01],
    ['sensor-channels', 0.03],
    ['clip-equal', 0.01],
  ])('and is close at 8 bits: %s', async (name, error) => {
    const found = await judge(name, 8);
    expect(found.flips).toBe(0);
    expect(found.error).toBeLessThan(error);
  });

  it('leaves a constant branch out of the circuit: clip-equal', async () => {
    const { model } = await judge('clip-equal', 8);
    expect(model.graph.nodes.some(({ name }) => name === 'Clip_1')).toBe(false);
  });

  it('takes no input of two calibration rows for one bit: two-calibration-rows', async () => {
    const { model, error, judged } = await judge('two-calibration-rows', 8, 'calibration.json');
    expect(judged).toBeGreaterThan(30);
    expect(error).toBeLessThan(0.012);
    expect(Array.from(model.graph.input.max)).toEqual([255, 255, 255, 255]);
    expect(model.inputGrid).toEqual(['none', 'none', 'none', 'none']);
  });
});
