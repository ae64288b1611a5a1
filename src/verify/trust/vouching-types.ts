import type { Hex } from '../json/encoded-types.ts';
import type { RefusalCode } from '../refusal.ts';
import type { KeyId, StatementKind, Time } from './trust-types.ts';

/** What the parties of a trust file say of one model, as far as it counts. */
export interface TrustFinding {
  /** The time for which this holds. */
  readonly at: Time;
  /** In the order of the trust file. */
  readonly rules: readonly RuleFinding[];
  /** Every statement that was given, in order, and then those that the model record carries. */
  readonly statements: readonly StatementFinding[];
}

export interface RuleFinding {
  readonly what: StatementKind;
  readonly least: number;
  /** Whom the rule names, and those of them whose statements count. */
  readonly by: readonly string[];
  readonly found: readonly string[];
  readonly met: boolean;
}

export interface StatementFinding {
  readonly name: string;
  readonly counts: boolean;
  readonly kind?: StatementKind;
  /** Only where the signature is theirs. */
  readonly party?: string;
  /** Of the key that signed it, and sha256 of what is signed: by these, others find the same statement. */
  readonly keyId?: KeyId;
  readonly digest?: Hex;
  readonly date?: Time;
  /** What a re-deriver took as claimed or did not check. */
  readonly reservations?: readonly string[];
  /** A release of another model, which retires this one. */
  readonly retires?: boolean;
  /** Why it does not count. */
  readonly code?: RefusalCode;
  readonly why?: string;
}
