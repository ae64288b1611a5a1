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
  /** As snarkjs writes it, or already canonical. */
  readonly verificationKey: VerificationKeyJson & { readonly vk_alphabeta_12?: unknown };
}

/**
 * The content of model.json, with its ids computed. Sidecars come later: they are outside all ids.
 *
 * @throws Refusal where a verifier would refuse the record, e.g. QP7105 (the interface contradicts itself), QP7107 (the
 * quality does) or QP7307 (nobody has contributed to the key)
 */
export function makeModelRecordV2(parts: ModelPartsV2): ModelRecordV2 {
  const { interface: face, manifest, quality, setup } = parts;
  const own = {
    interface: face,
    manifest,
    quality,
    setup,
    verificationKey: canonicalVerificationKey(parts.verificationKey),
  };
  const record: ModelRecordV2 = { version: 'quietproof/model/v2', ids: modelIdsV2(own), ...own };
  // Nothing is written that would be refused later, when it is too late to mend.
  prepareModel(fileJson(record));
  return record;
}

/**
 * The content of a model.json of version 1, with its ids computed.
 *
 * @throws Refusal where a verifier would refuse the record, e.g. QP7105 (the interface contradicts itself) or QP7307
 * (nobody has contributed to the key)
 */
export function makeModelRecord(parts: ModelParts): ModelRecord {
  const verificationKey = canonicalVerificationKey(parts.verificationKey);
  const { interface: face, manifest, setup } = parts;
  const record: ModelRecord = {
    version: 'quietproof/model/v1',
    ids: modelIds({ interface: face, manifest, setup, verificationKey }),
    interface: face,
    manifest,
    setup,
    verificationKey,
  };
  // Nothing is written that would be refused later, when it is too late to mend.
  const text = fileJson(record);
  prepareModel(text);
  return parseModelRecord(text);
}
