import { createHash } from 'node:crypto';
import { checkTimestamp, Refusal, readCertificates } from '@quietproof/verify/timestamp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attribute, der, forge, int, octets, oid, type Parts, seq, set, sha } from './forge.ts';
import { type KeyForm, OpensslAuthority, type ReplyOptions } from './openssl.ts';

let tsa: OpensslAuthority;
const MESSAGE = new TextEncoder().encode('log.example/credit\n7\nroot\n');
/** 1 tries every byte; a prime that is no multiple of 8 changes all bits in turn. */
const STEP = Number(process.env.TIMESTAMP_STEP ?? 7);
const FORMS: KeyForm[] = ['rsa', 'p256', 'p384'];

beforeAll(() => {
  tsa = new OpensslAuthority();
  for (const form of FORMS) {
    for (const name of ['root', 'middle', 'leaf']) tsa.newKey(`${form}-${name}`, form);
    tsa.issue(`${form}-root`, 'root');
    tsa.issue(`${form}-middle`, 'middle', `${form}-root`);
    tsa.issue(`${form}-leaf`, 'leaf', `${form}-middle`);
  }
});
afterAll(() => tsa.remove());

const certificates = (...names: string[]) => names.flatMap((name) => readCertificates(tsa.pem(name)));
const trust = (...names: string[]) => ({ roots: certificates(...names) });

