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
  /** Logs of answers, and who has to have seen that they only grow. */
  readonly logs?: readonly TrustedLog[];
}

export interface Party {
  /** A producer never counts as contributor or re-deriver; nobody else releases models. */
  readonly role?: 'producer';
  /** Keys for statements, as SPKI in base64. A party has these, or `witnessKeys`, or both. */
  readonly keys?: readonly TrustedKey[];
  /** Keys for cosignatures, as `name+keyid+base64`. */
  readonly witnessKeys?: readonly TrustedKey<NoteKeyText>[];
}

/** What a key's statements count for depends on when it stopped to be one. */
export type TrustedKey<Key = Base64> =
  | { readonly key: Key; readonly state: 'active' }
  | { readonly key: Key; readonly state: 'retired' | 'compromised'; readonly since: Time };

/** A key as C2SP signed-note writes it: `name+keyid+base64`. */
export type NoteKeyText = string;

export interface TrustedLog {
  readonly origin: string;
  /** The party that writes it, which is no witness of it. */
  readonly operator: string;
  /** One of them must have signed a checkpoint. */
  readonly keys: readonly NoteKeyText[];
  /** How many different parties of these must have cosigned it; absent: none. */
  readonly witnesses?: { readonly least: number; readonly by: readonly string[] };
}

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
