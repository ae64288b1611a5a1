import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Hex } from '../json/encoded-types.ts';
import { parseJson } from '../json/parse-json.ts';
import { asObject, integer, matching } from '../json/read-json.ts';
import { Refusal } from '../refusal.ts';
import type { BeaconChain } from './beacon-chain.ts';
import { sealRefusal } from './seal-refusal.ts';

const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
const MAX_ROUND_TEXT = 1 << 12;
const scheme = bls12_381.shortSignatures;

/** A round as the beacon publishes it, by nobody's word yet. */
export interface BeaconRound {
  /** 1 for the first. */
  readonly round: number;
  /** 48 bytes in hex. */
  readonly signature: string;
}

/** A round whose signature holds. Only `checkRound` makes it. */
export interface CheckedRound {
  /** Hash of the chain. */
  readonly beacon: Hex;
  readonly round: number;
  /** 32 bytes that nobody could know before the round. */
  readonly randomness: Uint8Array;
}

const signature = matching(/^[0-9a-f]{96}$/, '48 bytes in lower-case hex');

/** Reads what a node of the beacon answers for a round; what it has more is ignored. @throws Refusal QP7750 */
export function parseRound(source: string | Uint8Array): BeaconRound {
  try {
    const json = asObject(parseJson(source, MAX_ROUND_TEXT), '');
    return {
      round: integer(1)(json.get('round'), 'round'),
      signature: signature(json.get('signature'), 'signature'),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw sealRefusal('QP7750', { where: error.what });
  }
}

/**
 * Checks the signature of a round. There is only one that holds, and one encoding of it, so the randomness is nobody's
 * choice.
 *
 * @throws Refusal QP7751
 */
export function checkRound(chain: BeaconChain, { round, signature: text }: BeaconRound): CheckedRound {
  const bytes = hexToBytes(text);
  if (!Number.isSafeInteger(round) || round < 1 || !holds(chain, round, bytes)) {
    throw sealRefusal('QP7751', { where: `round ${round}` });
  }
  return { beacon: chain.hash, round, randomness: sha256(bytes) };
}

function holds({ publicKey }: BeaconChain, round: number, bytes: Uint8Array): boolean {
  try {
    const key = bls12_381.G2.Point.fromBytes(hexToBytes(publicKey));
    const point = bls12_381.G1.Point.fromBytes(bytes);
    if (key.is0() || !key.isTorsionFree() || point.is0() || !point.isTorsionFree()) return false;
    if (!point.toBytes().every((byte, i) => byte === bytes[i])) return false;
    return scheme.verify(point, scheme.hash(roundMessage(round), DOMAIN), key);
  } catch {
    return false;
  }
}

/** What the beacon signs in a round. */
export function roundMessage(round: number): Uint8Array {
  const number = new DataView(new ArrayBuffer(8));
  number.setBigUint64(0, BigInt(round));
  return sha256(new Uint8Array(number.buffer));
}
