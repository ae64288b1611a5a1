import { fileJson, type Quality, type RowValue, type Verdict, verifyBundle } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { makeOpeningV2 } from '../../../src/bundle/make-opening.ts';
import { describeDistance, describeQuality } from '../../../src/verify/command/measured.ts';
import { MixedModel, ROW, SALT } from '../support/mixed-model.ts';

const contract = { flips: '0.01', error: '0.05' };
const mixed = new MixedModel();

describe('describeQuality', () => {
  it.each<[Quality, string]>([
    [{ kind: 'not-judged', rows: 45 }, 'not judged: 45 rows'],
    [
      { kind: 'not-judged', rows: 45, contract: { flips: '0.005', error: '0.01' } },
      'not judged: 45 of 598 rows',
    ],
    [
      { kind: 'judged', contract, rows: 1000, flips: { count: 3, upper: '0.007736' }, error: '0.012' },
      'contract kept on 1,000 rows: 3 label flips, so at most 0.774 % of all rows (95 % sure; 1 % allowed), largest error 1.2 % of the span (5 % allowed)',
    ],
    [
      { kind: 'loss-accepted', contract, rows: 1, error: '0.07' },
      'contract broken, loss accepted, on 1 row: largest error 7 % of the span (5 % allowed)',
    ],
  ])('%#', (quality, words) => {
    expect(describeQuality(quality)).toBe(words);
  });

  it('asks for no number of rows where values are proved', () => {
    const quality: Quality = { kind: 'not-judged', rows: 4, contract: { flips: '0.005', error: '0.01' } };
    const answer = { kind: 'logits', values: [{ value: 1 }], head: 'none' } as const;
    expect(describeQuality(quality, [{ answer }])).toBe('not judged: 4 rows');
  });
});

describe('describeDistance', () => {
  const ask = (row: readonly RowValue[] | undefined): Verdict => {
    const opening = fileJson(makeOpeningV2(mixed.record, { values: mixed.values, salt: SALT }));
    const input = { opening, ...(row !== undefined && { row }) };
    return verifyBundle(fileJson(mixed.bundle()), { anyModel: true, input });
  };

  it('names the farthest feature, what was given and what was proved', () => {
    const verdict = ask(ROW);
    expect(verdict.valid).toBe(true);
    expect(describeDistance(verdict)).toBe(
      'at most 0.4 steps off: feature 3 of "history" was given as 1.3, proved is 1.5',
    );
  });

  it('says nothing where no row was given, and of a row that is exactly what was proved, that', () => {
    expect(describeDistance(ask(undefined))).toBeUndefined();
    const exact = ROW.map((value, i) => (i === 0 ? Math.fround(0.1) : value === 1.3 ? 1.5 : value));
    expect(describeDistance(ask(exact))).toMatch(/lies on a step; rows up to half a step away/);
  });
});
