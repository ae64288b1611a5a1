import { describe, expect, it } from 'vitest';
import { compareRows } from '../../../src/compile/quality/compare.ts';
import type { AnswerRule } from '../../../src/compile/reference/answers.ts';
import { identityModel } from '../support/identity-model.ts';

const rows = (...values: number[][]) => values.map((row) => Float64Array.from(row));

/** The integer model's values are `integer`, whatever the float model says. */
function compare(float: number[][], integer: number[][], rule: AnswerRule, labels?: number[]) {
  const reference = {
    indices: float.map((_, k) => 10 * k),
    rows: rows(...integer),
    outputs: rows(...float),
    ...(labels !== undefined && { labels }),
  };
  const count = integer[0]!.length;
  const proves = rule.decision === undefined ? 'logits' : 'label';
  return compareRows(identityModel(count), reference, [{ ...rule, count, proves }]);
}

describe('compareRows', () => {
  it('counts flips with their bound, and hits', () => {
    const found = compare(
      [
        [2, 1],
        [1, 2],
        [1, 1],
        [0, 3],
      ],
      [
        [2, 1.5],
        [2, 2],
        [1, 1.5],
        [0, 3],
      ],
      { head: 'none', decision: 'argmax' },
      [0, 1, 0, 0],
    );
    // scipy.stats.beta.ppf(0.95, 3, 2)
    expect(found).toMatchObject({ rows: 4, outside: 0, floatAccuracy: 3 / 4, integerAccuracy: 1 / 4 });
    expect(found.flips?.count).toBe(2);
    expect(found.flips?.upper).toBeCloseTo(0.90239, 3);
  });

  it('measures every output: the largest error with its row, RMS and span', () => {
    const { error } = compare(
      [
        [0, 10],
        [1, 30],
        [4, 20],
      ],
      [
        [0, 11],
        [1.5, 30],
        [4, 17],
      ],
      { head: 'none' },
    );
    expect(error?.outputs).toEqual([
      { largest: 0.5, rms: Math.sqrt(0.25 / 3), row: 10, span: 4 },
      { largest: 3, rms: Math.sqrt(10 / 3), row: 20, span: 20 },
    ]);
    expect(error?.span).toBe(30);
    expect(error?.share).toBe(0.1);
  });

  it('names the worst rows: flipped labels first, then errors', () => {
    const { worst } = compare(
      [
        [5, 0],
        [1, 0],
        [1, 0],
        [1, 0],
        [2, 1],
      ],
      [
        [1, 0],
        [0, 1],
        [1.25, 0],
        [3, 0],
        [1, 1.25],
      ],
      { head: 'none', decision: 'argmax' },
    );
    expect(worst).toEqual([
      { row: 10, value: { output: 0, float: 1, integer: 0 }, label: { float: 0, integer: 1 } },
      { row: 40, value: { output: 0, float: 2, integer: 1 }, label: { float: 0, integer: 1 } },
      { row: 0, value: { output: 0, float: 5, integer: 1 }, label: { float: 0, integer: 0 } },
    ]);
  });

  it('compares in units of the output, behind its head', () => {
    const logit = 1.5;
    const probability = 1 / (1 + Math.exp(-logit));
    const { error } = compare([[probability], [0.5]], [[logit], [1]], { head: 'sigmoid' });
    expect(error?.outputs[0]?.largest).toBeCloseTo(1 / (1 + Math.exp(-1)) - 0.5, 12);
    expect(error?.outputs[0]?.row).toBe(10);
  });

  it('counts the error of logits too, which a head near its limits hides', () => {
    const rules = [{ head: 'sigmoid', count: 1, proves: 'logits' }] as const;
    const reference = {
      indices: [0, 1],
      rows: rows([20], [0]),
      outputs: rows([1], [0.5]),
      logits: rows([30], [0]),
    };
    const { error } = compareRows(identityModel(1), reference, rules);
    expect(error?.outputs[0]?.largest).toBeLessThan(1e-8);
    expect(error).toMatchObject({ share: 0.3334, logits: { largest: 10, span: 30 } });
  });

  it('has labels alone where the float model ends in an argmax', () => {
    const rule = { head: 'argmax', decision: 'argmax' } as const;
    const found = compare(
      [[1], [0]],
      [
        [0, 1, 0],
        [0, 0, 1],
      ],
      rule,
      [1, 2],
    );
    expect(found).toMatchObject({ rows: 2, floatAccuracy: 0.5, integerAccuracy: 1, flips: { count: 1 } });
    expect(found.error).toBeUndefined();
    expect(found.worst[0]).toEqual({ row: 10, label: { float: 0, integer: 2 } });
  });

  it('has errors alone where nothing is decided', () => {
    const found = compare(
      [
        [1, 2],
        [3, 2],
      ],
      [
        [1.5, 2],
        [3, 2],
      ],
      { head: 'none' },
    );
    expect(Object.keys(found)).toEqual(['rows', 'outside', 'error', 'worst']);
  });

  it('counts errors of outputs that never change against the outputs', () => {
    const { error } = compare([[-4], [-4]], [[-4], [-3]], { head: 'none' });
    expect(error).toMatchObject({ span: 4, share: 0.25 });
  });

  it('counts rows outside the input range, and compares them clamped', () => {
    const found = compare([[150], [100], [0]], [[150], [100], [0]], { head: 'none' });
    expect(found).toMatchObject({ outside: 1, error: { share: roundedUp(50 / 150) } });
  });

  it('refuses a float model whose output is not a number', () => {
    expect(() => compare([[1], [Number.NaN]], [[1], [1]], { head: 'none' })).toThrow(
      expect.objectContaining({ code: 'QP3102', where: 'row 10' }),
    );
  });
});

function roundedUp(value: number): number {
  return Math.ceil(value * 1e4) / 1e4;
}
