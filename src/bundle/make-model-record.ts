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
  type VerificationKeyJson,
} from '@quietproof/verify';

export interface ModelPartsV2 {
  readonly interface: InterfaceV2;
  readonly manifest: ManifestV2;
  readonly quality: Quality;
  readonly setup: SetupV2;
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
 * The content of model.json, including its ids. Sidecars come later: they are outside all ids.
 *
 * @throws Refusal if a verifier would refuse the record, e.g. QP7105 (the interface contradicts itself), QP7107 (the
 * quality does) or QP7307 (the key has no contribution)
 */
export function makeModelRecordV2(parts: ModelPartsV2): ModelRecordV2 {
  const { manifest, quality, setup } = parts;
  const own = {
    interface: parts.interface,
    manifest,
    quality,
    setup,
    verificationKey: canonicalVerificationKey(parts.verificationKey),
  };
  const record: ModelRecordV2 = { version: 'quietproof/model/v2', ids: modelIdsV2(own), ...own };
  // Refuse now what verifiers would refuse later.
  prepareModel(fileJson(record));
  return record;
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
