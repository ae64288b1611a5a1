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
  /** As snarkjs writes it, or already canonical. */
  readonly verificationKey: VerificationKeyJson & { readonly vk_alphabeta_12?: unknown };
}

/**
 * The content of model.json, with its ids computed.
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
  return prepareModel(fileJson(record)).record;
}
