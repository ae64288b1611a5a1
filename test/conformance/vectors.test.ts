import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { version2Files } from './make/v2/all-cases.ts';
import { readCases, vectors } from './materialise.ts';

describe('the corpus of version 2', () => {
  test('equals the output of the generator, file by file', () => {
    const root = vectors('bundles-v2');
    const stored = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => (name.endsWith('.jsonl') ? name : `bases/${name}`));
    const made = version2Files();
    expect(stored.sort()).toEqual([...made.keys()].sort());
    const different = [...made].filter(([name, text]) => readFileSync(new URL(name, root), 'utf8') !== text);
    expect(different.map(([name]) => name)).toEqual([]);
  });

  test('gives the findings of each case, or the first check that fails', () => {
    const cases = readCases('bundles-v2');
    const negative = cases.filter(({ verdict }) => verdict === 'invalid');
    expect(cases.length).toBeGreaterThanOrEqual(500);
    expect(negative.length / cases.length).toBeGreaterThanOrEqual(2 / 3);
    expect(negative.filter(({ check }) => check === undefined)).toEqual([]);
    const lacking = cases.filter(({ verdict, files }) => verdict === 'incomplete' && !files.trust);
    expect(lacking.map(({ check, code }) => `${check} ${code}`).sort()).toEqual([
      'input QP7606',
      'input QP7608',
      'input QP7608',
      'model-record QP7101',
    ]);
    const unvouched = cases.filter(({ verdict, files }) => verdict === 'incomplete' && files.trust);
    expect(unvouched.filter(({ code, trusted }) => code !== 'QP7224' || trusted === undefined)).toEqual([]);
    const positive = cases.filter(({ verdict }) => verdict === 'valid' || verdict === 'unpinned');
    expect(positive.filter(({ recordId }) => recordId === undefined)).toEqual([]);
    // One case is of version 1, which has no leaf and no list of unchecked paths.
    expect(positive.filter(({ leaf, unchecked }) => !leaf || !unchecked).map(({ id }) => id)).toEqual([
      'identity/v1-and-v2',
    ]);
  });

  test('distinguishes records, and statements of the same record', () => {
    const cases = new Map(readCases('bundles-v2').map((one) => [one.id, one]));
    const of = (id: string) => cases.get(id)!;
    const label = of('valid/label-a');
    for (const id of ['other-row', 'quality-changed', 'v1-and-v2'])
      expect(of(`identity/${id}`).recordId, id).not.toBe(label.recordId);
    for (const id of ['rerandomised', 'negated', 'row-changed', 'row-removed'])
      expect(of(`identity/${id}`), id).toMatchObject({
        recordId: label.recordId,
        statement: label.statement,
      });
    for (const id of ['resealed', 'resealed-manifest', 'claims-elsewhere', 'leaf']) {
      expect(of(`identity/${id}`).recordId, id).toBe(label.recordId);
      expect(of(`identity/${id}`).statement, id).not.toBe(label.statement);
    }
  });
});
