import { statementOf } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { sealStatement } from '../../../src/verify/bundle/statement.ts';
import { encodeBase64 } from '../../../src/verify/json/base64.ts';
import { readFileJson } from '../../../src/verify/json/read-file.ts';
import type { StatementV2 } from '../../../src/verify/v2/bundle-types.ts';
import { statementDigest } from '../../../src/verify/v2/ids.ts';
import { readBundleV2 } from '../../../src/verify/v2/read-bundle.ts';
import { readRecordV2 } from '../../../src/verify/v2/read-record.ts';
import { checkBindingV2, openEnvelopeV2, statementOfV2 } from '../../../src/verify/v2/statement.ts';
import { digestRecord } from '../support/corpus.ts';
import { BUNDLE, MODEL } from '../support/spec-example.ts';

const model = readFileJson(MODEL, readRecordV2);
const { publicSignals } = readFileJson(BUNDLE, readBundleV2);
const salt = 'ab'.repeat(32);
const good = statementOfV2(model, publicSignals, { salt });

function opened(change: object, statement: StatementV2 = good) {
  return openEnvelopeV2(sealStatement({ ...statement, ...change }));
}

const withPredicate = (change: object) => opened({ predicate: { ...good.predicate, ...change } });

test('reads back as sealed', () => {
  const contextId = '01'.repeat(32);
  const own = statementOfV2(model, publicSignals, { salt, contextId, other: { time: '2031-01-01' } });
  expect(opened({}, own).statement).toEqual(own);
  checkBindingV2(own, model, publicSignals);
});

describe('what cannot be read', () => {
  test.each([
    { salt: 'ab'.repeat(31) },
    { salt: 'AB'.repeat(32) },
    { row: { index: 0 } },
    { contextId: '00' },
    { other: {} },
    { x: 1 },
  ])('%j in the predicate', (change) => {
    expect(() => withPredicate(change)).toThrow('QP7201');
  });

  test('no salt', () => {
    const { salt: _, ...rest } = good.predicate;
    expect(() => opened({ predicate: rest })).toThrow('QP7201');
  });

  test('white space', () => {
    const payload = encodeBase64(new TextEncoder().encode(`${JSON.stringify(good)} `));
    expect(() => openEnvelopeV2({ ...sealStatement(good), payload })).toThrow('QP7201');
  });

  test('another version, which is read before all other members', () => {
    const v1 = statementOf(digestRecord(), ['1', '2', '3'], { index: 0 });
    expect(() => openEnvelopeV2(sealStatement(v1))).toThrow('QP7010');
    expect(() =>
      opened({ _type: 'x', predicateType: 'https://quietproof.dev/attestation/inference/v3' }),
    ).toThrow('QP7010');
  });
});

describe('binding', () => {
  test.each<[string, StatementV2, readonly string[]]>([
    ['QP7202', { ...good, subject: [other('model'), good.subject[1]] }, publicSignals],
    ['QP7205', { ...good, predicate: { ...good.predicate, manifest: '0'.repeat(64) } }, publicSignals],
    ['QP7203', good, [...publicSignals.slice(1), '7']],
  ])('%s', (code, statement, signals) => {
    expect(() => checkBindingV2(statement, model, signals)).toThrow(code);
  });
});

test('a guessed label is not confirmed from a statement digest', () => {
  const labels = ['0', '1', '2'];
  const digestOf = (label: string, ownSalt: string) => {
    const signals = [label, ...publicSignals.slice(1)];
    const { payload } = sealStatement(statementOfV2(model, signals, { salt: ownSalt }));
    return statementDigest(Uint8Array.from(atob(payload), (unit) => unit.charCodeAt(0))).statementDigest;
  };
  const logged = digestOf('1', salt);
  // If everything but the salt is known, no guess matches the digest; with the salt, one does.
  expect(labels.filter((label) => digestOf(label, '00'.repeat(32)) === logged)).toEqual([]);
  expect(labels.filter((label) => digestOf(label, salt) === logged)).toEqual(['1']);
});

function other(name: 'model') {
  return { name, digest: { sha256: '0'.repeat(64) } };
}
