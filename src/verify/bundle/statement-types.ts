import type { Decimal, Hex } from '../json/encoded-types.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://quietproof.dev/attestation/inference/v1';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/**
 * The claim of a bundle, as an in-toto Statement v1. It contains a digest of every part except the proof: a proof can
 * be re-randomised without changing what it proves, so its bytes must not identify anything.
 */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  /** The model (its digest is the model id) and the public signals. */
  readonly subject: readonly [StatementSubject<'model'>, StatementSubject<'public-signals'>];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: InferencePredicate;
}

export interface StatementSubject<Name extends string> {
  readonly name: Name;
  readonly digest: { readonly sha256: Hex };
}

export interface InferencePredicate {
  readonly circuitId: Hex;
  readonly keyId: Hex;
  /** Digests of the model's interface and manifest: sha256(tag ‖ canonical JSON). */
  readonly interface: Hex;
  readonly manifest: Hex;
  /** The context's public signal. */
  readonly context: Decimal;
  readonly row: RowRecord;
}

/** Which row of the producer's data was proved: only its number, nothing about its content. */
export interface RowRecord {
  readonly index: number;
}
