import { sign } from 'node:crypto';
import { openEnvelopeV2, sealStatement, statementOfV2 } from '@quietproof/verify';
import { noteKey } from '@quietproof/verify/log';
import {
  type AskedParts,
  checkPromise,
  ENTRY_VERSION,
  entryText,
  openPromise,
  PROMISE_TYPE,
  type Promised,
  type PromiseEnvelope,
  parsePromise,
  promiseEnvelope,
  promiseMessage,
  type SealedParts,
  sealContextId,
} from '@quietproof/verify/seal';
import { describe, expect, test } from 'vitest';
import { MixedModel, OUTPUTS, publicMixed, ROW } from '../support/mixed-model.ts';
import {
  answerEntry,
  INCLUDE_WITHIN,
  LogKey,
  NONCE,
  ORIGIN,
  promised,
  SealedAnswer,
  START,
} from './support/sealed.ts';

const key = new LogKey();
const answer = new SealedAnswer(key);
const entry = answerEntry('ab'.repeat(32));

function check(sealed: Partial<SealedParts> = {}, asked: Partial<AskedParts> = {}) {
  return checkPromise({ ...answer.parts, ...sealed }, { ...answer.asked(key), ...asked });
}

describe('a promise', () => {
  test('reads back, in any layout of its envelope', () => {
    const envelope = key.signer.sign(promised(entry, 3, { proveBy: START + 600 }));
    const read = parsePromise(JSON.stringify(envelope, null, 4));
    expect(openPromise(read, key.log)).toEqual({
      promised: promised(entry, 3, { proveBy: START + 600 }),
      entry,
    });
  });

  test.each<[string, string, PromiseEnvelope]>([
    ['of a key of somebody else', 'QP7743', new LogKey().signer.sign(promised(entry))],
    ['of another log', 'QP7742', key.signer.sign(promised(entry, 0, { origin: 'log.example/other' }))],
    ['that was changed', 'QP7743', withPayload(promised(entry), promised(entry, 1))],
    ['of another version', 'QP7010', key.signer.sign(promised(entry, 0, { version: 'v9' as never }))],
    [
      'of what is no entry',
      'QP7740',
      key.signer.sign(promised(entry, 0, { entry: entryText(entry).replace('}', ' }') })),
    ],
    ['of a model', 'QP7012', key.signer.sign(promised(entry, 0, { entry: modelText() }))],
    ['in another layout', 'QP7741', spaced(promised(entry))],
    ['with more in it', 'QP7741', key.signer.sign({ ...promised(entry), more: 1 } as never)],
    [
      'signed as another type of document',
      'QP7743',
      promiseEnvelope(
        promised(entry),
        key.signer.key,
        sign(
          null,
          Buffer.from(
            Buffer.from(promiseMessage(promised(entry)))
              .toString()
              .replace('promise+json', 'x'),
          ),
          key.privateKey,
        ),
      ),
    ],
  ])('%s', (_, code, envelope) => {
    expect(() => openPromise(envelope, key.log)).toThrow(code);
  });

  test('of a key that signs as a witness does not count', () => {
    const { publicKey } = key.signer.key;
    const witness = noteKey(ORIGIN, 'cosignature', publicKey);
    const envelope = promiseEnvelope(
      promised(entry),
      witness,
      sign(null, promiseMessage(promised(entry)), key.privateKey),
    );
    expect(() => openPromise(envelope, { origin: ORIGIN, keys: [witness] })).toThrow('QP7743');
  });

  test.each([{ payloadType: 'application/vnd.in-toto+json' }, { signatures: [] }, { more: 1 }])(
    'whose envelope has %j',
    (change) => {
      const text = JSON.stringify({ ...key.signer.sign(promised(entry)), ...change });
      expect(() => parsePromise(text)).toThrow('QP7741');
    },
  );
});

