import { checkInterface, type SignalPlan } from '../interface/check-interface.ts';
import { type PreparedKey, prepareKey } from '../key/prepared-key.ts';
import { checkVerificationKey } from '../key/verification-key.ts';
import { Refusal } from '../refusal.ts';
import type { ModelIds, ModelRecord } from './bundle-types.ts';
import { keyId, modelId } from './ids.ts';
import { parseModelRecord } from './read-bundle.ts';

/**
 * A model record that has passed every check that depends on it alone, with its key prepared: thousands of bundles
 * of the model then cost one pairing equation each. Made by `prepareModel` only.
 */
export class PreparedModel {
  readonly record: ModelRecord;
  readonly plan: SignalPlan;
  readonly key: PreparedKey;

  /** @internal */
  constructor(record: ModelRecord, plan: SignalPlan, key: PreparedKey) {
    this.record = record;
    this.plan = plan;
    this.key = key;
  }

  get ids(): ModelIds {
    return this.record.ids;
  }
}

/**
 * Reads and checks a model.json, once for all its proofs.
 *
 * @throws Refusal QP7001 to QP7010, QP7102 to QP7106, QP7301 to QP7308
 */
export function prepareModel(source: string | Uint8Array): PreparedModel {
  const record = parseModelRecord(source);
  checkModelIds(record);
  const plan = checkInterface(record.interface);
  checkSetup(record);
  return new PreparedModel(
    record,
    plan,
    prepareKey(checkVerificationKey(record.verificationKey, plan.max.length)),
  );
}

/** The three ids follow from the record's own parts. @throws Refusal QP7102 to QP7104 */
export function checkModelIds(record: ModelRecord): void {
  const { ids, manifest } = record;
  const key = keyId(record.verificationKey);
  if (ids.keyId !== key) throw new Refusal('QP7102', { where: `${ids.keyId}, but the key's is ${key}` });
  if (ids.circuitId !== manifest.chain.circuit) throw new Refusal('QP7103');
  const model = modelId({ ...ids, interface: record.interface, setup: record.setup });
  if (ids.modelId !== model)
    throw new Refusal('QP7104', { where: `${ids.modelId}, but the parts give ${model}` });
}

/** A ceremony nobody took part in is none. @throws Refusal QP7106 */
export function checkSetup(record: ModelRecord): void {
  const { kind, contributions } = record.setup;
  const someone = contributions.some((contribution) => contribution.kind === 'contribution');
  if (kind === 'ceremony' && !someone) throw new Refusal('QP7106');
}
