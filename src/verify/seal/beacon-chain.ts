import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hex } from '../json/encoded-types.ts';
import { parseJson } from '../json/parse-json.ts';
import { asObject, hex, integer, matching, type Reader, text } from '../json/read-json.ts';
import { kindLiteral } from '../json/read-open.ts';
import { Refusal } from '../refusal.ts';
import { sealRefusal } from './seal-refusal.ts';

/** Rounds are independent of each other, signatures are points of G1, keys of G2; messages are hashed as in RFC 9380. */
export const BEACON_SCHEME = 'bls-unchained-g1-rfc9380';

/** A public beacon (drand): every `period` seconds, it signs the number of the round. */
export interface BeaconChain {
  /** Hash of everything below: whoever names it names the key and the times. */
  readonly hash: Hex;
  readonly scheme: typeof BEACON_SCHEME;
  /** 96 bytes in hex. */
  readonly publicKey: string;
  /** Time of round 1, in seconds since 1970. */
  readonly genesis: number;
  /** Seconds. */
  readonly period: number;
}

/** The chain as its nodes describe it. */
export interface BeaconInfo extends Omit<BeaconChain, 'hash'> {
  /** Hash of the group that began it. */
  readonly seed: Hex;
  readonly id: string;
}

const MAX_INFO = 1 << 14;
const publicKey = matching(/^[0-9a-f]{192}$/, '96 bytes in lower-case hex');

/** The chain that these parts make (drand's `Info.Hash`). */
export function beaconChain({ seed, id, ...parts }: BeaconInfo): BeaconChain {
  const times = new DataView(new ArrayBuffer(12));
  times.setUint32(0, parts.period);
  times.setBigInt64(4, BigInt(parts.genesis));
  const named = id === 'default' ? '' : id;
  const all = [
    new Uint8Array(times.buffer),
    hexToBytes(parts.publicKey),
    hexToBytes(seed),
    utf8ToBytes(named),
  ];
  return { ...parts, hash: bytesToHex(sha256(concatBytes(...all))) };
}

/**
 * Reads what a node of the beacon answers to `/info`, in any layout; what it has more is ignored.
 *
 * @throws Refusal QP7750, also if its parts do not lead to its hash; QP7012 for another scheme
 */
export function parseBeaconInfo(source: string | Uint8Array): BeaconChain {
  try {
    const info = asObject(parseJson(source, MAX_INFO), '');
    const member = <T>(name: string, read: Reader<T>) => read(info.get(name), name);
    const chain = beaconChain({
      scheme: member('schemeID', kindLiteral(BEACON_SCHEME)),
      publicKey: member('public_key', publicKey),
      genesis: member('genesis_time', integer(0)),
      period: member('period', integer(1)),
      seed: member('groupHash', hex),
      id: text(asObject(info.get('metadata'), 'metadata').get('beaconID'), 'metadata.beaconID'),
    });
    if (chain.hash !== member('hash', hex)) throw sealRefusal('QP7750');
    return chain;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7750' || error.code === 'QP7012') throw error;
    throw sealRefusal('QP7750', { where: error.what });
  }
}

/** When a round comes out, in seconds since 1970. */
export function roundTime({ genesis, period }: BeaconChain, round: number): number {
  return genesis + (round - 1) * period;
}

/** The first round that is not out before a time. */
export function firstRoundFrom({ genesis, period }: BeaconChain, time: number): number {
  return Math.max(1, Math.ceil((time - genesis) / period) + 1);
}
