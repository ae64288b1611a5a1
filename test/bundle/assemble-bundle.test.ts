import { parseBundle, type Refusal, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { assembleBundle, bundleText, packBundle, recordId } from '../../src/bundle/assemble-bundle.ts';
import { makeModelRecord } from '../../src/bundle/make-model-record.ts';
import { drawSalt, makeOpening } from '../../src/bundle/make-opening.ts';
import {
  ceremony,
  digestFixture,
  digestRecord,
  publicFixture,
  publicRecord,
} from '../verify/support/corpus.ts';

const model = digestRecord();
const thin = assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: 3 } });

test('packing keeps the identity of the record', () => {
  const packed = packBundle(thin, model);
  expect(recordId(packed)).toBe(recordId(thin));
  expect(verifyBundle(bundleText(packed))).toMatchObject({ valid: true, row: 3, recordId: recordId(thin) });
  expect(parseBundle(bundleText(packed))).toEqual(packed);
});

test('packing with the record of another model is refused', () => {
  expect(() => packBundle(thin, publicRecord())).toThrow('QP7902');
});

test('rows, contexts and answers are different records', () => {
  const ids = [
    recordId(thin),
    recordId(assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: 4 } })),
    recordId(assembleBundle(model, { ...digestFixture.proofs[1]!, row: { index: 3 } })),
    recordId(assembleBundle(digestRecord(ceremony), { ...digestFixture.proofs[0]!, row: { index: 3 } })),
  ];
  expect(new Set(ids).size).toBe(4);
});

test('assembly is deterministic', () => {
  const again = assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: 3 } });
  expect(bundleText(again)).toBe(bundleText(thin));
});

describe('a model record that verifiers would refuse is never made', () => {
  const { interface: modelInterface, manifest, setup, verificationKey } = model;
  const code = (change: object) => {
    try {
      makeModelRecord({ interface: modelInterface, manifest, setup, verificationKey, ...change });
    } catch (error) {
      return (error as Refusal).code;
    }
    return 'made';
  };

  test.each<[string, object, string]>([
    ['unchanged', {}, 'made'],
    ['a key without contributions', { verificationKey: digestFixture.uncontributedKey }, 'QP7307'],
    ['the key of another circuit', { verificationKey: publicFixture.verificationKey }, 'QP7305'],
    [
      'the interface contradicts itself',
      { interface: { ...modelInterface, signals: publicRecord().interface.signals } },
      'QP7105',
    ],
    [
      'a ceremony of beacons only',
      { setup: { kind: 'ceremony', contributions: [{ name: 'b', hash: 'ab', kind: 'beacon' }] } },
      'QP7106',
    ],
    ['a member that the format does not have', { manifest: { ...manifest, date: 'x' } }, 'QP7005'],
    [
      'a name with an invisible control character',
      { interface: { ...modelInterface, name: 'a\u202eb' } },
      'QP7007',
    ],
    ['a name that moves the cursor', { interface: { ...modelInterface, name: 'a\u001b[2J' } }, 'QP7007'],
    ['a digest in capitals', { manifest: { ...manifest, bounds: 'A'.repeat(64) } }, 'QP7007'],
    [
      'a real that is not canonical',
      {
        interface: {
          ...modelInterface,
          input: { ...modelInterface.input, encoding: { ...modelInterface.input.encoding, step: '0.50' } },
        },
      },
      'QP7008',
    ],
  ])('%s', (_, change, expected) => {
    expect(code(change)).toBe(expected);
  });
});

test('salts are fresh and fit into 128 bits', () => {
  const salts = Array.from({ length: 50 }, drawSalt);
  expect(new Set(salts).size).toBe(50);
  expect(salts.every((salt) => salt < 1n << 128n)).toBe(true);
  expect(salts.some((salt) => salt >= 1n << 120n)).toBe(true);
});

test('an opening of a clamped row omits the row', () => {
  const opening = makeOpening(model, { index: 0, values: [1, 2, 3, 4], salt: 1n });
  expect(opening).not.toHaveProperty('input');
  expect(opening.digest).toMatch(/^[0-9]+$/);
});
