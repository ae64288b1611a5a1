import { bytesToHex } from '@noble/hashes/utils.js';
import type { ModelIds } from '../bundle/bundle-types.ts';
import { keyId } from '../bundle/ids.ts';
import { canonicalBytes } from '../json/canonical-json.ts';
import type { Hex } from '../json/encoded-types.ts';
import { TAGS, type Tag, taggedHash } from '../tagged-hash.ts';
import type { InterfaceV2 } from './interface-types.ts';
import type { ManifestV2, ModelRecordV2, Quality, SetupV2 } from './record-types.ts';

/** The model id, which verifiers pin. */
export function modelIdV2(parts: {
  readonly circuitId: Hex;
  readonly interface: InterfaceV2;
  readonly keyId: Hex;
  readonly quality: Quality;
  readonly setup: SetupV2;
}): Hex {
  const { circuitId, keyId, quality, setup } = parts;
  return digestOf(TAGS.modelV2, { circuitId, interface: parts.interface, keyId, quality, setup });
}

/** All three ids, from the parts of a model record. */
export function modelIdsV2(parts: Omit<ModelRecordV2, 'ids' | 'version'>): ModelIds {
  const ids = { circuitId: parts.manifest.chain.circuit, keyId: keyId(parts.verificationKey) };
  return { ...ids, modelId: modelIdV2({ ...parts, ...ids }) };
}

/** Appears in no file; `rederive` compares interfaces by it. */
export function interfaceDigestV2(value: InterfaceV2): Hex {
  return digestOf(TAGS.interfaceV2, value);
}

export function manifestDigestV2(value: ManifestV2): Hex {
  return digestOf(TAGS.manifestV2, value);
}

/**
 * The identity of a record of either version: the model and its public signals. Statement, salt, row index and proof
 * bytes do not affect it.
 */
export function recordIdentity(modelId: Hex, publicSignals: readonly string[]): Hex {
  return digestOf(TAGS.recordV2, { modelId, publicSignals });
}

/** What a log may store: because of the salt it reveals nothing to anyone without the payload. */
export function statementDigest(payload: Uint8Array): { readonly statementDigest: Hex; readonly leaf: Hex } {
  const digest = taggedHash(TAGS.statementV2, payload);
  return { statementDigest: bytesToHex(digest), leaf: bytesToHex(taggedHash(TAGS.leafV2, digest)) };
}

export function sidecarDigest(content: Uint8Array): Hex {
  return bytesToHex(taggedHash(TAGS.sidecarV2, content));
}

function digestOf(tag: Tag, value: unknown): Hex {
  return bytesToHex(taggedHash(tag, canonicalBytes(value)));
}
