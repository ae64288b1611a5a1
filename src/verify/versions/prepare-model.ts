import type { ModelIds } from '../bundle/bundle-types.ts';
import type { Reading, SignalPlan } from '../interface/reading.ts';
import type { Hex } from '../json/encoded-types.ts';
import { type PreparedKey, prepareKey } from '../key/prepared-key.ts';
import { checkVerificationKey } from '../key/verification-key.ts';
import { manifestDigestV2 } from '../v2/ids.ts';
import { type AnyModelRecord, parseAnyModelRecord } from './any-version.ts';
import { checkSetup } from './check-setup.ts';
import { type CheckedModel, checkDescription, checkModelIds, checkSidecarsOf } from './record.ts';

/**
 * A model record of either version that passed every check that depends only on the record, with its prepared key. Each
 * further bundle of the model then costs one pairing equation. Only `prepareModel` makes it.
 */
export class PreparedModel implements CheckedModel {
  readonly record: AnyModelRecord;
  readonly reading: Reading;
  readonly key: PreparedKey;
  readonly manifestDigest?: Hex;

  /** @internal */
  constructor(record: AnyModelRecord, reading: Reading, key: PreparedKey) {
    this.record = record;
    this.reading = reading;
    this.key = key;
    if (record.version === 'quietproof/model/v2') this.manifestDigest = manifestDigestV2(record.manifest);
  }

  get ids(): ModelIds {
    return this.record.ids;
  }

  get plan(): SignalPlan {
    return this.reading.plan;
  }
}

/**
 * Reads and checks a model.json once, for all its proofs.
 *
 * @throws Refusal QP7001 to QP7012, QP7102 to QP7107, QP7180 to QP7190, QP7208, QP7301 to QP7308
 */
export function prepareModel(source: string | Uint8Array): PreparedModel {
  const record = parseAnyModelRecord(source);
  checkModelIds(record);
  const reading = checkDescription(record);
  checkSidecarsOf(record);
  const key = prepareKey(checkVerificationKey(record.verificationKey, reading.plan.max.length));
  checkSetup(record, key);
  return new PreparedModel(record, reading, key);
}
