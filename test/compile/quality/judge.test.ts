import { fileJson, parseQuality } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../../src/compile/quality/compare.ts';
import { contractOf, judgeOf } from '../../../src/compile/quality/contract.ts';
import { judge, qualityRecord } from '../../../src/compile/quality/judge.ts';
import { judgementWords, share } from '../../../src/compile/quality/judgement-words.ts';
import { identityModel } from '../support/identity-model.ts';

/** Rows whose first score is 1; `flips` of them flip, and all are off by `error` of a span of 2. */
function compared(rows: number, { flips = 0, error = 0 }) {
  const indices = Array.from({ length: rows }, (_, k) => k);
  const values = indices.map((k) => Float64Array.of(k < flips ? -1 : 1 - error, 0));
  const outputs = indices.map((k) => Float64Array.of(k === rows - 1 ? -1 : 1, 0));
  values[rows - 1] = Float64Array.of(-1, 0);
  const rules = [{ head: 'none', decision: 'argmax', count: 2, proves: 'label' }] as const;
  return compareRows(identityModel(2), { indices, rows: values, outputs }, rules);
}

const CONTRACT = contractOf({});

describe('judge', () => {
  it.each([
    ['flips', 598, {}, 'kept'],
    ['flips', 597, {}, 'not-judged'],
    ['flips', 598, { flips: 1 }, 'broken'],
    ['flips', 946, { flips: 1 }, 'broken'],
    ['flips', 947, { flips: 1 }, 'kept'],
    ['flips', 598, { error: 0.5 }, 'kept'],
    ['error', 10, {}, 'kept'],
    ['error', 9, {}, 'not-judged'],
    ['error', 10, { error: 1 / 64 }, 'kept'],
    ['error', 10, { error: 2 / 64 }, 'broken'],
  ] as const)('by %s, on %i rows with %j: %s', (by, rows, found, result) => {
    const judgement = judge(by, CONTRACT, compared(rows, found));
    expect(judgement.result).toBe(result);
    const record = qualityRecord(judgement);
    // Verifiers refuse a quality whose kind disagrees with its numbers.
    expect(parseQuality(fileJson(record))).toEqual(record);
    const kind = { kept: 'judged', broken: 'loss-accepted', 'not-judged': 'not-judged' }[result];
    expect(record).toMatchObject({ kind, rows, contract: { flips: '0.005', error: '0.01' } });
  });

  it('has no result without held-out rows', () => {
    const judgement = judge('flips', CONTRACT, undefined);
    expect(judgement).toMatchObject({ result: 'not-judged', rows: 0, needed: 598 });
    expect(judgementWords(judgement)).toBe('not judged: 0 of 598 rows');
    expect(qualityRecord(judgement)).toMatchObject({ kind: 'not-judged', rows: 0 });
  });

  it('says what decided, never less than what was measured', () => {
    expect(judgementWords(judge('flips', CONTRACT, compared(598, {})))).toBe(
      '0 of 598 held-out labels flip, so up to 0.5 % may (95 % sure), 0.5 % is allowed',
    );
    expect(judgementWords(judge('error', CONTRACT, compared(30, { error: 2 / 64 })))).toBe(
      "the largest error on 30 held-out rows is 1.57 % of the outputs' span, 1 % is allowed",
    );
  });
});

describe('the contract', () => {
  it('judges a label by flips and values by their error', () => {
    expect(judgeOf([{ kind: 'argmax' }], [{ head: 'softmax' }])).toBe('flips');
    expect(judgeOf([{ kind: 'threshold', threshold: 0.5 }], [{ head: 'sigmoid' }])).toBe('flips');
    expect(judgeOf([{ kind: 'logits' }], [{ head: 'softmax' }])).toBe('error');
    // The file's own output is a label: there are no values to compare with.
    expect(judgeOf([{ kind: 'logits' }], [{ head: 'argmax' }])).toBe('flips');
  });

  it.each([{ maxFlips: 0 }, { maxFlips: 1.1 }, { maxError: -0.1 }, { maxError: Number.NaN }])(
    'cannot be %j',
    (options) => {
      expect(() => contractOf(options)).toThrow(expect.objectContaining({ code: 'QP3101' }));
    },
  );
});

describe('share', () => {
  it.each([
    [0.07, '7 %'],
    [0.0088, '0.88 %'],
    [0.00488123, '0.489 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.9999, '100 %'],
  ])('of %d is %s', (value, words) => {
    expect(share(value)).toBe(words);
  });
});
