import { describe, expect, test } from 'vitest';
import type { Answer, FileName } from './case-types.ts';
import { judgeAll } from './judge.ts';
import { materialise, readCases } from './materialise.ts';
import { askVerifier, type Files } from './quietproof.ts';

const cases = readCases();

function filesOf(files: (typeof cases)[number]['files']): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, source]) => [name as FileName, materialise(source)]),
  );
}

describe('the corpus', () => {
  test('is large enough and at least two thirds negative', () => {
    const negative = cases.filter(({ verdict }) => verdict === 'invalid');
    expect(cases.length).toBeGreaterThanOrEqual(120);
    expect(negative.length / cases.length).toBeGreaterThanOrEqual(2 / 3);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(negative.filter(({ check }) => check === undefined)).toEqual([]);
  });

  test('our verifier gives the expected verdict on every case, and the first failing check', () => {
    const answers = new Map<string, Answer>(
      cases.map(({ id, command, files, ...ask }) => [id, askVerifier(command, filesOf(files), ask)]),
    );
    expect(Object.fromEntries(judgeAll(cases, answers))).toEqual({});
  });
});
