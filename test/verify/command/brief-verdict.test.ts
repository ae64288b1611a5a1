import { expect, test } from 'vitest';
import { briefly } from '../../../src/verify/command/brief-verdict.ts';
import type { FileVerdict } from '../../../src/verify/command/verify-files.ts';
import type { Verdict } from '../../../src/verify/index.ts';

const MAX_LINE = 600;
const ID = 'f'.repeat(64);

const verdict = {
  outcome: 'unpinned',
  accepted: false,
  valid: true,
  headline: 'Holds',
  model: { modelId: ID, setup: 'development' },
  row: Number.MAX_SAFE_INTEGER,
  identity: ID,
  open: ['interface-not-pinned', 'context-not-checked', 'input-not-opened'],
} as unknown as Verdict;
const line = (changes: Partial<Verdict>, file = 'f'.repeat(100)) => {
  const brief = briefly({ file, verdict: { ...verdict, ...changes } } as FileVerdict);
  return { brief: brief.verdict, bytes: Buffer.byteLength(JSON.stringify(brief)) };
};
const label = (name: string) => [{ name: 'label', answer: { kind: 'label', index: 3, name } }] as const;

test('the longest lines of proofs that hold', () => {
  // The answers have 140 bytes of room, 65 of which are not the name.
  for (let length = 60; length < 100; length += 1) {
    const { brief, bytes } = line({ answers: label('é'.repeat(length)) });
    expect(bytes).toBeLessThanOrEqual(MAX_LINE);
    expect(brief.answers === undefined).toBe(brief.omitted !== undefined);
  }
  expect(line({ answers: label('cat') }).brief).toMatchObject({ identity: ID, answers: label('cat') });
  const logits = Array.from({ length: 10 }, (_, index) => ({ name: `class ${index}`, value: 1 / 3 }));
  const scores = [{ answer: { kind: 'logits', values: logits, head: 'none' } }] as const;
  expect(line({ answers: scores }).brief).toMatchObject({ omitted: ['answers'] });
});

test('the longest lines of proofs that do not hold', () => {
  for (const character of ['x', 'é', '"', '\u{1f600}']) {
    const headline = character.repeat(400);
    const failed = { outcome: 'incomplete', valid: false, code: 'QP7101', headline } as const;
    const { brief, bytes } = line(failed);
    expect(bytes).toBeLessThanOrEqual(MAX_LINE);
    expect(brief.headline).toMatch(/…$/);
    expect(headline.startsWith(brief.headline!.slice(0, -1))).toBe(true);
  }
  expect(line({ valid: false, headline: 'Not valid: why' }).brief.headline).toBe('Not valid: why');
});
