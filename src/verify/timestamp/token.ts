import { Refusal } from '../refusal.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { constructed, type Der, DerReader, notDer, onlyDer, primitive, TAG } from './der.ts';
import {
  type Algorithm,
  algorithmOf,
  booleanOf,
  countOf,
  integerOf,
  oidOf,
  timeOfDer,
} from './der-values.ts';
import { type Digest, digestOf } from './digests.ts';

/** What an authority states (RFC 3161, TSTInfo). */
export interface TimestampInfo {
  readonly policy: string;
  readonly digest: Digest;
  readonly imprint: Uint8Array;
  readonly serial: bigint;
  /** Milliseconds since 1970, rounded down. */
  readonly time: number;
  /** Milliseconds, rounded up: how far the time may be off. */
  readonly accuracy: number | undefined;
  readonly nonce: bigint | undefined;
}

/** A signed statement of an authority, read and not checked (CMS SignedData with one signer). */
export interface Token {
  readonly info: TimestampInfo;
  /** The bytes of `info`: what the signed attributes are to name the hash of. */
  readonly content: Uint8Array;
  readonly certificates: readonly Certificate[];
  readonly signer: Signer;
}

export interface Signer {
  /** Which certificate is the signer's: by issuer and serial, or by key id. */
  readonly by: { readonly issuer: Uint8Array; readonly serial: Der } | { readonly keyId: Uint8Array };
  readonly digest: Digest;
  readonly algorithm: Algorithm;
  readonly signature: Uint8Array;
  /** The attributes as they are signed. */
  readonly signed: Uint8Array;
  /** The value of each, by type. */
  readonly attributes: ReadonlyMap<string, Der>;
}

export const SIGNED_DATA = '1.2.840.113549.1.7.2';
export const TIMESTAMP_INFO = '1.2.840.113549.1.9.16.1.4';
/** Bytes. Tokens have a few thousand, most of them certificates. */
const MAX_TOKEN = 1 << 16;
const MAX_CERTIFICATES = 16;

/**
 * Reads an authority's answer (TimeStampResp), or the token in it alone.
 *
 * @throws Refusal QP7712 (its form), QP7713 (not granted), QP7715 (a hash that is not accepted)
 */
export function readToken(bytes: Uint8Array): Token {
  if (bytes.length > MAX_TOKEN) return notDer('too many bytes');
  const outer = new DerReader(onlyDer(bytes, TAG.sequence).content);
  const first = outer.any();
  if (first.tag === TAG.oid) return tokenIn(bytes);
  if (first.tag !== TAG.sequence) return notDer('neither an answer nor a token');
  const status = countOf(new DerReader(first.content).take(TAG.integer));
  // 0: granted; 1: granted, with changes that the policy tells of.
  if (status > 1) throw new Refusal('QP7713', { where: `status ${status}` });
  const token = outer.take(TAG.sequence);
  outer.end();
  return tokenIn(token.whole);
}

function tokenIn(bytes: Uint8Array): Token {
  const content = new DerReader(onlyDer(bytes, TAG.sequence).content);
  requireOid(content, SIGNED_DATA);
  const data = new DerReader(onlyDer(content.take(constructed(0)).content, TAG.sequence).content);
  content.end();
  if (integerOf(data.take(TAG.integer)) !== 3n) return notDer('another version of SignedData');
  data.take(TAG.set);
  const encapsulated = data.inside(TAG.sequence);
  requireOid(encapsulated, TIMESTAMP_INFO);
  const info = onlyDer(encapsulated.take(constructed(0)).content, TAG.octetString).content;
  encapsulated.end();
  const certificates = new DerReader(data.optional(constructed(0))?.content ?? new Uint8Array()).rest();
  // Lists of revoked certificates, which are not checked.
  data.optional(constructed(1));
  const signers = data.inside(TAG.set);
  data.end();
  const signer = readSigner(signers.inside(TAG.sequence));
  // A second one would be a second authority.
  signers.end();
  if (certificates.length > MAX_CERTIFICATES) return notDer('too many certificates');
  return {
    info: readInfo(info),
    content: info,
    // Other kinds than X.509 have other tags.
    certificates: certificates
      .filter(({ tag }) => tag === TAG.sequence)
      .map(({ whole }) => readCertificate(whole)),
    signer,
  };
}

