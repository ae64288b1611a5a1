import { constructed, type Der, DerReader, notDer, onlyDer, primitive, TAG } from './der.ts';
import {
  type Algorithm,
  algorithmOf,
  booleanOf,
  bytesOfBits,
  countOf,
  namedBits,
  oidOf,
  timeOfDer,
} from './der-values.ts';
import { type PublicKey, publicKeyOf } from './public-key.ts';

/** An X.509 certificate, as far as timestamps need it. Whether anything in it is true, its chain shows. */
export interface Certificate {
  readonly whole: Uint8Array;
  /** What is signed. */
  readonly signed: Uint8Array;
  readonly algorithm: Algorithm;
  readonly signature: Uint8Array;
  readonly serial: Der;
  /** Compared byte by byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970, both included. */
  readonly validity: { readonly from: number; readonly to: number };
  /** Read on demand: a chain may pass by certificates with keys that are not accepted. */
  readonly key: () => PublicKey;
  readonly extensions: Extensions;
}

export interface Extensions {
  readonly basicConstraints?: { readonly isAuthority: boolean; readonly pathLength: number | undefined };
  /** Numbers of bits. */
  readonly keyUsage?: ReadonlySet<number>;
  readonly extendedKeyUsage?: { readonly isCritical: boolean; readonly purposes: readonly string[] };
  readonly subjectKeyId?: Uint8Array;
  /** Critical ones that are not known here: who must not ignore them refuses the certificate. */
  readonly unknown: readonly string[];
}

export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, certificateSigning: 5 } as const;

const OID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
};
const MAX_EXTENSIONS = 64;

/** @throws Refusal QP7712 */
export function readCertificate(whole: Uint8Array): Certificate {
  const outer = new DerReader(onlyDer(whole, TAG.sequence).content);
  const signed = outer.take(TAG.sequence);
  const algorithmBytes = outer.take(TAG.sequence);
  const signature = bytesOfBits(outer.take(TAG.bitString));
  outer.end();

  const reader = new DerReader(signed.content);
  const version = reader.optional(constructed(0));
  const number = version === undefined ? 0 : countOf(onlyDer(version.content, TAG.integer));
  const serial = reader.take(TAG.integer);
  if (!same(reader.take(TAG.sequence).whole, algorithmBytes.whole)) notDer('two signature algorithms');
  const issuer = reader.take(TAG.sequence).whole;
  const validity = reader.inside(TAG.sequence);
  const [from, to] = [timeOfDer(validity.any()), timeOfDer(validity.any())];
  validity.end();
  const subject = reader.take(TAG.sequence).whole;
  const spki = reader.take(TAG.sequence);
  reader.optional(primitive(1));
  reader.optional(primitive(2));
  const extensions = reader.optional(constructed(3));
  reader.end();
  if (extensions !== undefined && number !== 2) notDer('extensions in an old version');
  return {
    whole,
    signed: signed.whole,
    algorithm: algorithmOf(new DerReader(algorithmBytes.whole)),
    signature,
    serial,
    issuer,
    subject,
    validity: { from, to },
    key: () => publicKeyOf(spki),
    extensions: extensions === undefined ? { unknown: [] } : readExtensions(extensions.content),
  };
}

function readExtensions(bytes: Uint8Array): Extensions {
  let found: Extensions = { unknown: [] };
  const seen = new Set<string>();
  const list = new DerReader(onlyDer(bytes, TAG.sequence).content).rest();
  if (list.length > MAX_EXTENSIONS) notDer('too many extensions');
  for (const one of list) {
    const reader = new DerReader(onlyDer(one.whole, TAG.sequence).content);
    const oid = oidOf(reader.take(TAG.oid));
    const critical = reader.optional(TAG.boolean);
    const isCritical = critical !== undefined && booleanOf(critical);
    const value = reader.take(TAG.octetString).content;
    reader.end();
    if (seen.has(oid)) notDer('an extension twice');
    seen.add(oid);
    const read = readExtension(oid, value, isCritical);
    found =
      read === undefined && isCritical
        ? { ...found, unknown: [...found.unknown, oid] }
        : { ...found, ...read };
  }
  return found;
}

function readExtension(oid: string, value: Uint8Array, isCritical: boolean): Partial<Extensions> | undefined {
  switch (oid) {
    case OID.subjectKeyId:
      return { subjectKeyId: onlyDer(value, TAG.octetString).content };
    case OID.keyUsage:
      return { keyUsage: namedBits(onlyDer(value, TAG.bitString)) };
    case OID.basicConstraints: {
      const reader = new DerReader(onlyDer(value, TAG.sequence).content);
      const isAuthority = reader.optional(TAG.boolean);
      const length = reader.optional(TAG.integer);
      reader.end();
      return {
        basicConstraints: {
          isAuthority: isAuthority !== undefined && booleanOf(isAuthority),
          pathLength: length === undefined ? undefined : countOf(length),
        },
      };
    }
    case OID.extendedKeyUsage: {
      const purposes = new DerReader(onlyDer(value, TAG.sequence).content).rest();
      return {
        extendedKeyUsage: {
          isCritical,
          purposes: purposes.map((one) => (one.tag === TAG.oid ? oidOf(one) : notDer('no purpose'))),
        },
      };
    }
    default:
      return undefined;
  }
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
