import {
  type AnyBundle,
  type AnyModelRecord,
  contextOf,
  openEnvelope,
  openEnvelopeV2,
  readingOf,
} from '@quietproof/verify';
import { otherProof, readOrRefuse } from './found-files.ts';

/** What a batch is about: every row in its folder must be about the same. */
export interface BatchSubject {
  readonly folder: string;
  readonly model: AnyModelRecord;
  /** The context's public signal. */
  readonly context: bigint;
}

/** @throws QP6202 where the bundle is another model's or context's */
export function requireSameSubject({ model, context }: BatchSubject, bundle: AnyBundle, file: string): void {
  const expected = readingOf(model.interface).plan.max.length;
  if (bundle.publicSignals.length !== expected) throw otherProof(file, 'another model');
  const named = readOrRefuse(file, () => modelNamedBy(bundle));
  if (named !== model.ids.modelId) throw otherProof(file, 'another model');
  if (BigInt(contextOf(bundle.publicSignals)) !== context) throw otherProof(file, 'another context');
}

/** Model ids of the two versions are never the same, so this tells the versions apart too. */
function modelNamedBy(bundle: AnyBundle): string {
  const { statement } =
    bundle.version === 'quietproof/bundle/v1'
      ? openEnvelope(bundle.statement)
      : openEnvelopeV2(bundle.statement);
  return statement.subject[0].digest.sha256;
}
