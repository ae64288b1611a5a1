import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileModel, readParts } from '../../src/compile/compile-model.ts';
import { loadModel, readModelRows } from '../../src/compile/load-model.ts';
import { integerLogits } from '../../src/compile/quality/compare.ts';
import { quantizeOnData } from '../../src/compile/quantize-on-data.ts';
import { executeFloat, outputsOf } from '../../src/graph/execute.ts';

/** Trained and exported by default (test/slow/sklearn/make_fixtures.py), with ONNX Runtime's labels of some rows. */
const FIXTURES = path.join('test', 'fixtures', 'sklearn');
const NAMES = [
  'impute-missing',
  'credit-missing-all',
  'credit-bins',
  'credit-polynomial',
  'calibrated-svc',
  'GaussianNB',
] as const;

const indexOfLargest = (scores: ArrayLike<number>) =>
  Array.from(scores).indexOf(Math.max(...Array.from(scores)));

/** A model that is calibrated on its training data, and rows with the labels that they should have. */
async function quantized(name: string) {
  const at = (file: string) => path.join(FIXTURES, name, file);
  const loaded = await loadModel(at('model.onnx'), {});
  const parts = await readParts(loaded, { calibration: at('train.csv') });
  const { rows } = await readModelRows(at('rows.csv'), loaded);
  const labels: string[] = JSON.parse(await readFile(at('labels.json'), 'utf8'));
  return { loaded, rows, labels, ...(await quantizeOnData(loaded, parts, {})) };
}

describe('pipelines as scikit-learn exports them', () => {
  it.each(NAMES)('%s: labels as ONNX Runtime gives them', async (name) => {
    const { loaded, model, rows, labels } = await quantized(name);
    const { classes } = loaded.graph.outputs[0]!;
    const scores = rows.map((row) => {
      const float = outputsOf(loaded.graph, executeFloat(loaded.graph, row));
      return { float, integer: integerLogits(model, row) };
    });
    expect(scores.map(({ float }) => classes![indexOfLargest(float)])).toEqual(labels);
    const bound = Math.max(
      ...scores.flatMap(({ float, integer }) =>
        Array.from(float, (value, i) => Math.abs(value - integer[i]!)),
      ),
    );
    const isOpen = scores.map(({ float }) => {
      const [best, second] = float.toSorted((a, b) => b - a);
      return best! - second! >= 2 * bound;
    });
    expect(isOpen.filter(Boolean).length).toBeGreaterThan(rows.length / 2);
    scores.forEach(({ integer }, k) => {
      if (isOpen[k]) expect(classes![indexOfLargest(integer)], `row ${k}`).toBe(labels[k]);
    });
  });

  it('labels are within the contract on rows too few to judge it', async () => {
    const { model, judgement } = await quantized('GaussianNB');
    expect(judgement.result).toBe('not-judged');
    // At 8 bits the calibration rows would flip.
    expect(model.widths.weights).toBeGreaterThan(8);
    expect(judgement.comparison!.flips!.count).toBe(0);
  });

  it('with texts and missing values is compiled, and its circuit proved', async () => {
    const folder = path.join(FIXTURES, 'credit-missing-all');
    const { manifest } = await compileModel({
      model: path.join(folder, 'model.onnx'),
      calibration: path.join(folder, 'train.csv'),
      out: path.join(await mkdtemp(path.join(tmpdir(), 'quietproof-pipeline-')), 'artifact'),
    });
    expect(manifest.manifest.claims!.soundness).toMatchObject({ verdict: 'proved' });
  });
});
