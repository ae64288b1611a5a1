import { fileJson, type Quality, type RowValue, type Verdict, verifyBundle } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { makeOpeningV2 } from '../../../src/bundle/make-opening.ts';
import { describeDistance, describeQuality } from '../../../src/verify/command/measured.ts';
import { MixedModel, ROW, SALT } from '../support/mixed-model.ts';

const contract = { flips: '0.01', error: '0.05' };
const mixed = new MixedModel();

describe('describeQuality', () => {
  it.each<[Quality, string]>([
    [{ kind: 'not-judged', rows: 45 }, 'not judged, 45 rows compared'],
    [
      { kind: 'judged', contract, rows: 1000, flips: { count: 3, upper: '0.0088' }, error: '0.012' },
      'judged on 1,000 rows: 3 label flips (at most 0.88 % of all rows, 95 % sure), largest error 1.2 % of the span',
    ],
    [
      { kind: 'loss-accepted', contract, rows: 1, error: '0.5' },
      'loss accepted, on 1 row: largest error 50 % of the span',
    ],
  ])('%#', (quality, words) => {
    expect(describeQuality(quality)).toBe(words);
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
