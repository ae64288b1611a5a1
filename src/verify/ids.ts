import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hex, Manifest, ModelIds, VerificationKeyJson } from './bundle-types.ts';
import { canonicalBytes } from './canonical-json.ts';
import type { ModelInterface, SetupRecord } from './model-interface.ts';

/** Domain tags: what is hashed is the tag's ASCII bytes followed by the content, with nothing between. */
export const TAGS = {
  circuit: 'quietproof/circuit/v1',
  key: 'quietproof/key/v1',
  model: 'quietproof/model/v1',
  interface: 'quietproof/interface/v1',
  manifest: 'quietproof/manifest/v1',
  publicSignals: 'quietproof/public-signals/v1',
  digest: 'quietproof/digest/v1',
  context: 'quietproof/context/v1',
} as const;

export type Tag = (typeof TAGS)[keyof typeof TAGS];

/** sha256(tag ‖ bytes). */
export function taggedHash(tag: Tag, bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(tag), bytes));
}

/** The circuit id of an .r1cs file's bytes: sha256(tag ‖ r1cs). */
export function circuitId(r1cs: Uint8Array): Hex {
  return bytesToHex(sha256.create().update(utf8ToBytes(TAGS.circuit)).update(r1cs).digest());
}

/** The key id: sha256(tag ‖ canonical key). */
export function keyId(key: VerificationKeyJson): Hex {
  return digestOf(TAGS.key, key);
}

/** The model id, which is what a verifier pins: sha256(tag ‖ canonical {circuitId, interface, keyId, setup}). */
export function modelId(parts: {
  readonly keyId: Hex;
  readonly circuitId: Hex;
  readonly interface: ModelInterface;
  readonly setup: SetupRecord;
}): Hex {
  const { keyId, circuitId, setup } = parts;
  return digestOf(TAGS.model, { keyId, circuitId, interface: parts.interface, setup });
}

/** All three, from the parts of a model record. */
export function modelIds(parts: {
  readonly interface: ModelInterface;
  readonly manifest: Manifest;
  readonly setup: SetupRecord;
  readonly verificationKey: VerificationKeyJson;
}): ModelIds {
  const ids = { circuitId: parts.manifest.chain.circuit, keyId: keyId(parts.verificationKey) };
  return { ...ids, modelId: modelId({ ...ids, interface: parts.interface, setup: parts.setup }) };
}

export function interfaceDigest(value: ModelInterface): Hex {
  return digestOf(TAGS.interface, value);
}

export function manifestDigest(value: Manifest): Hex {
  return digestOf(TAGS.manifest, value);
}

export function publicSignalsDigest(signals: readonly string[]): Hex {
  return digestOf(TAGS.publicSignals, signals);
}

function digestOf(tag: Tag, value: unknown): Hex {
  return bytesToHex(taggedHash(tag, canonicalBytes(value)));
}

/** A 32-byte hash without its first byte, big-endian: below 2^248, so it is a canonical scalar. */
export function hashToSignal(hash: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(hash.subarray(1))}`);
}
