import type { Hex, KeyId, STATEMENT_TYPE, Time } from '@quietproof/verify';
import type { SignedFile } from './signed-files.ts';

export const AUDIT_TYPE = 'https://quietproof.dev/attestation/audit/v1';

/** I have made this audit: in-toto, in a DSSE envelope. It says nothing about a model, and vouches for none. */
export interface AuditStatement {
  readonly _type: typeof STATEMENT_TYPE;
  /** In the order of SIGNED_FILES. */
  readonly subject: readonly { readonly name: SignedFile; readonly digest: { readonly sha256: Hex } }[];
  readonly predicateType: typeof AUDIT_TYPE;
  readonly predicate: {
    readonly signer: KeyId;
    /** By the signer's own account. */
    readonly date: Time;
  };
}
