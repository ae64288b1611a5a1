/** Why a statement does not count: its code, which no other verifier has. */
import { preAuthenticationEncoding, signatureHolds, Vouching, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { ceremonyA } from '../../conformance/make/v2/bases.ts';
import {
  ALL,
  contribution,
  honest,
  NOW,
  type Signed,
  trustFile,
} from '../../conformance/make/v2/trust/honest.ts';
import { POINTS } from '../../conformance/make/v2/trust/points-cases.ts';
import { envelope, publicKey, spkiOf } from '../../conformance/make/v2/trust/signing.ts';
import { COUNTED, MOVED, SIGNED } from '../../conformance/make/v2/trust/told-cases.ts';

const CODES: Readonly<Record<string, string>> = {
  'other-ceremony': 'QP7218',
  'other-index': 'QP7219',
  'index-of-beacon': 'QP7219',
  'index-beyond': 'QP7219',
  'other-delta-after': 'QP7219',
  'checked-other-circuit': 'QP7219',
  'other-model': 'QP7218',
  'other-key': 'QP7219',
  'other-source': 'QP7219',
  'unknown-phase-1': 'QP7227',
  'release-of-other': 'QP7218',
  'release-later': 'QP7222',
  'date-later': 'QP7222',
  'date-changed': 'QP7215',
  'signature-of-other': 'QP7215',
  'other-signer': 'QP7215',
  'signed-as-own': 'QP7217',
  'unknown-signer': 'QP7216',
  'not-asked': 'QP7228',
  unreduced: 'QP7215',
  'mixed-order': 'QP7215',
  'wrong-predicate': 'QP7213',
  'newer-predicate': 'QP7214',
  'bundle-statement': 'QP7214',
  'not-canonical': 'QP7213',
  'repeated-key': 'QP7213',
  'two-signatures': 'QP7213',
  long: 'QP7213',
  rivals: 'QP7219',
  'producer-contributes': 'QP7223',
  'producer-rederives': 'QP7223',
  'auditor-releases': 'QP7228',
  'retired-then': 'QP7220',
  compromised: 'QP7221',
  'compromised-after': 'QP7221',
  'compromised-seen-later': 'QP7221',
  'points-unchecked': 'QP7229',
  'points-unlisted': 'QP7229',
  'points-foreign-received': 'QP7229',
  'points-foreign-returned': 'QP7229',
  'points-stale': 'QP7229',
  'points-rival': 'QP7229',
  'points-negative': 'QP7213',
};

const bundle = ceremonyA.text;
/** Prepared once: the transcript takes most of the time. */
const keys = new Map();

function asked({ ada, grace, audit, bank, more }: Signed, trust = trustFile()) {
  const given = Object.entries({ ada, grace, audit, bank }).filter(([, content]) => content !== '');
  const statements = [...given, ...more.map((content, at) => [`more ${at}`, content] as const)];
  return new Vouching(
    JSON.stringify(trust),
    statements.map(([name, content]) => ({ name, content })),
    NOW,
  );
}

const cases = [...MOVED, ...SIGNED, ...COUNTED, ...POINTS];

describe('a statement that does not count', () => {
  test.each(Object.entries(CODES))('says why: %s', (id, code) => {
    const [, , change] = cases.find(([name]) => name === id)!;
    const [signed, trust] = [honest(), trustFile()];
    change(signed, trust);
    const { trust: found } = verifyBundle(bundle, { keys, trust: asked(signed, trust) });
    const codes = found?.statements.flatMap((one) => (one.counts ? [] : [one.code]));
    expect(new Set(codes)).toEqual(new Set([code]));
  });

  test('every code of a statement is provoked', () => {
    const numbers = Array.from({ length: 11 }, (_, at) => `QP${7213 + at}`);
    expect(new Set(Object.values(CODES))).toEqual(new Set([...numbers, 'QP7227', 'QP7228', 'QP7229']));
  });
});

test('says the same when it is asked again', () => {
  const trust = asked(honest());
  const [one, two] = [verifyBundle(bundle, { keys, trust }), verifyBundle(bundle, { keys, trust })];
  expect(one.trust).toEqual(two.trust);
  expect(one.trust?.rules.flatMap(({ what, found }) => found.map((name) => `${what}:${name}`))).toEqual(ALL);
});

test('says who, in whose words, and with which reservations', () => {
  const [, , change] = cases.find(([id]) => id === 'reservations')!;
  const signed = honest();
  change(signed, undefined);
  const { checks } = verifyBundle(bundle, { keys, trust: asked(signed) });
  expect(checks.find(({ id }) => id === 'setup')?.detail).toBe(
    "Shown: each of 2 contributions proves that its secret was known, 1 beacon made from the bytes given, together they give this key's delta. " +
      'By the word of those you trust: Ada, Grace contributed; Audit derived the whole key again from the model; ' +
      'with reservations of Audit: scales taken as claimed',
  );
});

test('refuses more statements than a reader can have meant, and what is no time', () => {
  const many = Array.from({ length: 1025 }, () => ({ name: 'x', content: '' }));
  expect(() => new Vouching(JSON.stringify(trustFile()), many)).toThrow(RangeError);
  expect(() => new Vouching(JSON.stringify(trustFile()), [], '2026-02-30T00:00:00Z')).toThrow(RangeError);
});

/** RFC 8032, section 7.1, tests 1 to 3; DSSE's own example of its encoding. */
describe('Ed25519 and DSSE', () => {
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
  test.each([
    [
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
  ])('holds for %s', (key, message, signature) => {
    expect(signatureHolds(hex(signature), hex(message), hex(key))).toBe(true);
    expect(signatureHolds(hex(signature), hex(`${message}00`), hex(key))).toBe(false);
    expect(signatureHolds(hex(signature.replace(/^./, 'f')), hex(message), hex(key))).toBe(false);
  });

  test('signs what DSSE says', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('reads keys that OpenSSL writes', () => {
    const made = envelope(contribution(1, 'ada'), 'ada');
    expect(publicKey('ada')).toMatch(/^MCowBQYDK2VwAyEA/);
    expect(spkiOf('ada')).toHaveLength(44);
    expect(JSON.parse(made).signatures).toHaveLength(1);
  });
});
