import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Hex } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import { type Certificate, same } from './certificate.ts';
import { requireChain, requireForTimestamps } from './chain.ts';
import type { DigestName } from './digests.ts';
import { requireAttributes } from './signed-attributes.ts';
import { readToken, type Signer } from './token.ts';

/** What a timestamp is asked to be of: bytes, or a digest of them by the hash that the timestamp uses. */
export type TimestampSubject =
  | { readonly message: Uint8Array }
  | { readonly algorithm: DigestName; readonly digest: Uint8Array };

/** Whose timestamps a reader believes. */
export interface TimestampTrust {
  /** Certificates of authorities, from `readCertificates`: a chain has to end in one of them. */
  readonly roots: readonly Certificate[];
  /** Certificates between them and the authority's own, where the timestamp does not carry them. */
  readonly others?: readonly Certificate[];
}

/** A timestamp that holds: its subject existed at that time, by the word of the authority. */
export interface CheckedTimestamp {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Milliseconds that the time may be off; undefined if the authority does not say. */
  readonly accuracy: number | undefined;
  /** Seconds since 1970, rounded up: the latest time that the authority's statement allows. */
  readonly existedBy: number;
  /** The authority's policy, an object identifier. */
  readonly policy: string;
  readonly serial: bigint;
  readonly nonce: bigint | undefined;
  /** sha256 of the certificate whose key has signed, and of the trusted one that its chain ends in. */
  readonly signer: Hex;
  readonly root: Hex;
}

/**
 * Checks a timestamp (RFC 3161, with RFC 5816) offline: that it is of this subject, that the authority has signed it with
 * a certificate for timestamps, and that a chain leads from there to one that the reader trusts, valid at that time. RSA of
 * 2048 bits and more (PKCS #1 v1.5 and PSS) and ECDSA on P-256 and P-384, with SHA-256, SHA-384 and SHA-512, are accepted.
 * Whether a certificate was revoked is not checked.
 *
 * @param timestamp an authority's answer (TimeStampResp) or the token in it, in DER
 * @throws Refusal QP7712 to QP7720
 */
export function checkTimestamp(
  timestamp: Uint8Array,
  subject: TimestampSubject,
  { roots, others = [] }: TimestampTrust,
): CheckedTimestamp {
  const token = readToken(timestamp);
  const { info, signer } = token;
  const expected = 'message' in subject ? info.digest.hash(subject.message) : subject.digest;
  const isOther = 'algorithm' in subject && subject.algorithm !== info.digest.name;
  if (isOther || !same(info.imprint, expected)) throw new Refusal('QP7714');
  const known = [...token.certificates, ...others, ...roots];
  const certificate = known.find((one) => isOf(signer, one));
  if (certificate === undefined) {
    throw new Refusal('QP7720', { where: 'the certificate of the signer is not given' });
  }
  requireAttributes(token, certificate);
  if (!certificate.key().holds(signer.signature, signer.signed, signer.algorithm, signer.digest)) {
    throw new Refusal('QP7716');
  }
  requireForTimestamps(certificate);
  const root = requireChain(certificate, roots, [...token.certificates, ...others], info.time);
  const { time, accuracy, policy, serial, nonce } = info;
  return {
    ...{ time, accuracy, policy, serial, nonce },
    existedBy: Math.ceil((time + (accuracy ?? 0)) / 1000),
    signer: bytesToHex(sha256(certificate.whole)),
    root: bytesToHex(sha256(root.whole)),
  };
}

function isOf({ by }: Signer, { issuer, serial, extensions }: Certificate): boolean {
  if ('keyId' in by) return extensions.subjectKeyId !== undefined && same(by.keyId, extensions.subjectKeyId);
  return same(by.issuer, issuer) && same(by.serial.content, serial.content);
}
