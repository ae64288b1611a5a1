import type { Nonce } from './seal-context.ts';

export const LOG_PROOF_VERSION = 'quietproof/log-proof/v1';

/** That a log holds the statement of a bundle, in canonical JSON. */
export interface SealProof {
  readonly version: typeof LOG_PROOF_VERSION;
  /** Text of the entry. */
  readonly entry: string;
  readonly nonce: Nonce;
  /** C2SP tlog-proof: index, path and checkpoint. */
  readonly proof: string;
}
