import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../../src/check/check-circuit.ts';
import { circuitCost } from '../../../src/circuit/circuit-cost.ts';
import { integerLogits } from '../../../src/compile/quality/compare.ts';
import { executeFloat } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { compileGraph } from '../../check/compile-checked.ts';
import { answersOf, largestIndex } from './ensembles.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/svm', import.meta.url));

const rowsOf = (name: string): Float64Array[] =>
  (JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as number[][]).map((row) =>
    Float64Array.from(row),
  );

/** Rows near those of the data: each column is that of one row or of another. */
function mixtures(rows: readonly Float64Array[], count: number): Float64Array[] {
  let state = 7;
  const roll = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  return Array.from({ length: count }, () => {
    const [a, b] = [rows[roll(rows.length)]!, rows[roll(rows.length)]!];
    return a.map((value, column) => (roll(2) === 0 ? value : b[column]!));
  });
}

/** By row: how near the nearest score that decides is to 0. */
function margins(graph: FloatGraph, rows: readonly Float64Array[]): number[] {
  const compare = graph.nodes.find((node) => node.op === 'compare');
  const deciding = compare?.op === 'compare' ? compare.right : graph.outputs[0]!.values.slice(-1);
  return rows.map((row) => {
    const values = executeFloat(graph, row);
    return Math.min(...Array.from(deciding, (id) => Math.abs(values[id]!)));
  });
}

const MACHINES = [
  { name: 'svc-rbf', classes: ['barbera', 'barolo', 'grignolino'] },
  { name: 'svc-rbf-unscaled', classes: ['barbera', 'barolo', 'grignolino'] },
  { name: 'svc-poly', classes: ['barbera', 'barolo', 'grignolino'] },
  { name: 'svc-sigmoid', classes: ['1', '0'] },
  { name: 'one-class', classes: ['0', '1', '-1'] },
] as const;

/** Rounding to 10 bits moves scores by less than this share of the largest one of the rows. */
const MOVED = 0.02;

describe.each(MACHINES)('$name, exported as skl2onnx does by default', ({ name, classes }) => {
  it('has the labels of ONNX Runtime, as integers wherever no score is near 0', async () => {
    const data = rowsOf('wine');
    const rows = [...data, ...mixtures(data, 60)];
    const { graph, ours, theirs } = await answersOf(`${FOLDER}/${name}.onnx`, rows);
    expect(graph.outputs[0]).toMatchObject({ head: 'argmax', classes });
    const labels = theirs.map(([label]) => label);
    expect(ours.map(largestIndex)).toEqual(labels);
    expect(new Set(labels).size).toBeGreaterThan(1);
    const options = { input: 'digest', decisions: [{ kind: 'argmax' }] } as const;
    const model = quantizer(graph, calibrate(graph, rows), options)(uniformWidths(10));
    const scores = margins(graph, rows);
    const near = MOVED * Math.max(...scores);
    const given = rows.map((row) => largestIndex(Float64Array.from(integerLogits(model, row))));
    for (const [i, label] of given.entries()) if (label !== labels[i]) expect(scores[i]!).toBeLessThan(near);
  });
});

it('a machine has the predicted cost, and its circuit is proved sound', async () => {
  const rows = rowsOf('wine');
  const { graph } = await answersOf(`${FOLDER}/svc-sigmoid.onnx`, []);
  const options = { input: 'digest', decisions: [{ kind: 'argmax' }] } as const;
  const model = quantizer(graph, calibrate(graph, rows), options)(uniformWidths(8));
  const checked = await compileGraph(model.graph);
  expect(checked.r1cs.nConstraints).toBe(circuitCost(model.graph).constraints);
  expect(checkCircuit(checked).problems).toEqual([]);
});

it('a regressor has the values of ONNX Runtime, and at 12 bits within 1 % of their span', async () => {
  const rows = rowsOf('diabetes');
  const { graph, ours, theirs } = await answersOf(`${FOLDER}/nu-svr.onnx`, rows);
  const values = theirs.map(([value]) => value!);
  for (const [i, value] of values.entries()) expect(ours[i]![0]).toBeCloseTo(value, 2);
  const options = { input: 'digest', decisions: [{ kind: 'logits' }] } as const;
  const model = quantizer(graph, calibrate(graph, rows), options)(uniformWidths(12));
  const span = Math.max(...values) - Math.min(...values);
  const errors = rows.map((row, i) => Math.abs(integerLogits(model, row)[0]! - values[i]!));
  expect(Math.max(...errors)).toBeLessThan(span / 100);
});
