import { contextOf, type ModelRecord, openEnvelope, type ThinBundle } from '@quietproof/verify';
import { otherProof, readOrRefuse } from './found-files.ts';

/** What a batch is about: every row in its folder must be about the same. */
export interface BatchSubject {
  readonly folder: string;
  readonly model: ModelRecord;
  /** The context's public signal. */
  readonly context: bigint;
}

/** @throws QP6202 where the bundle is another model's or context's */
export function requireSameSubject({ model, context }: BatchSubject, bundle: ThinBundle, file: string): void {
  const expected = model.interface.signals.reduce((sum, group) => sum + group.count, 0);
  if (bundle.publicSignals.length !== expected) throw otherProof(file, 'another model');
  const { statement } = readOrRefuse(file, () => openEnvelope(bundle.statement));
  if (statement.subject[0].digest.sha256 !== model.ids.modelId) throw otherProof(file, 'another model');
  if (BigInt(contextOf(bundle.publicSignals)) !== context) throw otherProof(file, 'another context');
}
