import { createHash } from 'node:crypto';
import {
  canonicalVerificationKey,
  circuitId,
  contextSignal,
  EMPTY_CONTEXT,
  interfaceDigest,
  keyId,
  manifestDigest,
  modelIds,
  publicSignalsDigest,
} from '@quietproof/verify';
import { expect, test } from 'vitest';
import { digestFixture, digestRecord, ORDER_7 } from '../support/corpus.ts';

const sha256 = (text: string | Uint8Array, tag = '') =>
  createHash('sha256').update(tag).update(text).digest('hex');

/** JSON with sorted keys, without the code of the canonical encoder. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

test('ids are tagged hashes of canonical JSON', () => {
  const record = digestRecord();
  const key = canonicalVerificationKey(digestFixture.verificationKey);
  expect(key).not.toHaveProperty('vk_alphabeta_12');
  expect(keyId(key)).toBe(sha256(sorted(key), 'quietproof/key/v1'));
  expect(circuitId(Uint8Array.of(1, 2, 3))).toBe(sha256(Uint8Array.of(1, 2, 3), 'quietproof/circuit/v1'));
  const parts = {
    keyId: keyId(key),
    circuitId: record.manifest.chain.circuit,
    interface: record.interface,
    setup: record.setup,
  };
  expect(record.ids).toEqual({
    circuitId: 'a'.repeat(64),
    keyId: parts.keyId,
    modelId: sha256(sorted(parts), 'quietproof/model/v1'),
  });
  expect(modelIds(record)).toEqual(record.ids);
  expect(interfaceDigest(record.interface)).toBe(sha256(sorted(record.interface), 'quietproof/interface/v1'));
  expect(manifestDigest(record.manifest)).toBe(sha256(sorted(record.manifest), 'quietproof/manifest/v1'));
  expect(publicSignalsDigest(['1', '2'])).toBe(sha256('["1","2"]', 'quietproof/public-signals/v1'));
});

test('the model id covers interface, setup, key and circuit, but not the manifest', () => {
  const record = digestRecord();
  const { modelId } = record.ids;
  const id = (change: object) => modelIds({ ...record, ...change }).modelId;
  expect(id({ manifest: { ...record.manifest, constraints: 4 } })).toBe(modelId);
  expect(id({ interface: { ...record.interface, name: 'x' } })).not.toBe(modelId);
  expect(id({ setup: { ...record.setup, kind: 'ceremony' } })).not.toBe(modelId);
  expect(id({ verificationKey: { ...record.verificationKey, nPublic: 4 } })).not.toBe(modelId);
});

test('the context signal is 248 bits of a tagged hash', () => {
  const hash = sha256(ORDER_7, 'quietproof/context/v1');
  expect(contextSignal(ORDER_7)).toBe(BigInt(`0x${hash}`) % 2n ** 248n);
  expect(contextSignal(ORDER_7).toString()).toBe(digestFixture.proofs[1]!.publicSignals[2]);
  expect(EMPTY_CONTEXT.toString()).toBe(digestFixture.proofs[0]!.publicSignals[2]);
});
