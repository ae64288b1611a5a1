import { type Hex, type ModelRecordV2, type PreparedModel, prepareModel, Refusal } from '@quietproof/verify';
import { type ModelTensors, tensorsOf } from '../oip/model-tensors.ts';
import { WatchError } from '../refusals.ts';
import type { ExpectedModel } from './watch-types.ts';

/** A model that the user relies on. */
export interface KnownModel {
  readonly id: Hex;
  readonly name: string;
  readonly record: ModelRecordV2;
  readonly prepared: PreparedModel;
  readonly tensors: ModelTensors;
}

/** @throws WatchError QP7771; Refusal as `prepareModel` */
export function knownModels(expected: readonly ExpectedModel[]): ReadonlyMap<Hex, KnownModel> {
  const models = new Map(expected.map(knownModel).map((model) => [model.id, model]));
  if (models.size === 0) throw new WatchError('QP7771', { what: 'No model is named that may answer' });
  return models;
}

function knownModel({ record: source, id }: ExpectedModel): KnownModel {
  const prepared = prepareModel(source);
  const { record, reading, ids } = prepared;
  if (record.version !== 'quietproof/model/v2') throw new Refusal('QP7010', { where: record.version });
  if (id !== undefined && id !== ids.modelId) {
    throw new WatchError('QP7771', { what: `The record is of model ${ids.modelId}, not ${id}` });
  }
  return { id: ids.modelId, name: reading.name, record, prepared, tensors: tensorsOf(reading) };
}