describe('what comes with an answer', () => {
  test('is about the model, row, context and outputs of the caller', () => {
    expect(check().publicSignals).toEqual(answer.signals.map(String));
    expect(check().promised.index).toBe(7);
  });

  test('of a model with a public input has no salt', () => {
    const open = new SealedAnswer(key, { model: new MixedModel({ interface: publicMixed }) });
    const { salt: _, ...parts } = open.parts;
    expect(checkPromise(parts, open.asked(key)).publicSignals).toEqual(open.signals.map(String));
  });

  const other = new SealedAnswer(key, { index: 8 });
  const otherModel = new MixedModel({ quality: { kind: 'not-judged', rows: 46 } }).record;
  test.each<[string, string, Partial<SealedParts>, Partial<AskedParts>]>([
    ['another statement', 'QP7744', { statement: other.statement }, {}],
    ['another promise', 'QP7744', { promise: other.promise }, {}],
    ['another nonce', 'QP7745', { nonce: 'f0'.repeat(16) }, {}],
    ['what is no nonce', 'QP7745', { nonce: NONCE.toUpperCase() }, {}],
    ['another salt', 'QP7203', { salt: 5n }, {}],
    ['a salt that is too large', 'QP7744', { salt: 1n << 128n }, {}],
    ['another row', 'QP7203', {}, { row: [0.2, ...ROW.slice(1)] }],
    ['other outputs', 'QP7203', {}, { outputs: [0n, ...OUTPUTS.slice(1)] }],
    ['too few outputs', 'QP7401', {}, { outputs: OUTPUTS.slice(1) }],
    ['another context', 'QP7203', {}, { context: new TextEncoder().encode('order 8') }],
    ['another model', 'QP7202', {}, { model: otherModel }],
    ['another log', 'QP7742', {}, { log: { ...key.log, origin: 'log.example/other' } }],
    ['a clock that is behind', 'QP7746', {}, clock({ now: START + 3600 })],
    ['a clock that is ahead', 'QP7746', {}, clock({ now: START - 3600 })],
    ['a late deadline', 'QP7746', {}, clock({ includeWithin: INCLUDE_WITHIN - 1 })],
  ])('%s', (_, code, sealed, asked) => {
    expect(() => check(sealed, asked)).toThrow(code);
  });

  test('for a statement that stood elsewhere is refused, although its entry and proof are right', () => {
    // The log promises the old statement again, at a place of its own.
    const again = key.signer.sign(promised(answer.entry, 9));
    expect(() => check({ promise: again })).toThrow('QP7745');
  });

  test('without a context id is refused', () => {
    const { record } = answer.model;
    const statement = sealStatement(
      statementOfV2(record, answer.signals.map(String), { salt: 'ab'.repeat(32) }),
    );
    const promise = key.signer.sign(promised({ ...answer.entry, leaf: openEnvelopeV2(statement).leaf }, 7));
    expect(() => check({ statement, promise })).toThrow('QP7745');
  });
});

test('a context id depends on origin, index and nonce, and nothing runs together', () => {
  const ids = [
    sealContextId({ origin: 'a', index: 1 }, NONCE),
    sealContextId({ origin: 'b', index: 1 }, NONCE),
    sealContextId({ origin: 'a', index: 2 }, NONCE),
    sealContextId({ origin: 'a', index: 2 ** 40 + 1 }, NONCE),
    sealContextId({ origin: 'a', index: 1 }, 'ff'.repeat(16)),
    sealContextId({ origin: 'ab', index: 1 }, NONCE),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(() => sealContextId({ origin: 'a', index: -1 }, NONCE)).toThrow(RangeError);
  expect(() => sealContextId({ origin: 'a', index: 1 }, 'ff')).toThrow(RangeError);
});

function clock(change: object): Partial<AskedParts> {
  return { clock: { ...answer.asked(key).clock, ...change } };
}

function withPayload(signed: Promised, shown: Promised): PromiseEnvelope {
  return { ...key.signer.sign(signed), payload: key.signer.sign(shown).payload };
}

/** Signed, but with a space. */
function spaced(one: Promised): PromiseEnvelope {
  const payload = Buffer.from(`${JSON.stringify(one)} `);
  const message = Buffer.concat([
    Buffer.from(`DSSEv1 ${PROMISE_TYPE.length} ${PROMISE_TYPE} ${payload.length} `),
    payload,
  ]);
  const envelope = promiseEnvelope(one, key.signer.key, sign(null, message, key.privateKey));
  return { ...envelope, payload: payload.toString('base64') };
}

function modelText(): string {
  const policy = { prove: 'all', within: 60, retention: 60 } as const;
  return entryText({
    version: ENTRY_VERSION,
    kind: 'model',
    time: 1,
    modelId: 'ab'.repeat(32),
    name: 'm',
    modelVersion: '1',
    policy,
  });
}
