import {
  canonicalVerificationKey,
  fileJson,
  type Manifest,
  type ModelInterface,
  type ModelRecord,
  modelIds,
  prepareModel,
  type SetupRecord,
  type VerificationKeyJson,
} from '@quietproof/verify';

export interface ModelParts {
  readonly interface: ModelInterface;
  readonly manifest: Manifest;
  readonly setup: SetupRecord;
  /** In snarkjs' form or already canonical. */
  readonly verificationKey: VerificationKeyJson & { readonly vk_alphabeta_12?: unknown };
}

/**
 * The content of model.json, including its ids.
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
  return prepareModel(fileJson(record)).record;
}
