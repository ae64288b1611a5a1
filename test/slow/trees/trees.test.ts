import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { INTERPRETER, trainedBy } from '../learners.ts';
import { makeModels, missingPython } from '../python-environment.ts';
import { compareModel } from './compare.ts';

const HOUR = 3_600_000;

const ENSEMBLES = [
  'sklearn-tree',
  'sklearn-forest',
  'sklearn-boosting',
  'sklearn-extra-trees',
  'sklearn-isolation-forest',
  'xgboost',
  'lightgbm',
  'catboost',
] as const;

const trained = trainedBy('trees');
const missing = await missingPython(INTERPRETER);
if (missing !== undefined) console.log(`Skipped: ${missing}`);

describe.skipIf(missing !== undefined)('ensembles as their tools export them, on 10,000 hostile rows', () => {
  it('are trained', { timeout: HOUR }, async () => {
    await makeModels(trained);
  });

  it.each(ENSEMBLES)('%s: no label differs from ONNX Runtime’s', { timeout: HOUR }, async (name) => {
    const found = await compareModel(path.join(trained.models, name));
    const { rows, differences, integerDifferences, withinBound, unexplained, largestError } = found;
    const error = largestError.toFixed(2);
    console.log(
      `${name}: ${rows} rows, labels that differ: ${differences} as floats, ${integerDifferences} as integers; ${withinBound} rows within the bound, error ${error} of it`,
    );
    expect(rows).toBe(10_000);
    expect(unexplained).toBe(0);
    expect(largestError).toBeLessThanOrEqual(1);
  });
});
