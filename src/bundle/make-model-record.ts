import {
  canonicalVerificationKey,
  fileJson,
  type InterfaceV2,
  type Manifest,
  type ManifestV2,
  type ModelInterface,
  type ModelRecord,
  type ModelRecordV2,
  modelIds,
  modelIdsV2,
  parseModelRecord,
  prepareModel,
  type Quality,
  type SetupRecord,
  type SetupV2,
  type Sidecar,
  TRANSCRIPT_TYPE,
  type VerificationKeyJson,
} from '@quietproof/verify';

export interface ModelPartsV2 {
  readonly interface: InterfaceV2;
  readonly manifest: ManifestV2;
  readonly quality: Quality;
  readonly setup: SetupV2;
  /** Content of the transcript that the setup names. */
  readonly transcript?: Uint8Array;
  /** As snarkjs writes it, or already canonical. */
  readonly verificationKey: VerificationKeyJson & { readonly vk_alphabeta_12?: unknown };
}

/** Of version 1: for artifacts of 0.1. */
export interface ModelParts {
  readonly interface: ModelInterface;
  readonly manifest: Manifest;
  readonly setup: SetupRecord;
  /** In snarkjs' form or already canonical. */
  readonly verificationKey: VerificationKeyJson & { readonly vk_alphabeta_12?: unknown };
}

/**
 * The content of model.json, including its ids. Sidecars other than the transcript come later: they are outside all ids.
 *
 * @throws Refusal if a verifier would refuse the record, e.g. QP7105 (the interface contradicts itself), QP7107 (the
 * quality does) or QP7307 (the key has no contribution)
 */
export function makeModelRecordV2(parts: ModelPartsV2): ModelRecordV2 {
  const { manifest, quality, setup, transcript } = parts;
  const own = {
    interface: parts.interface,
    manifest,
    quality,
    setup,
    verificationKey: canonicalVerificationKey(parts.verificationKey),
  };
  const ids = modelIdsV2(own);
  const sidecars = transcript && { transcript: transcriptSidecar(transcript, ids.keyId) };
  const record: ModelRecordV2 = {
    version: 'quietproof/model/v2',
    ids,
    ...own,
    ...(sidecars !== undefined && { sidecars }),
  };
  // Refuse now what verifiers would refuse later.
  prepareModel(fileJson(record));
  return record;
}

function transcriptSidecar(content: Uint8Array, keyId: string): Sidecar {
  return {
    about: { what: 'key', sha256: keyId },
    type: TRANSCRIPT_TYPE,
    content: Buffer.from(content).toString('base64'),
  };
}

/**
 * The content of a v1 model.json, including its ids.
 *
 * @throws Refusal if a verifier would refuse the record, e.g. QP7105 (the interface contradicts itself) or QP7307
 * (the key has no contribution)
 */
export function makeModelRecord(parts: ModelParts): ModelRecord {
  const verificationKey = canonicalVerificationKey(parts.verificationKey);
  const { interface: modelInterface, manifest, setup } = parts;
  const record: ModelRecord = {
    version: 'quietproof/model/v1',
    ids: modelIds({ interface: modelInterface, manifest, setup, verificationKey }),
    interface: modelInterface,
    manifest,
    setup,
    verificationKey,
  };
  // Refuse now what verifiers would refuse later.
  const text = fileJson(record);
  prepareModel(text);
  return parseModelRecord(text);
}
