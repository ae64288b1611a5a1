import type { Envelope } from '../bundle/bundle-types.ts';
import type { RowRecord, STATEMENT_TYPE, StatementSubject } from '../bundle/statement-types.ts';
import type { Decimal, Hex, Open } from '../json/encoded-types.ts';
import type { ProofJson } from '../key/key-types.ts';
import type { ModelRecordV2 } from './record-types.ts';
import type { BundleSidecars } from './sidecar-types.ts';

/** One proof, which needs the model.json of its batch. */
export interface ThinBundleV2 extends Open {
  readonly version: 'quietproof/bundle/v2';
  readonly statement: Envelope;
  readonly proof: ProofJson;
  /** Outputs in order, then the input digest or the input values, then the context. */
  readonly publicSignals: readonly Decimal[];
  /** Index of the row in the producer's data: a claim outside the statement, which identifies nothing. */
  readonly row?: RowRecord;
  readonly sidecars?: BundleSidecars;
}

/** A packed bundle: a thin one together with its model record. */
export interface BundleV2 extends ThinBundleV2 {
  readonly model: ModelRecordV2;
}

export const PREDICATE_TYPE_V2 = 'https://quietproof.dev/attestation/inference/v2';

/** The claim of a bundle, as an in-toto Statement v1. The two subjects cover everything the predicate does not name. */
export interface StatementV2 {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly [StatementSubject<'model'>, StatementSubject<'public-signals'>];
  readonly predicateType: typeof PREDICATE_TYPE_V2;
  readonly predicate: InferencePredicateV2;
}

export interface InferencePredicateV2 extends Open {
  readonly manifest: Hex;
  /** 32 random bytes, fresh per statement. Without them, anyone who sees the digest could guess the content. */
  readonly salt: Hex;
  /** The record's part of the context, 32 bytes. If missing, the context is the caller's part, as in version 1. */
  readonly contextId?: Hex;
}
