import { sha1 } from '@noble/hashes/legacy.js';
import { Refusal } from '../refusal.ts';
import { type Certificate, same } from './certificate.ts';
import { constructed, type Der, DerReader, onlyDer, TAG } from './der.ts';
import { algorithmOf, oidOf } from './der-values.ts';
import { DIGESTS, digestOf } from './digests.ts';
import { TIMESTAMP_INFO, type Token } from './token.ts';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

/**
 * Checks that what is signed is this content, and that the signer meant this certificate of his.
 *
 * @throws Refusal QP7712, QP7715, QP7717
 */
export function requireAttributes({ content, signer }: Token, certificate: Certificate): void {
  const type = attribute(signer.attributes, CONTENT_TYPE, TAG.oid);
  if (oidOf(type) !== TIMESTAMP_INFO) refuse('the content is no timestamp');
  const hash = attribute(signer.attributes, MESSAGE_DIGEST, TAG.octetString).content;
  if (!same(hash, signer.digest.hash(content))) refuse('the content has another hash');
  const [old, current] = [SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2].map((oid) =>
    signer.attributes.get(oid),
  );
  if (old === undefined && current === undefined) refuse('the certificate is not named');
  if (old !== undefined) requireNamed(old, certificate, () => sha1);
  if (current !== undefined) {
    // SHA-256 where none is named (RFC 5035).
    requireNamed(current, certificate, (reader) => {
      const isNamed = reader.peek() === TAG.sequence;
      return isNamed ? digestOf(algorithmOf(reader)).hash : (DIGESTS[0] as (typeof DIGESTS)[number]).hash;
    });
  }
}

/** ESSCertID or ESSCertIDv2: the first of the list is the signer's. */
function requireNamed(
  value: Der,
  certificate: Certificate,
  hashOf: (reader: DerReader) => (message: Uint8Array) => Uint8Array,
): void {
  const id = new DerReader(onlyDer(value.whole, TAG.sequence).content)
    .inside(TAG.sequence)
    .inside(TAG.sequence);
  const hash = hashOf(id);
  if (!same(id.take(TAG.octetString).content, hash(certificate.whole))) {
    refuse('the signer names another certificate');
  }
  const issuerSerial = id.optional(TAG.sequence);
  id.end();
  if (issuerSerial === undefined) return;
  const reader = new DerReader(issuerSerial.content);
  const names = reader.inside(TAG.sequence).rest();
  const serial = reader.take(TAG.integer);
  reader.end();
  // One directoryName, which is explicit.
  const isIssuer = names.length === 1 && names[0]?.tag === constructed(4);
  if (!isIssuer || !same(names[0]?.content as Uint8Array, certificate.issuer))
    refuse('another issuer is named');
  if (!same(serial.content, certificate.serial.content)) refuse('another serial number is named');
}

function attribute(attributes: ReadonlyMap<string, Der>, oid: string, tag: number): Der {
  const value = attributes.get(oid);
  return value?.tag === tag ? value : refuse(`attribute ${oid} is missing`);
}

function refuse(where: string): never {
  throw new Refusal('QP7717', { where });
}
