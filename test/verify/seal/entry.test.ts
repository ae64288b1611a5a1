import {
  type AnswerEntry,
  ENTRY_VERSION,
  entryBytes,
  entryText,
  type ModelEntry,
  readLogEntry,
} from '@quietproof/verify/seal';
import { describe, expect, test } from 'vitest';
import { answerEntry } from './support/sealed.ts';

const LEAF = 'ab'.repeat(32);
const answer: AnswerEntry = answerEntry(LEAF, 5, { beacon: 'cd'.repeat(32), round: 9 });
const model: ModelEntry = {
  version: ENTRY_VERSION,
  kind: 'model',
  time: 5,
  modelId: LEAF,
  name: 'credit',
  modelVersion: '2',
  retires: ['cd'.repeat(32)],
  policy: {
    prove: 'sample',
    sample: { share: '0.01', beacon: 'cd'.repeat(32), delay: 30 },
    within: 3600,
    retention: 86_400,
  },
};

test('an entry reads back as written', () => {
  expect(readLogEntry(entryBytes(answer))).toEqual(answer);
  expect(readLogEntry(entryText(model))).toEqual(model);
  expect(entryText(answer)).toBe(
    `{"draw":{"beacon":"${'cd'.repeat(32)}","round":9},"kind":"answer","leaf":"${LEAF}","time":5,"version":"quietproof/log-entry/v1"}`,
  );
});

describe('what cannot be read', () => {
  test.each<[string, string, object]>([
    [
      'another version, before its kind',
      'QP7010',
      { ...answer, version: 'quietproof/log-entry/v2', kind: 'x' },
    ],
    ['another kind', 'QP7012', { ...answer, kind: 'erasure' }],
    ['anything more', 'QP7740', { ...answer, row: [1, 2] }],
    ['a leaf that is no digest', 'QP7740', { ...answer, leaf: 'x' }],
    ['a time before 1970', 'QP7740', { ...answer, time: -1 }],
    ['round 0', 'QP7740', { ...answer, draw: { beacon: LEAF, round: 0 } }],
    ['a share that is a number', 'QP7740', withSample({ share: 0.01 as never })],
    ['a share of two forms', 'QP7740', withSample({ share: '0.010' })],
    ['a share above 1', 'QP7740', withSample({ share: '1.5' })],
    ['a sample without a share', 'QP7740', { ...model, policy: { ...model.policy, sample: undefined } }],
    ['a share of all', 'QP7740', { ...model, policy: { ...model.policy, prove: 'all' } }],
  ])('%s', (_, code, entry) => {
    expect(() => readLogEntry(JSON.stringify(sorted(entry)))).toThrow(code);
  });

  test('another layout', () => {
    expect(() => readLogEntry(`${entryText(answer)}\n`)).toThrow('QP7740');
    expect(() => readLogEntry(JSON.stringify(answer))).toThrow('QP7740');
  });

  test('and is not written', () => {
    expect(() => entryBytes({ ...answer, leaf: 'x' })).toThrow('QP7740');
  });
});

function withSample(change: object): object {
  return { ...model, policy: { ...model.policy, sample: { ...model.policy.sample, ...change } } };
}

/** With keys in canonical order, so that only the content is wrong. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}
