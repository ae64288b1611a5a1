import type { Envelope } from '../bundle/bundle-types.ts';
import type { RowRecord, STATEMENT_TYPE, StatementSubject } from '../bundle/statement-types.ts';
import type { Decimal, Hex, Open } from '../json/encoded-types.ts';
import type { ProofJson } from '../key/key-types.ts';
import type { ModelRecordV2 } from './record-types.ts';
import type { BundleSidecars } from './sidecar-types.ts';

/** One proof, to be read with the model.json of its batch. */
export interface ThinBundleV2 extends Open {
  readonly version: 'quietproof/bundle/v2';
  readonly statement: Envelope;
  readonly proof: ProofJson;
  /** Outputs in order, then the input digest or the input values, then the context. */
  readonly publicSignals: readonly Decimal[];
  /** Where the row stood in somebody's file: a claim outside the statement, never an identity. */
  readonly row?: RowRecord;
  readonly sidecars?: BundleSidecars;
}

/** A self-contained bundle: a thin one with its model record. */
export interface BundleV2 extends ThinBundleV2 {
  readonly model: ModelRecordV2;
}

export const PREDICATE_TYPE_V2 = 'https://quietproof.dev/attestation/inference/v2';

/** What a bundle says, as an in-toto Statement v1. All it does not name is under its two subjects. */
export interface StatementV2 {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly [StatementSubject<'model'>, StatementSubject<'public-signals'>];
  readonly predicateType: typeof PREDICATE_TYPE_V2;
  readonly predicate: InferencePredicateV2;
}

export interface InferencePredicateV2 extends Open {
  readonly manifest: Hex;
  /** 32 random bytes, fresh for each statement: without them whoever sees its digest could guess what it says. */
  readonly salt: Hex;
  /** The record's part of the context: 32 bytes. Without it the context is the caller's alone, as in version 1. */
  readonly contextId?: Hex;
}
