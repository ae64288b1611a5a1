import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../../src/import/onnx/operators.ts';
import { NATIVE_BINARY } from '../../support/backends.ts';
import { smallestCases } from './case-files.ts';
import { LARGEST_ERROR, proveCase } from './prove-case.ts';

/** Names of operators, separated by commas, to try only these. */
const ONLY = process.env.ONLY?.split(',');

const CASES = await smallestCases();

describe.skipIf(NATIVE_BINARY === undefined)('the smallest node test of every operator', () => {
  it('is there', () => {
    expect(Object.keys(OPERATORS).filter((operator) => !CASES.has(operator))).toEqual([]);
  });

  const cases = [...CASES].filter(([operator]) => ONLY?.includes(operator) ?? true);
  it.each(cases)('%s, %s', { timeout: 3_600_000 }, async (operator, name) => {
    const say = (result: string) => console.log(`${operator.padEnd(20)} ${name.padEnd(44)} ${result}`);
    try {
      const { constraints, error } = await proveCase(name);
      say(`${String(constraints).padStart(6)}  proved, error ${(100 * error).toFixed(2)} %`);
      expect(error).toBeLessThanOrEqual(LARGEST_ERROR);
    } catch (thrown) {
      say((thrown as Error).message.split('\n')[0]!);
      throw thrown;
    }
  });
});
