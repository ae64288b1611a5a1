import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Domain tags (SPEC.md, section 2): the hash input is the tag in ASCII, directly followed by the content. */
export const TAGS = {
  circuit: 'quietproof/circuit/v1',
  key: 'quietproof/key/v1',
  model: 'quietproof/model/v1',
  interface: 'quietproof/interface/v1',
  manifest: 'quietproof/manifest/v1',
  publicSignals: 'quietproof/public-signals/v1',
  digest: 'quietproof/digest/v1',
  context: 'quietproof/context/v1',
  modelV2: 'quietproof/model/v2',
  interfaceV2: 'quietproof/interface/v2',
  manifestV2: 'quietproof/manifest/v2',
  statementV2: 'quietproof/statement/v2',
  leafV2: 'quietproof/leaf/v2',
  recordV2: 'quietproof/record/v2',
  sidecarV2: 'quietproof/sidecar/v2',
  contextV2: 'quietproof/context/v2',
  sealContext: 'quietproof/seal-context/v1',
  draw: 'quietproof/draw/v1',
} as const;

export type Tag = (typeof TAGS)[keyof typeof TAGS];

/** sha256(tag ‖ bytes). */
export function taggedHash(tag: Tag, bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(tag), bytes));
}

/** A 32-byte hash without its first byte, big-endian: below 2^248, so it is a canonical scalar. */
export function hashToSignal(hash: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(hash.subarray(1))}`);
}
