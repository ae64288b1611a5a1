import {
  type AnyBundle,
  type AnyModelRecord,
  contextOf,
  contextSignal,
  openEnvelope,
  openEnvelopeV2,
  readingOf,
} from '@quietproof/verify';
import { otherProof, readOrRefuse } from './found-files.ts';

/** Subject of a batch. All rows in its folder must have the same one. */
export interface BatchSubject {
  readonly folder: string;
  readonly model: AnyModelRecord;
  readonly context: BatchContext;
}

/** What the proofs of a batch are bound to. */
export interface BatchContext {
  /** Bytes that the caller chose; empty for no context. */
  readonly callerPart: Uint8Array;
  /** Whether each record also gets its own part, 32 random bytes (version 2). */
  readonly unique: boolean;
}

/** The public signal of a context. @param contextId the record's part in hex, if the record has one */
export function contextSignalOf({ callerPart }: BatchContext, contextId: string | undefined): bigint {
  return contextSignal(callerPart, contextId === undefined ? undefined : Buffer.from(contextId, 'hex'));
}

/** @throws QP6202 if the bundle belongs to another model or context */
export function requireSameSubject({ model, context }: BatchSubject, bundle: AnyBundle, file: string): void {
  const expected = readingOf(model.interface).plan.max.length;
  if (bundle.publicSignals.length !== expected) throw otherProof(file, 'another model');
  const { modelId, contextId } = readOrRefuse(file, () => statedBy(bundle));
  if (modelId !== model.ids.modelId) throw otherProof(file, 'another model');
  const signal = BigInt(contextOf(bundle.publicSignals));
  if ((contextId !== undefined) !== context.unique || signal !== contextSignalOf(context, contextId)) {
    throw otherProof(file, 'another context');
  }
}

/** Model ids of the two versions are never the same, so they tell the versions apart too. */
function statedBy(bundle: AnyBundle): { readonly modelId: string; readonly contextId?: string } {
  if (bundle.version === 'quietproof/bundle/v1') {
    return { modelId: openEnvelope(bundle.statement).statement.subject[0].digest.sha256 };
  }
  const { subject, predicate } = openEnvelopeV2(bundle.statement).statement;
  const { contextId } = predicate;
  return { modelId: subject[0].digest.sha256, ...(contextId !== undefined && { contextId }) };
}