function readSigner(reader: DerReader): Signer {
  const version = countOf(reader.take(TAG.integer));
  const keyId = reader.optional(primitive(0));
  if (version !== (keyId === undefined ? 1 : 3)) notDer('another version of SignerInfo');
  const by = keyId === undefined ? issuerAndSerial(reader) : { keyId: keyId.content };
  const digest = digestOf(algorithmOf(reader));
  const attributes = reader.take(constructed(0));
  const algorithm = algorithmOf(reader);
  const signature = reader.take(TAG.octetString).content;
  reader.optional(constructed(1));
  reader.end();
  // They are signed as a SET, and sent under another tag (RFC 5652, section 5.4).
  const signed = Uint8Array.from(attributes.whole);
  signed[0] = TAG.set;
  return { by, digest, algorithm, signature, signed, attributes: readAttributes(attributes.content) };
}

function issuerAndSerial(outer: DerReader): { issuer: Uint8Array; serial: Der } {
  const reader = outer.inside(TAG.sequence);
  const by = { issuer: reader.take(TAG.sequence).whole, serial: reader.take(TAG.integer) };
  reader.end();
  return by;
}

function readAttributes(bytes: Uint8Array): Map<string, Der> {
  const found = new Map<string, Der>();
  for (const one of new DerReader(bytes).rest()) {
    const reader = new DerReader(onlyDer(one.whole, TAG.sequence).content);
    const oid = oidOf(reader.take(TAG.oid));
    const values = reader.inside(TAG.set);
    const value = values.any();
    // Which of two would count is a question that must not arise.
    values.end();
    reader.end();
    if (found.has(oid)) notDer('an attribute twice');
    found.set(oid, value);
  }
  return found;
}

function readInfo(bytes: Uint8Array): TimestampInfo {
  const reader = new DerReader(onlyDer(bytes, TAG.sequence).content);
  if (integerOf(reader.take(TAG.integer)) !== 1n) notDer('another version of TSTInfo');
  const policy = oidOf(reader.take(TAG.oid));
  const imprint = reader.inside(TAG.sequence);
  const digest = digestOf(algorithmOf(imprint));
  const hash = imprint.take(TAG.octetString).content;
  imprint.end();
  const serial = integerOf(reader.take(TAG.integer));
  const time = timeOfDer(reader.take(TAG.generalizedTime));
  const accuracy = reader.optional(TAG.sequence);
  const ordering = reader.optional(TAG.boolean);
  if (ordering !== undefined) booleanOf(ordering);
  const nonce = reader.optional(TAG.integer);
  reader.optional(constructed(0));
  // Extensions, none of which is known: a critical one must not be ignored.
  const extensions = reader.optional(constructed(1));
  reader.end();
  if (extensions !== undefined) requireNotCritical(extensions.content);
  return {
    ...{ policy, digest, imprint: hash, serial, time },
    accuracy: accuracy === undefined ? undefined : accuracyOf(accuracy.content),
    nonce: nonce === undefined ? undefined : integerOf(nonce),
  };
}

/** Seconds, thousandths and millionths, each optional. */
function accuracyOf(bytes: Uint8Array): number {
  const reader = new DerReader(bytes);
  const [seconds, millis, micros] = [TAG.integer, primitive(0), primitive(1)].map((tag) => {
    const found = reader.optional(tag);
    return found === undefined ? 0 : countOf(found);
  }) as [number, number, number];
  reader.end();
  if (millis > 999 || micros > 999) return notDer('an accuracy out of bounds');
  return seconds * 1000 + millis + Math.ceil(micros / 1000);
}

function requireNotCritical(bytes: Uint8Array): void {
  for (const one of new DerReader(bytes).rest()) {
    const reader = new DerReader(onlyDer(one.whole, TAG.sequence).content);
    reader.take(TAG.oid);
    const critical = reader.optional(TAG.boolean);
    if (critical !== undefined && booleanOf(critical)) notDer('a critical extension that is not known');
  }
}

function requireOid(reader: DerReader, oid: string): void {
  const found = oidOf(reader.take(TAG.oid));
  if (found !== oid) notDer(`the type ${found} where ${oid} belongs`);
}
