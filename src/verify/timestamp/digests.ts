import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { Refusal } from '../refusal.ts';
import { type Algorithm, isPlain } from './der-values.ts';

export type DigestName = 'sha256' | 'sha384' | 'sha512';

export interface Digest {
  readonly name: DigestName;
  readonly oid: string;
  readonly hash: (message: Uint8Array) => Uint8Array;
  /** What stands before the hash in a signature of RSASSA-PKCS1-v1_5: the beginning of its DigestInfo. */
  readonly info: Uint8Array;
}

const digest = (name: DigestName, at: number, hash: Digest['hash'], info: string): Digest => ({
  name,
  oid: `2.16.840.1.101.3.4.2.${at}`,
  hash,
  info: hexToBytes(info),
});

export const DIGESTS: readonly Digest[] = [
  digest('sha256', 1, sha256, '3031300d060960864801650304020105000420'),
  digest('sha384', 2, sha384, '3041300d060960864801650304020205000430'),
  digest('sha512', 3, sha512, '3051300d060960864801650304020305000440'),
];

/** @throws Refusal QP7715 for another hash than SHA-256, SHA-384 and SHA-512 */
export function digestOf(algorithm: Algorithm): Digest {
  const found = DIGESTS.find(({ oid }) => oid === algorithm.oid);
  return found !== undefined && isPlain(algorithm) ? found : notAccepted(`the hash ${algorithm.oid}`);
}

export function notAccepted(what: string): never {
  throw new Refusal('QP7715', { where: what });
}
