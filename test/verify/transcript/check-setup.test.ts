import {
  checkVerificationKey,
  type ModelRecordV2,
  parseAnyModelRecord,
  prepareKey,
} from '@quietproof/verify';
import { expect, test } from 'vitest';
import { checkSetup } from '../../../src/verify/versions/check-setup.ts';
import { fileForm, type Json } from '../../conformance/make/canonical.ts';
import { ceremonyA } from '../../conformance/make/v2/bases.ts';
import { told } from '../../conformance/make/v2/change-transcript.ts';

function modelOf(bundle: Json): ModelRecordV2 {
  return parseAnyModelRecord(fileForm(bundle.model)) as ModelRecordV2;
}

const preparedOf = ({ verificationKey }: ModelRecordV2) => prepareKey(checkVerificationKey(verificationKey));

test('a transcript is checked once per key', () => {
  const model = modelOf(ceremonyA.copy());
  const key = preparedOf(model);
  const found = checkSetup(model, key);
  expect(found).toEqual({ contributions: 2, beacons: 1 });
  expect(checkSetup(model, key)).toBe(found);
  expect(checkSetup(model, preparedOf(model))).not.toBe(found);
});

test('what was found for one record is not taken for another one of the same key', () => {
  const good = modelOf(ceremonyA.copy());
  const bad = modelOf(told(({ contributions }) => contributions.pop()));
  const key = preparedOf(good);
  expect(checkSetup(good, key)).toBeDefined();
  expect(() => checkSetup(bad, key)).toThrow('QP7187');
  expect(() => checkSetup(bad, key)).toThrow('QP7187');
  expect(checkSetup(good, key)).toBeDefined();
});
