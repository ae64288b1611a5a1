import { describe, expect, it } from 'vitest';
import { smallestCases } from '../../slow/operators/case-files.ts';
import { LARGEST_ERROR, proveCase } from '../../slow/operators/prove-case.ts';
import { NATIVE_BINARY } from '../../support/backends.ts';

/** `npm run test:slow:operators` proves a case of every operator. */
describe.skipIf(NATIVE_BINARY === undefined)('the smallest node test of an operator', () => {
  it.each(['Add', 'AveragePool', 'Ceil', 'Sigmoid'])('%s is proved', async (operator) => {
    const { error } = await proveCase((await smallestCases()).get(operator)!);
    expect(error).toBeLessThanOrEqual(LARGEST_ERROR);
  });
});
