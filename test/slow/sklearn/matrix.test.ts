import { describe, expect, it } from 'vitest';
import { INTERPRETER } from '../learners.ts';
import { makeModels, missingPython } from '../python-environment.ts';
import { MINIMUM, REFUSED } from './expected.ts';
import { compareWithExpected, countsOf, ONLY, outcomesOf, TRAINED } from './outcomes.ts';

const HOURS = 3_600_000;

const missing = await missingPython(INTERPRETER);
if (missing !== undefined) console.log(`Skipped: ${missing}`);

describe.skipIf(missing !== undefined)('models of scikit-learn, XGBoost, LightGBM and CatBoost', () => {
  it('are trained', { timeout: HOURS }, () => makeModels(TRAINED));

  it('are proved with ONNX Runtime’s labels, or refused for the reason listed', {
    timeout: 6 * HOURS,
  }, async () => {
    const outcomes = await outcomesOf();
    const counts = (['estimator', 'booster', 'pipeline'] as const).map((kind) => countsOf(kind, outcomes));
    for (const { line } of counts) console.log(line);
    compareWithExpected(outcomes, REFUSED);
    if (ONLY === undefined) expect(counts[0]!.proved).toBeGreaterThanOrEqual(MINIMUM);
  });
});
