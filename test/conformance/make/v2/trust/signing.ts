/** Keys with known secrets, and DSSE envelopes, written without the verifier. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { canonical, type Json } from '../../canonical.ts';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
export const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
export const TYPE = 'application/vnd.in-toto+json';
/** Order of the group. */
export const L = ed25519.Point.Fn.ORDER;

export const sha = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();

export function keyOf(name: string): KeyObject {
  const der = Buffer.concat([PKCS8, sha(`quietproof test key ${name}`)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export const spkiOf = (name: string): Buffer =>
  createPublicKey(keyOf(name)).export({ type: 'spki', format: 'der' });
export const publicKey = (name: string): string => spkiOf(name).toString('base64');
export const keyId = (name: string): string => sha(spkiOf(name)).toString('hex');

/** A key for notes: `name+keyid+base64`. @param algorithm 1 for logs, 4 for witnesses */
export function noteKey(name: string, algorithm: 1 | 4, bytes = spkiOf(name).subarray(SPKI.length)): string {
  const encoded = Buffer.concat([Buffer.of(algorithm), bytes]);
  const id = sha(`${name}.example\n`, encoded).toString('hex', 0, 4);
  return `${name}.example+${id}+${encoded.toString('base64')}`;
}

export function preAuthenticated(payload: Uint8Array, type = TYPE): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
}

/** An envelope as text, signed by a key of this name. @param change of the envelope, after it was signed */
export function envelope(
  statement: Json | string,
  by: string,
  change: (made: Json) => void = () => {},
): string {
  const payload = Buffer.from(typeof statement === 'string' ? statement : canonical(statement));
  const made = {
    payload: payload.toString('base64'),
    payloadType: TYPE,
    signatures: [
      { keyid: keyId(by), sig: sign(null, preAuthenticated(payload), keyOf(by)).toString('base64') },
    ],
  };
  change(made);
  return JSON.stringify(made);
}

const bytesLE = (number: bigint): Buffer =>
  Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
const numberLE = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

/** A point of order 8. */
const TORSION = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');

/** The public key of this name with a part outside of the subgroup. */
export function mixedKey(name: string): string {
  const point = ed25519.Point.fromBytes(spkiOf(name).subarray(SPKI.length)).add(TORSION);
  return Buffer.concat([SPKI, point.toBytes()]).toString('base64');
}

/** A signature whose R has a part outside of the subgroup: it holds with the cofactor, and not without it. */
export function mixedSignature(payload: Uint8Array, by: string): string {
  const seed = sha(`quietproof test key ${by}`);
  const hash = createHash('sha512').update(seed).digest();
  const clamped = Buffer.from(hash.subarray(0, 32));
  clamped[0]! &= 248;
  clamped[31]! = (clamped[31]! & 127) | 64;
  const secret = numberLE(clamped) % L;
  const nonce = numberLE(sha('nonce')) % L;
  const r = ed25519.Point.BASE.multiply(nonce).add(TORSION).toBytes();
  const message = preAuthenticated(payload);
  const k = numberLE(
    createHash('sha512').update(r).update(spkiOf(by).subarray(SPKI.length)).update(message).digest(),
  );
  return Buffer.concat([r, bytesLE((nonce + (k % L) * secret) % L)]).toString('base64');
}

/** The same signature with S + L, which RFC 8032 refuses. */
export function unreduced(sig: string): string {
  const bytes = Buffer.from(sig, 'base64');
  return Buffer.concat([bytes.subarray(0, 32), bytesLE(numberLE(bytes.subarray(32)) + L)]).toString('base64');
}
