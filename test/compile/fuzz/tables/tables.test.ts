import { describe, expect, it } from 'vitest';
import { LEARNED_OPERATORS } from '../../../../src/import/ml/operators.ts';
import { census, refusals, report } from '../census.ts';
import { Choices } from '../choices.ts';
import { judgeTable, judgeTableCircuit, judgeTableFloats } from './judge-table.ts';
import { tableModel } from './table-model.ts';

/** `npm run test:slow:graphs` judges 5,000, a tenth of them as integers, and compiles a fiftieth. */
const [FLOATS, INTEGERS, CIRCUITS] = [80, 2, 2];

describe('random models of tables', () => {
  it('contain every operator of ai.onnx.ml that is imported', () => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 400; seed += 1) {
      for (const operator of tableModel(new Choices(seed)).operators) found.add(operator);
    }
    expect(Object.keys(LEARNED_OPERATORS).filter((operator) => !found.has(operator))).toEqual([]);
  });

  it('give the outputs of ONNX Runtime on hostile rows, too', async () => {
    const found = await census(1, FLOATS, judgeTableFloats);
    expect(found.failed, report(found)).toEqual([]);
    expect(refusals(found), report(found)).toBeLessThanOrEqual(FLOATS / 3);
  });

  it('give them as integers within the contract, and exactly where trees decide', async () => {
    const found = await census(201, INTEGERS, judgeTable);
    expect(found.failed, report(found)).toEqual([]);
  });

  it('have circuits that are proved sound', async () => {
    const found = await census(3018, CIRCUITS, judgeTableCircuit);
    expect(found.failed, report(found)).toEqual([]);
  });
});
