import type { Base64, Hex, Open } from '../json/encoded-types.ts';

/** Media type of a log proof: what it says is read and checked in `seal`. */
export const LOG_PROOF_TYPE = 'application/vnd.quietproof.log-proof+json';

/** Documents about a model, made after its ids. 1 to 64 per list. */
export interface ModelSidecars extends Open {
  readonly transcript?: Sidecar;
  readonly attestations?: readonly Sidecar[];
  readonly timestamps?: readonly Sidecar[];
}

/** Documents about a record, made after its ids. 1 to 64 per list. */
export interface BundleSidecars extends Open {
  readonly logProof?: Sidecar;
  readonly attestations?: readonly Sidecar[];
  readonly timestamps?: readonly Sidecar[];
}

/** Covered by no id, but bound to its subject by digest; check-sidecars.ts lists the allowed subjects per place. */
export interface Sidecar extends Open {
  readonly about: { readonly what: SidecarSubject; readonly sha256: Hex };
  /** Media type. Those of a transcript, a signed statement and a log proof are defined; others are listed as not checked. */
  readonly type: string;
  /** At most 262144 bytes. */
  readonly content: Base64;
}

export const SIDECAR_SUBJECTS = ['model', 'key', 'transcript', 'statement', 'sidecar'] as const;

export type SidecarSubject = (typeof SIDECAR_SUBJECTS)[number];
