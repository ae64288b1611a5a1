import type { Base64, Hex } from '../json/encoded-types.ts';
import type { Phase1 } from '../transcript/phase-1.ts';

/** Whom a reader trusts, and for what (SPEC.md, section 22). The reader writes it; no producer can. */
export interface TrustFile {
  readonly version: typeof TRUST_VERSION;
  /** Where an editor finds the schema. */
  readonly $schema?: string;
  /** By name. */
  readonly parties: Readonly<Record<string, Party>>;
  /** All of them have to be met. */
  readonly rules: readonly TrustRule[];
  /** Phase-1 files that the reader trusts beside the published ones. */
  readonly phase1?: readonly Phase1[];
}

export interface Party {
  /** A producer never counts as contributor or re-deriver; nobody else releases models. */
  readonly role?: 'producer';
  readonly keys: readonly TrustedKey[];
}

/** What a key's statements count for depends on when it stopped to be one. */
export type TrustedKey =
  | { readonly key: Base64; readonly state: 'active' }
  | { readonly key: Base64; readonly state: 'retired' | 'compromised'; readonly since: Time };

export interface TrustRule {
  readonly what: StatementKind;
  /** How many different parties. */
  readonly least: number;
  readonly by: readonly string[];
}

/** What a statement says of its signer: that he contributed to a key, derived a model again, releases a model. */
export type StatementKind = 'contribution' | 'rederivation' | 'release';

/** UTC, to the second: `2026-11-27T19:24:19Z`. Times are compared as texts. */
export type Time = string;

/** sha256 of the public key's SPKI. */
export type KeyId = Hex;

export const TRUST_VERSION = 'quietproof/trust/v1';
