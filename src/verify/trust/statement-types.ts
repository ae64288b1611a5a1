import type { PAYLOAD_TYPE, STATEMENT_TYPE, StatementSubject } from '../bundle/statement-types.ts';
import type { Base64, Hex } from '../json/encoded-types.ts';
import type { G1Json } from '../key/key-types.ts';
import type { Phase1 } from '../transcript/phase-1.ts';
import type { Blake2b } from '../transcript/transcript-types.ts';
import type { KeyId, Time } from './trust-types.ts';

/** A DSSE envelope (github.com/secure-systems-lab/dsse) with one Ed25519 signature. */
export interface SignedEnvelope {
  readonly payload: Base64;
  readonly payloadType: typeof PAYLOAD_TYPE;
  readonly signatures: readonly [{ readonly keyid: KeyId; readonly sig: Base64 }];
}

export const CONTRIBUTION_TYPE = 'https://quietproof.dev/attestation/contribution/v1';
export const REDERIVATION_TYPE = 'https://quietproof.dev/attestation/rederivation/v1';
export const RELEASE_TYPE = 'https://quietproof.dev/attestation/release/v1';
/** Media type of a sidecar that holds such an envelope. */
export const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';

interface Signed {
  /** The key that signs: so nobody can sign it again as his own. */
  readonly signer: KeyId;
  /** By the signer's own account. */
  readonly date: Time;
}

interface InToto<Type extends string, Subject, Predicate> {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: Subject;
  readonly predicateType: Type;
  readonly predicate: Predicate & Signed;
}

interface Blake2bSubject<Name extends string> {
  readonly name: Name;
  readonly digest: { readonly blake2b: Blake2b };
}

/** The points of a key that δ divides, at one step of its ceremony: how many, and which. */
export interface PointSet {
  /** Points of section C: one for each wire that is neither public nor the constant. */
  readonly c: number;
  /** Points of section H. */
  readonly h: number;
  /** Of a tag, the counts and both sections (SPEC.md, section 22). */
  readonly sha256: Hex;
}

/** The points after this many contributions. */
export interface StepPoints extends PointSet {
  readonly index: number;
}

/** I made this step of the ceremony. It names neither key nor model, which do not exist yet. */
export type ContributionStatement = InToto<
  typeof CONTRIBUTION_TYPE,
  /** The transcript's `initialHash`, and the hash of the contribution. */
  readonly [Blake2bSubject<'ceremony'>, Blake2bSubject<'contribution'>],
  {
    /** 1 for the first of the ceremony. */
    readonly index: number;
    /** The transcript hash of this step. */
    readonly transcript: Blake2b;
    readonly deltaBefore: G1Json;
    readonly deltaAfter: G1Json;
    /** What the contributor compared the key with, if anything. */
    readonly checked?: { readonly circuitId: Hex; readonly phase1: Phase1 };
    /**
     * All points that met the secret. Without `checked`, foreign ones may have been among them, and the step counts only
     * where a re-deriver lists these.
     */
    readonly points?: { readonly received?: PointSet; readonly returned: PointSet };
  }
>;

/** I derived this model from this file, and its whole key from its circuit, its phase 1 and its contributions. */
export type RederivationStatement = InToto<
  typeof REDERIVATION_TYPE,
  readonly [StatementSubject<'model'>],
  {
    readonly circuitId: Hex;
    readonly keyId: Hex;
    /** sha256 of the model file. */
    readonly source: Hex;
    /** Computed from the r1cs and this phase 1. */
    readonly initialHash: Blake2b;
    readonly phase1: Phase1;
    /** What was taken as claimed, or not checked. */
    readonly reservations: readonly string[];
    /** sha256 of the payloads of statements that the signer had seen by this date. */
    readonly statements?: readonly Hex[];
    /** Sets of points that the signer found to be this circuit's, divided by δ after `index` contributions. */
    readonly points?: readonly StepPoints[];
  }
>;

/** We publish this model, from this time, instead of those. */
export type ReleaseStatement = InToto<
  typeof RELEASE_TYPE,
  readonly [StatementSubject<'model'>],
  { readonly from: Time; readonly retires?: readonly Hex[] }
>;

export type TrustStatement = ContributionStatement | RederivationStatement | ReleaseStatement;
