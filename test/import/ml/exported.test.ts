import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { integerLogits } from '../../../src/compile/quality/compare.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import { answersOf, HOSTILE, largestIndex, neighbours } from './ensembles.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/trees', import.meta.url));

const EXPORTS = [
  { name: 'sklearn-boosting', classes: ['benign', 'malignant'], output: 'output_label' },
  { name: 'xgboost', classes: ['0', '1', '2'], output: 'label' },
  { name: 'lightgbm', classes: ['0', '1'], output: 'label' },
  { name: 'sklearn-isolation-forest', classes: ['1', '-1'], output: 'label' },
] as const;

/** Rows of the data, and such rows with one feature at each threshold, beside it, or at a special value. */
function rowsOf(name: string, graph: FloatGraph): Float64Array[] {
  const data: number[][] = JSON.parse(readFileSync(`${FOLDER}/${name}/rows.json`, 'utf8'));
  const rows = data.map((row) => Float64Array.from(row));
  const move = (id: number, values: readonly number[]) => {
    for (const value of values) rows.push(rows[rows.length % data.length]!.with(id, value));
  };
  for (const node of graph.nodes) {
    if (node.op !== 'trees') continue;
    for (const { branches } of node.trees) {
      for (const { feature, passes } of branches)
        move(
          node.source[feature]!,
          passes.flatMap(({ low, high }) => [...neighbours(low), ...neighbours(high)]),
        );
    }
  }
  for (let id = 0; id < graph.input.count; id += 7)
    move(
      id,
      HOSTILE.filter((value) => !Number.isNaN(value)),
    );
  return rows;
}

describe.each(EXPORTS)('$name, exported as its tool does by default', ({ name, classes, output }) => {
  it('has the labels of ONNX Runtime, as floats and as integers', async () => {
    const path = `${FOLDER}/${name}/model.onnx`;
    const { graph } = await answersOf(path, []);
    expect(graph.outputs[0]).toMatchObject({ name: output, head: 'argmax', classes });
    const rows = rowsOf(name, graph);
    const { ours, theirs } = await answersOf(path, rows);
    const labels = theirs.map(([label]) => label);
    expect(ours.map(largestIndex)).toEqual(labels);
    expect(new Set(labels).size).toBe(classes.length);
    const ranked = rankedFeatures(graph, {});
    const options = { input: 'digest', decisions: [{ kind: 'argmax' }], ranked } as const;
    const model = quantizer(graph, calibrate(graph, rows.slice(0, 30)), options)(uniformWidths(8));
    const integers = rows.map((row) => largestIndex(Float64Array.from(integerLogits(model, row))));
    expect(integers).toEqual(labels);
  });
});
