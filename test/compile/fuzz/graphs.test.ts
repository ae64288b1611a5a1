import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../../src/import/onnx/operators.ts';
import { census, refusals, report } from './census.ts';
import { Choices } from './choices.ts';
import { judge } from './differential.ts';
import { randomModel } from './random-model.ts';

/** `npm run test:slow:graphs` judges 5,000. */
const GRAPHS = 15;

describe('random ONNX files', () => {
  it('contain every operator that is imported', () => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 1600; seed += 1) {
      for (const operator of randomModel(new Choices(seed)).operators) found.add(operator);
    }
    expect(Object.keys(OPERATORS).filter((operator) => !found.has(operator))).toEqual([]);
  });

  it('give the outputs of ONNX Runtime, as integers within the contract or refused by it', async () => {
    const found = await census(1, GRAPHS, judge);
    expect(found.failed, report(found)).toEqual([]);
    // They break the contract, pass 2^52, divide by what may be 0, or have a constant output. The share of few graphs
    // varies; the slow test, of many, allows a tenth.
    expect(refusals(found), report(found)).toBeLessThanOrEqual(GRAPHS / 5);
  }, 300_000);
});
