import {
  fileJson,
  parseBundle,
  type Verdict,
  type VerifyOptions,
  verifyBundle,
  verifyMany,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { assembleBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeOpening } from '../../../src/bundle/make-opening.ts';
import {
  DIGEST_SALT,
  DIGEST_VALUES,
  digestBundle,
  digestFixture,
  digestRecord,
  publicBundle,
} from '../support/corpus.ts';

const record = digestRecord();
const pin = record.ids.modelId;
const thin = assembleBundle(record, { ...digestFixture.proofs[0]!, row: { index: 0 } });
const packed = fileJson(digestBundle());
/** DIGEST_VALUES in the units of the interface: offset −1, step 0.5. */
const row = [-0.5, 0, 0.5, 1];
const opening = makeOpening(record, { index: 0, values: DIGEST_VALUES, salt: DIGEST_SALT });
const badProof = { ...digestBundle(), proof: digestBundle(1).proof };

const shown = ({ outcome, valid, pinned, accepted, missing, code }: Verdict) => ({
  outcome,
  valid,
  pinned,
  accepted,
  missing,
  code,
});

describe('not enough given', () => {
  test('a thin bundle without its model record names the model it wants', () => {
    const verdict = verifyBundle(fileJson(thin), { model: pin });
    expect(shown(verdict)).toEqual({
      outcome: 'incomplete',
      valid: false,
      pinned: false,
      accepted: false,
      missing: ['model-record'],
      code: 'QP7101',
    });
    expect(verdict.namedModel).toBe(pin);
    expect(verdict.headline).toBe(
      `Not enough given: QP7101 The bundle is thin and its model record was not given (its statement names model ${pin}) [check: model-record]`,
    );
    expect(verdict.checks.filter(({ status }) => status !== 'skipped')).toEqual([
      expect.objectContaining({ id: 'format', status: 'pass' }),
      expect.objectContaining({ id: 'model-record', status: 'missing', code: 'QP7101' }),
    ]);
    expect(verdict.open).toEqual([]);
  });

  test('a thin bundle with a statement that cannot be read names none', () => {
    const changed = { ...thin, statement: { ...thin.statement, payload: 'AAAA' } };
    const verdict = verifyBundle(fileJson(changed));
    expect(verdict).toMatchObject({ outcome: 'incomplete', code: 'QP7101' });
    expect(verdict.namedModel).toBeUndefined();
  });

  test.each<[string, VerifyOptions, Verdict['missing'], string]>([
    ['a row without the opening', { input: { row } }, ['opening'], 'QP7606'],
    ['a tolerance without a row', { tolerance: 0.5 }, ['row'], 'QP7608'],
    ['the same of any model', { anyModel: true, tolerance: 0.5 }, ['row'], 'QP7608'],
  ])('%s', (_, options, missing, code) => {
    const verdict = verifyBundle(packed, { model: pin, ...options });
    expect(shown(verdict)).toMatchObject({ outcome: 'incomplete', accepted: false, missing, code });
    expect(verdict.headline).toMatch(/^Not enough given: /);
    expect(verdict.answers).toBeUndefined();
    expect(verdict.checks.find(({ id }) => id === 'proof')?.status).toBe('pass');
  });

  test('what is wrong decides, before or after what is missing', () => {
    const wrong = [
      verifyBundle(fileJson(badProof), { model: pin, input: { row } }),
      verifyBundle(packed, { model: '0'.repeat(64), input: { row } }),
    ];
    expect(wrong.map(shown)).toEqual([
      expect.objectContaining({ outcome: 'invalid', code: 'QP7505', missing: [] }),
      expect.objectContaining({ outcome: 'invalid', code: 'QP7601', missing: [] }),
    ]);
  });

  test('is one verdict among many', () => {
    const verdicts = verifyMany([packed, fileJson(thin), fileJson(badProof)], { model: pin });
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['valid', 'incomplete', 'invalid']);
    expect(parseBundle(packed).model).toBeDefined();
  });
});

describe('the expected model', () => {
  test('named, not named, and not needed', () => {
    const asked = (options: VerifyOptions) => shown(verifyBundle(packed, options));
    expect(asked({ model: pin })).toMatchObject({ outcome: 'valid', pinned: true, accepted: true });
    expect(asked({})).toMatchObject({ outcome: 'unpinned', valid: true, accepted: false });
    expect(asked({ anyModel: true })).toMatchObject({ outcome: 'unpinned', valid: true, accepted: true });
    expect(verifyBundle(packed, { anyModel: true }).headline).toMatch(
      /^Valid for model "digits" .*; interface not pinned; /,
    );
  });

  test('may be one of several', () => {
    const models = [publicBundle().model.ids.modelId, pin];
    expect(verifyBundle(packed, { model: models })).toMatchObject({
      outcome: 'valid',
      model: { modelId: pin },
    });
    expect(verifyBundle(packed, { model: models.slice(0, 1) })).toMatchObject({
      outcome: 'invalid',
      code: 'QP7601',
    });
    expect(verifyBundle(packed, { model: [] })).toMatchObject({ outcome: 'invalid', code: 'QP7601' });
  });
});

test('questions that were asked are not open, however early the verification ended', () => {
  const context = new TextEncoder().encode('order 7');
  const asked = { model: pin, context, input: { opening: fileJson(opening), row } };
  for (const source of ['{}', fileJson(thin), fileJson(badProof)])
    expect(verifyBundle(source, asked).open).toEqual([]);
});
