import { p256, p384 } from '@noble/curves/nist.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { constructed, type Der, DerReader, onlyDer, TAG } from './der.ts';
import {
  type Algorithm,
  algorithmOf,
  bytesOfBits,
  countOf,
  integerOf,
  isPlain,
  oidOf,
} from './der-values.ts';
import { DIGESTS, type Digest, digestOf, notAccepted } from './digests.ts';
import { pkcs1Holds, pssHolds, type RsaKey } from './rsa.ts';

/** Checks a signature of a key; how its bytes are read depends on both. */
export interface PublicKey {
  /**
   * @param digest what the message is hashed with, where the algorithm leaves that to others
   * @throws Refusal QP7715 for an algorithm that is not accepted
   */
  holds(signature: Uint8Array, message: Uint8Array, algorithm: Algorithm, digest?: Digest): boolean;
}

const RSA = '1.2.840.113549.1.1';
const [RSA_KEY, MGF1, PSS] = [`${RSA}.1`, `${RSA}.8`, `${RSA}.10`];
const EC_KEY = '1.2.840.10045.2.1';
const HASHES_OF_RSA: Readonly<Record<string, string>> = {
  [`${RSA}.11`]: 'sha256',
  [`${RSA}.12`]: 'sha384',
  [`${RSA}.13`]: 'sha512',
};
const HASHES_OF_ECDSA: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
const CURVES: Readonly<Record<string, { readonly curve: typeof p256; readonly bytes: number }>> = {
  '1.2.840.10045.3.1.7': { curve: p256, bytes: 32 },
  '1.3.132.0.34': { curve: p384, bytes: 48 },
};
/** Bits of a modulus: below is not safe, above only costs time. */
const RSA_BITS = { least: 2048, most: 8192 };

/**
 * Reads a SubjectPublicKeyInfo.
 *
 * @throws Refusal QP7712; QP7715 for a key that is no RSA key of 2048 to 8192 bits and none on P-256 or P-384
 */
export function publicKeyOf(spki: Der): PublicKey {
  const reader = new DerReader(spki.content);
  const algorithm = algorithmOf(reader);
  const key = bytesOfBits(reader.take(TAG.bitString));
  reader.end();
  if (algorithm.oid === RSA_KEY && isPlain(algorithm)) return rsaKey(key);
  if (algorithm.oid === EC_KEY && algorithm.parameters?.tag === TAG.oid) {
    return ecKey(key, oidOf(algorithm.parameters));
  }
  return notAccepted(`a key of the kind ${algorithm.oid}`);
}

function rsaKey(bytes: Uint8Array): PublicKey {
  const reader = new DerReader(onlyDer(bytes, TAG.sequence).content);
  const modulus = integerOf(reader.take(TAG.integer));
  const exponent = integerOf(reader.take(TAG.integer));
  reader.end();
  const bits = modulus > 0n ? modulus.toString(2).length : 0;
  const isOdd = modulus % 2n === 1n && exponent % 2n === 1n;
  if (bits < RSA_BITS.least || bits > RSA_BITS.most || !isOdd || exponent < 3n || exponent >= 1n << 32n) {
    return notAccepted('an RSA key of this size');
  }
  const key: RsaKey = { modulus, exponent };
  return {
    holds(signature, message, algorithm, digest) {
      if (algorithm.oid === PSS) {
        const { hash, saltLength } = pssParameters(algorithm);
        requireSame(hash, digest);
        return pssHolds(signature, message, key, hash, saltLength);
      }
      if (!isPlain(algorithm)) return notAccepted('RSA with parameters');
      if (algorithm.oid === RSA_KEY && digest !== undefined) {
        return pkcs1Holds(signature, message, key, digest);
      }
      return pkcs1Holds(signature, message, key, hashIn(HASHES_OF_RSA, algorithm, digest));
    },
  };
}

function ecKey(bytes: Uint8Array, oid: string): PublicKey {
  const { curve, bytes: size } = CURVES[oid] ?? notAccepted(`the curve ${oid}`);
  // Checked to be on the curve when a signature is; compressed points are not used in certificates.
  if (bytes.length !== 1 + 2 * size || bytes[0] !== 4) return notAccepted('a point in another form');
  return {
    holds(signature, message, algorithm, digest) {
      const { hash } = hashIn(HASHES_OF_ECDSA, algorithm, digest);
      if (algorithm.parameters !== undefined) return notAccepted('ECDSA with parameters');
      const compact = compactOf(signature, size);
      if (compact === undefined) return false;
      try {
        return curve.verify(compact, hash(message), bytes, { prehash: false, lowS: false });
      } catch {
        return false;
      }
    },
  };
}

/** r and s one after another; undefined if one of them is no number of that many bytes. */
function compactOf(signature: Uint8Array, size: number): Uint8Array | undefined {
  const reader = new DerReader(onlyDer(signature, TAG.sequence).content);
  const parts = [reader.take(TAG.integer), reader.take(TAG.integer)].map((der) => {
    const isUsable = integerOf(der) > 0n;
    const bytes = der.content[0] === 0 ? der.content.subarray(1) : der.content;
    return isUsable && bytes.length <= size
      ? concatBytes(new Uint8Array(size - bytes.length), bytes)
      : undefined;
  });
  reader.end();
  const [r, s] = parts;
  return r === undefined || s === undefined ? undefined : concatBytes(r, s);
}

function hashIn(
  names: Readonly<Record<string, string>>,
  { oid }: Algorithm,
  digest: Digest | undefined,
): Digest {
  const found = DIGESTS.find(({ name }) => Object.hasOwn(names, oid) && name === names[oid]);
  if (found === undefined) return notAccepted(`the signature algorithm ${oid}`);
  requireSame(found, digest);
  return found;
}

function requireSame(hash: Digest, digest: Digest | undefined): void {
  if (digest !== undefined && digest !== hash) notAccepted('two different hashes in one signature');
}

/** RFC 8017, section A.2.3: all of them must be given, since their defaults are of SHA-1. */
function pssParameters({ parameters }: Algorithm): { hash: Digest; saltLength: number } {
  if (parameters?.tag !== TAG.sequence) return notAccepted('PSS without parameters');
  const reader = new DerReader(parameters.content);
  const explicit = (number: number) => {
    const found = reader.optional(constructed(number));
    return found === undefined ? notAccepted('PSS with SHA-1') : new DerReader(found.content);
  };
  const hash = digestOf(algorithmOf(explicit(0)));
  const mask = algorithmOf(explicit(1));
  if (mask.oid !== MGF1 || mask.parameters === undefined) return notAccepted('PSS with another mask');
  const maskReader = new DerReader(mask.parameters.whole);
  if (digestOf(algorithmOf(maskReader)) !== hash) return notAccepted('PSS with two hashes');
  const saltLength = countOf(onlyDer(explicit(2).take(TAG.integer).whole, TAG.integer));
  reader.end();
  return { hash, saltLength };
}
