import { findDuplicates, type Verdict } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { RepeatedRecords } from '../../../src/audit/findings/repeated-records.ts';
import { DigestIndex } from '../../../src/audit/flat/digest-index.ts';
import { NumberList } from '../../../src/audit/flat/number-list.ts';
import { TextList } from '../../../src/audit/flat/text-list.ts';
import { sha256 } from '../../../src/data/sha256.ts';

const MANY = 5000;

test('a digest has the number of its first time, also those that begin alike', () => {
  const index = new DigestIndex();
  const alike = (at: number) => `00000000${sha256(`${at}`).slice(8)}`;
  const digests = Array.from({ length: MANY }, (_, at) => (at % 10 === 0 ? alike(at) : sha256(`${at}`)));
  expect(digests.map((one) => index.add(one).number)).toEqual([...digests.keys()]);
  expect(digests.every((one, at) => index.add(one).number === at && !index.add(one).isNew)).toBe(true);
  expect(index.size).toBe(MANY);
  expect(digests.every((one, at) => index.find(one) === at)).toBe(true);
  expect([index.find(sha256('another')), index.find(alike(1))]).toEqual([undefined, undefined]);
  expect(Buffer.from(index.at(7)).toString('hex')).toBe(digests[7]);
});

test('texts and numbers come back as they were', () => {
  const texts = Array.from({ length: MANY }, (_, at) =>
    at % 3 === 0 ? '' : `Prüfung ${at} → ${'x'.repeat(at % 90)}`,
  );
  const [list, numbers] = [new TextList(), new NumberList()];
  for (const [at, text] of texts.entries()) {
    list.push(text);
    numbers.push(at * 800_000);
  }
  expect(texts.map((_, at) => list.at(at))).toEqual(texts);
  expect(texts.every((_, at) => numbers.at(at) === at * 800_000)).toBe(true);
});

describe('repeated records', () => {
  /** A verdict about one of a few records, under one of a few statements. */
  const verdictOf = (identity: number, statement: number, input: 'digest' | 'public') =>
    ({
      valid: true,
      words: '',
      identity: sha256(`identity ${identity} ${input}`),
      statementDigest: sha256(`statement ${statement} of ${identity}`),
      model: { input },
      checks: [],
    }) as unknown as Verdict & { words: string };

  test('are those that the verifier finds', () => {
    const verdicts = Array.from({ length: MANY }, (_, at) => {
      const identity = at % 1999;
      const statement = identity % 3 === 0 ? 0 : Math.floor(at / 1999);
      return verdictOf(identity, statement, identity % 5 === 0 ? 'public' : 'digest');
    });
    const repeated = new RepeatedRecords();
    for (const [place, verdict] of verdicts.entries()) repeated.add(verdict, place);
    const expected = findDuplicates(verdicts).map(({ places, why }) => ({ places, why }));
    expect(new Set(expected.map(({ why }) => why)).size).toBe(3);
    expect(repeated.found()).toEqual(expected);
  });

  test('are marked one by one', () => {
    const repeated = new RepeatedRecords();
    const verdicts = Array.from({ length: MANY }, (_, at) => verdictOf(at, 0, 'digest'));
    for (const [place, verdict] of verdicts.entries()) repeated.add(verdict, place);
    expect(verdicts.some(({ identity }) => repeated.isMarked(identity!))).toBe(false);
    expect(verdicts.every(({ identity }) => repeated.isMarked(identity!))).toBe(true);
  });
});
