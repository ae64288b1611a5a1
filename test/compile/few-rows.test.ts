import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadModel, readModelRows } from '../../src/compile/load-model.ts';
import { partRows } from '../../src/compile/quality/row-parts.ts';
import { quantizeOnData } from '../../src/compile/quantize-on-data.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';

const CREDIT = path.join('test', 'fixtures', 'sklearn', 'german-credit');

it('labels that flip on rows too few to judge them get more bits: german-credit', async () => {
  const loaded = await loadModel(path.join(CREDIT, 'credit.onnx'), {});
  const { rows, ...data } = await readModelRows(path.join(CREDIT, 'credit.csv'), loaded);
  const parts = partRows({ ...data, rows: rows.slice(0, 200) }, undefined);
  const [narrow, found] = [
    await quantizeOnData(loaded, parts, { bits: 8 }),
    await quantizeOnData(loaded, parts, {}),
  ];
  expect(narrow.judgement.comparison!.flips!.count).toBe(3);
  expect(found.judgement).toMatchObject({ result: 'not-judged', comparison: { flips: { count: 0 } } });
  expect(found.cost.constraints - narrow.cost.constraints).toBeLessThan(10);
});

const CASE = path.join('test', 'fixtures', 'cases', 'logits-at-auto-bits');

it('values are within the contract on rows too few to judge it: logits-at-auto-bits', async () => {
  const loaded = await loadModel(path.join(CASE, 'model.onnx'), { output: 'logits' });
  const data = await readModelRows(path.join(CASE, 'data.json'), loaded);
  const { model, judgement } = await quantizeOnData(loaded, partRows(data, undefined), {});
  expect(judgement.result).toBe('not-judged');
  const { onnxruntime } = JSON.parse(await readFile(path.join(CASE, 'expected.json'), 'utf8'));
  const expected: number[][] = onnxruntime;
  const span = Math.max(...expected.flat()) - Math.min(...expected.flat());
  data.rows.forEach((row, k) => {
    const values = executeInteger(model.graph, encodeClamped(model, row));
    model.outputs[0]!.logits.forEach((id, i) => {
      expect(Math.abs(values[id]! * model.outputs[0]!.scale - expected[k]![i]!) / span).toBeLessThan(0.01);
    });
  });
});