describe('timestamps of OpenSSL', () => {
  it.each(FORMS)('hold with keys of %s, by an authority below the root', (form) => {
    const reply = tsa.reply(`${form}-leaf`, MESSAGE, { chain: [`${form}-leaf`, `${form}-middle`] });
    const found = checkTimestamp(reply, { message: MESSAGE }, trust(`${form}-root`));
    expect(found).toMatchObject({ accuracy: 1500, policy: '1.2.3.4.1', nonce: 77n });
    expect(Math.abs(found.time - Date.now())).toBeLessThan(3_600_000);
    expect(found.existedBy).toBe(Math.ceil((found.time + 1500) / 1000));
    expect([found.signer, found.root]).toEqual(
      [`${form}-leaf`, `${form}-root`].map((name) =>
        createHash('sha256').update(certificates(name)[0]!.whole).digest('hex'),
      ),
    );
    const digest = createHash('sha256').update(MESSAGE).digest();
    expect(checkTimestamp(reply, { algorithm: 'sha256', digest }, trust(`${form}-root`))).toEqual(found);
  });

  it.each<[string, ReplyOptions]>([
    ['SHA-384', { digest: 'sha384', essDigest: 'sha384' }],
    ['SHA-512', { digest: 'sha512' }],
    ['a certificate named by SHA-1, as before RFC 5816', { essDigest: 'sha1' }],
    ['an accuracy to the microsecond', { accuracy: 'secs:1, millisecs:499, microsecs:1' }],
  ])('hold with %s', (_, options) => {
    for (const form of ['rsa', 'p256'] as const) {
      const reply = tsa.reply(`${form}-leaf`, MESSAGE, options);
      const known = { ...trust(`${form}-root`), others: certificates(`${form}-middle`) };
      expect(checkTimestamp(reply, { message: MESSAGE }, known).accuracy).toBe(1500);
    }
  });

  it('are of nothing else, and nothing without the right root', () => {
    const reply = tsa.reply('p256-leaf', MESSAGE, { chain: ['p256-leaf', 'p256-middle'] });
    const known = trust('p256-root');
    expect(() => checkTimestamp(reply, { message: new Uint8Array(3) }, known)).toThrow('QP7714');
    const digest = sha(MESSAGE);
    expect(() => checkTimestamp(reply, { algorithm: 'sha512', digest }, known)).toThrow('QP7714');
    const other = digest.with(0, (digest[0]! + 1) % 256);
    expect(() => checkTimestamp(reply, { algorithm: 'sha256', digest: other }, known)).toThrow('QP7714');
    for (const names of [[], ['rsa-root'], ['p384-root']]) {
      expect(() => checkTimestamp(reply, { message: MESSAGE }, trust(...names))).toThrow('QP7720');
    }
    const short = tsa.reply('p256-leaf', MESSAGE);
    expect(() => checkTimestamp(short, { message: MESSAGE }, known)).toThrow('QP7720');
    // The reader may trust the authority itself.
    expect(checkTimestamp(short, { message: MESSAGE }, trust('p256-leaf')).nonce).toBe(77n);
  });

  it('hold with no bit of them changed, other than what nothing depends on', () => {
    const reply = tsa.reply('p256-leaf', MESSAGE, { chain: ['p256-middle'] });
    const known = trust('p256-root');
    const found = checkTimestamp(reply, { message: MESSAGE }, known);
    const accepted: number[] = [];
    for (let at = 0; at < reply.length; at += STEP) {
      const changed = reply.with(at, reply[at]! ^ (1 << (at % 8)));
      try {
        // Parts that nobody has signed may differ: what is stated may not.
        expect(checkTimestamp(changed, { message: MESSAGE }, known)).toEqual(found);
        accepted.push(at);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    // The digest algorithms that SignedData lists for those who read it in one pass; 0 for granted.
    expect(accepted.length).toBeLessThanOrEqual(16);
    for (let length = 0; length < reply.length; length += 97) {
      const cut = () => checkTimestamp(reply.subarray(0, length), { message: MESSAGE }, known);
      expect(cut).toThrow('QP7712');
    }
    expect(() => checkTimestamp(new Uint8Array(70_000), { message: MESSAGE }, known)).toThrow('QP7712');
  });
});

describe('a timestamp that is signed with the right key', () => {
  const check = (parts: Parts, name = 'p256-leaf') =>
    checkTimestamp(
      forge(tsa, name, MESSAGE, parts),
      { message: MESSAGE },
      { ...trust('p256-root'), others: certificates('p256-middle') },
    );
  const sha1 = (name: string) => sha(certificates(name)[0]!.whole, 'sha1');
  const CONTENT_TYPE = '1.2.840.113549.1.9.3';
  const NAMED = '1.2.840.113549.1.9.16.2.47';
  const NAMED_V1 = '1.2.840.113549.1.9.16.2.12';

  it('holds as it should be made', () => {
    const found = check({});
    expect(found).toMatchObject({
      time: Date.parse('2026-12-01T12:00:00Z'),
      accuracy: undefined,
      nonce: undefined,
      serial: 5n,
      existedBy: Date.parse('2026-12-01T12:00:00Z') / 1000,
    });
    // The token alone; a fraction of a second, which is rounded up.
    expect(check({ answer: (token) => token })).toEqual(found);
    expect(check({ time: '20261201120000.0001Z' }).time).toBe(found.time);
    expect(check({ time: '20261201120000.25Z' })).toMatchObject({
      time: found.time + 250,
      existedBy: found.existedBy + 1,
    });
    expect(check({ status: 1 })).toEqual(found);
    const keyId = certificates('p256-leaf')[0]!.extensions.subjectKeyId!;
    expect(check({ by: () => ({ version: 3, id: der(0x80, keyId) }) })).toEqual(found);
    const both = [attribute(NAMED_V1, seq(seq(seq(octets(sha1('p256-leaf'))))))];
    expect(check({ attributes: (usual) => [...usual, ...both] })).toEqual(found);
  });

  const extension = (critical: boolean) =>
    der(0xa1, seq(oid('1.2.3'), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), octets(Buffer.of(5, 0))));
  it.each<[string, Parts, string]>([
    ['was not granted', { status: 2 }, 'QP7713'],
    ['has another version', { infoVersion: 2 }, 'QP7712'],
    ['is of other bytes', { imprint: sha(Buffer.of(1)) }, 'QP7714'],
    ['uses SHA-1 for what it is of', { imprintAlgorithm: seq(oid('1.3.14.3.2.26')) }, 'QP7715'],
    ['uses SHA-1 for its signature', { digestAlgorithm: seq(oid('1.3.14.3.2.26')) }, 'QP7715'],
    ['is signed with an algorithm that is not known', { signatureAlgorithm: seq(oid('1.2.3')) }, 'QP7715'],
    ['names two hashes', { signatureAlgorithm: seq(oid('1.2.840.10045.4.3.3')) }, 'QP7715'],
    ['is signed with another key', { key: 'p256-middle' }, 'QP7716'],
    ['has a second signer', { signers: 2 }, 'QP7712'],
    ['has no signer', { signers: 0 }, 'QP7712'],
    ['holds something else', { contentType: '1.2.840.113549.1.7.1' }, 'QP7712'],
    ['has a local time', { time: '20261201120000+0100' }, 'QP7712'],
    ['has 30 February', { time: '20260230120000Z' }, 'QP7712'],
    ['has a fraction that ends in 0', { time: '20261201120000.50Z' }, 'QP7712'],
    ['has an accuracy of 1000 thousandths', { more: [seq(der(0x80, Buffer.of(3, 0xe8)))] }, 'QP7712'],
    ['has a negative accuracy', { more: [seq(int(0x81))] }, 'QP7712'],
    ['has a critical extension', { more: [extension(true)] }, 'QP7712'],
    ['was made before its certificate', { time: '20200101000000Z' }, 'QP7719'],
    ['was made after its certificate', { time: '20990101000000Z' }, 'QP7719'],
    ['has a signer of another serial', { by: () => ({ version: 1, id: seq(seq(), int(1)) }) }, 'QP7720'],
    ['has a signer of the other version', { by: () => ({ version: 3, id: seq(seq(), int(1)) }) }, 'QP7712'],
    ['has no attributes', { attributes: () => [] }, 'QP7717'],
    ['has no content type', { attributes: (usual) => usual.slice(1) }, 'QP7717'],
    ['has no hash of its content', { attributes: ([a, , c]) => [a!, c!] }, 'QP7717'],
    ['does not name its certificate', { attributes: ([a, b]) => [a!, b!] }, 'QP7717'],
    [
      'has an attribute of another content',
      { attributes: ([, b, c]) => [attribute(CONTENT_TYPE, oid('1.2.840.113549.1.7.1')), b!, c!] },
      'QP7717',
    ],
    [
      'has the hash of another content',
      {
        attributes: ([a, , c]) => [a!, attribute('1.2.840.113549.1.9.4', octets(sha(Buffer.of(1)))), c!],
      },
      'QP7717',
    ],
    [
      'names another certificate',
      {
        attributes: ([a, b]) => [a!, b!, attribute(NAMED, seq(seq(seq(octets(sha(Buffer.of(1)))))))],
      },
      'QP7717',
    ],
    [
      'names another certificate beside its own',
      {
        attributes: (usual) => [
          ...usual,
          attribute(NAMED_V1, seq(seq(seq(octets(sha(Buffer.of(1), 'sha1')))))),
        ],
      },
      'QP7717',
    ],
    [
      'names another serial number of its certificate',
      {
        attributes: ([a, b]) => {
          const { issuer, whole } = certificates('p256-leaf')[0]!;
          const issuerSerial = seq(seq(der(0xa4, issuer)), int(1));
          return [a!, b!, attribute(NAMED, seq(seq(seq(octets(sha(whole)), issuerSerial))))];
        },
      },
      'QP7717',
    ],
    [
      'names another issuer of its certificate',
      {
        attributes: ([a, b]) => {
          const { serial, whole } = certificates('p256-leaf')[0]!;
          const issuerSerial = seq(seq(der(0xa4, seq())), Buffer.from(serial.whole));
          return [a!, b!, attribute(NAMED, seq(seq(seq(octets(sha(whole)), issuerSerial))))];
        },
      },
      'QP7717',
    ],
    ['has an attribute twice', { attributes: (usual) => [...usual, usual[0]!] }, 'QP7712'],
    [
      'has an attribute with two values',
      {
        attributes: ([, ...rest]) => [
          seq(oid(CONTENT_TYPE), set(oid('1.2.840.113549.1.9.16.1.4'), oid('1.2.3'))),
          ...rest,
        ],
      },
      'QP7712',
    ],
    ['is followed by more', { answer: (token) => Buffer.concat([token, Buffer.of(5, 0)]) }, 'QP7712'],
    [
      'has a length with too many bytes',
      {
        answer: (token) =>
          Buffer.concat([Buffer.of(0x30, 0x83, 0, ...token.subarray(2, 4)), token.subarray(4)]),
      },
      'QP7712',
    ],
    [
      'has a length that is not definite',
      { answer: (token) => Buffer.concat([Buffer.of(0x30, 0x80), token.subarray(4), Buffer.of(0, 0)]) },
      'QP7712',
    ],
  ])('is refused if it %s', (_, parts, code) => {
    expect(() => check(parts)).toThrow(code);
  });

  it('may have extensions that are not critical', () => {
    expect(check({ more: [extension(false)] }).serial).toBe(5n);
  });

  it.each([
    ['no_purpose', 'QP7718'],
    ['not_critical', 'QP7718'],
    ['two_purposes', 'QP7718'],
    ['other_purpose', 'QP7718'],
    ['key_agreement', 'QP7718'],
    ['unknown_critical', 'QP7718'],
  ])('is refused with a certificate with extensions like %s', (extensions, code) => {
    tsa.issue(extensions, extensions, 'p256-middle', { key: 'p256-leaf' });
    expect(() => check({ key: 'p256-leaf' }, extensions)).toThrow(code);
    // Trusting the certificate itself does not make it one for timestamps.
    const made = forge(tsa, extensions, MESSAGE, { key: 'p256-leaf' });
    expect(() => checkTimestamp(made, { message: MESSAGE }, trust(extensions))).toThrow(code);
  });

  it.each(['not_authority', 'no_signing', 'other_authority', 'unknown_authority', 'leaf'])(
    'is refused if its certificate is signed by one with extensions like %s',
    (extensions) => {
      const [between, leaf] = [`${extensions}-ca`, `${extensions}-leaf`];
      tsa.issue(between, extensions, 'p256-root', { key: 'p256-middle' });
      tsa.run('pkey', '-in', 'p256-middle.key', '-out', `${between}.key`);
      tsa.issue(leaf, 'leaf', between, { key: 'p256-leaf' });
      const made = forge(tsa, leaf, MESSAGE, { key: 'p256-leaf', carried: [leaf, between] });
      expect(() => checkTimestamp(made, { message: MESSAGE }, trust('p256-root'))).toThrow('QP7720');
    },
  );

  it('is refused below more authorities than one of them allows', () => {
    tsa.issue('below', 'middle', 'p256-middle', { key: 'p384-middle' });
    tsa.run('pkey', '-in', 'p384-middle.key', '-out', 'below.key');
    tsa.issue('below-leaf', 'leaf', 'below', { key: 'p256-leaf' });
    const carried = ['below-leaf', 'below', 'p256-middle'];
    const made = forge(tsa, 'below-leaf', MESSAGE, { key: 'p256-leaf', carried });
    expect(() => checkTimestamp(made, { message: MESSAGE }, trust('p256-root'))).toThrow('QP7720');
    // Trusting the lower one allows it.
    expect(checkTimestamp(made, { message: MESSAGE }, trust('below')).serial).toBe(5n);
  });

  it('is refused if an authority only has the name of the one that is trusted', () => {
    tsa.newKey('thief', 'p256');
    tsa.issue('thief', 'root', 'thief', { subject: '/CN=p256-root' });
    tsa.issue('stolen-middle', 'middle', 'thief', { key: 'p256-middle', subject: '/CN=p256-middle' });
    tsa.run('pkey', '-in', 'p256-middle.key', '-out', 'stolen-middle.key');
    tsa.issue('stolen-leaf', 'leaf', 'stolen-middle', { key: 'p256-leaf' });
    const carried = ['stolen-leaf', 'stolen-middle', 'thief'];
    const made = forge(tsa, 'stolen-leaf', MESSAGE, { key: 'p256-leaf', carried });
    expect(() => checkTimestamp(made, { message: MESSAGE }, trust('p256-root'))).toThrow('QP7720');
    expect(checkTimestamp(made, { message: MESSAGE }, trust('thief')).serial).toBe(5n);
  });

  it('ends its search where certificates issue each other', () => {
    tsa.newKey('circle', 'p256');
    const names = Array.from({ length: 8 }, (_, i) => `circle-${i}`);
    for (const name of names) tsa.issue(name, 'root', name, { key: 'circle', subject: '/CN=circle' });
    tsa.run('pkey', '-in', 'circle.key', '-out', 'circle-0.key');
    tsa.issue('circle-leaf', 'leaf', 'circle-0', { key: 'p256-leaf' });
    const made = forge(tsa, 'circle-leaf', MESSAGE, { key: 'p256-leaf', carried: ['circle-leaf', ...names] });
    expect(() => checkTimestamp(made, { message: MESSAGE }, trust('p256-root'))).toThrow('QP7720');
  });

  it('holds where certificates are signed with PSS, and not with SHA-1 or a small key', () => {
    const pss = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:digest', 'rsa_mgf1_md:sha256'];
    const issue = (name: string, options: object) => {
      tsa.issue(name, 'leaf', 'rsa-middle', { key: 'p256-leaf', ...options });
      const made = forge(tsa, name, MESSAGE, { key: 'p256-leaf', carried: [name, 'rsa-middle'] });
      return () => checkTimestamp(made, { message: MESSAGE }, trust('rsa-root'));
    };
    expect(issue('pss', { sigopts: pss })().serial).toBe(5n);
    expect(issue('pss-384', { sigopts: [...pss.slice(0, 1)], digest: 'sha384' })().serial).toBe(5n);
    expect(issue('pss-mixed', { sigopts: [...pss.slice(0, 1), 'rsa_mgf1_md:sha512'] })).toThrow('QP7720');
    expect(issue('sha1', { digest: 'sha1' })).toThrow('QP7720');
    tsa.run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-out', 'small.key');
    tsa.issue('small', 'leaf', 'rsa-middle');
    const reply = tsa.reply('small', MESSAGE, { chain: ['small', 'rsa-middle'] });
    expect(() => checkTimestamp(reply, { message: MESSAGE }, trust('rsa-root'))).toThrow('QP7715');
  });
});

describe('readCertificates', () => {
  it('reads PEM and DER, and nothing else', () => {
    const [one] = certificates('p256-root');
    expect(readCertificates(one!.whole)).toMatchObject([{ subject: one!.subject }]);
    expect(readCertificates(tsa.pem('p256-root') + tsa.pem('p256-leaf'))).toHaveLength(2);
    for (const bad of ['', 'text', tsa.pem('p256-root').replace(/\n..../, '\nAAAA'), new Uint8Array(5)]) {
      expect(() => readCertificates(bad)).toThrow('QP7721');
    }
    expect(() => readCertificates('x'.repeat(2_000_000))).toThrow('QP7721');
  });
});
