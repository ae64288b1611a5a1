import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ModelInterface, SetupRecord } from '../interface/model-interface.ts';
import { canonicalBytes } from '../json/canonical-json.ts';
import type { Hex } from '../json/encoded-types.ts';
import type { VerificationKeyJson } from '../key/key-types.ts';
import { TAGS, type Tag, taggedHash } from '../tagged-hash.ts';
import type { Manifest, ModelIds } from './bundle-types.ts';

/** The circuit id of an .r1cs file's bytes: sha256(tag ‖ r1cs). */
export function circuitId(r1cs: Uint8Array): Hex {
  return bytesToHex(sha256.create().update(utf8ToBytes(TAGS.circuit)).update(r1cs).digest());
}

/** The key id: sha256(tag ‖ canonical key). */
export function keyId(key: VerificationKeyJson): Hex {
  return digestOf(TAGS.key, key);
}

/** The model id, which verifiers pin: sha256(tag ‖ canonical {circuitId, interface, keyId, setup}). */
export function modelId(parts: {
  readonly keyId: Hex;
  readonly circuitId: Hex;
  readonly interface: ModelInterface;
  readonly setup: SetupRecord;
}): Hex {
  const { keyId, circuitId, setup } = parts;
  return digestOf(TAGS.model, { keyId, circuitId, interface: parts.interface, setup });
}

/** All three ids, from the parts of a model record. */
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
