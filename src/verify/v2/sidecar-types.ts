import type { Base64, Hex, Open } from '../json/encoded-types.ts';

/** What others say about a model, later than its ids. 1 to 64 in each list. */
export interface ModelSidecars extends Open {
  readonly transcript?: Sidecar;
  readonly attestations?: readonly Sidecar[];
  readonly timestamps?: readonly Sidecar[];
}

/** What others say about a record, later than its ids. 1 to 64 in each list. */
export interface BundleSidecars extends Open {
  readonly logProof?: Sidecar;
  readonly attestations?: readonly Sidecar[];
  readonly timestamps?: readonly Sidecar[];
}

/** Outside all ids, bound by digest to what it speaks of; `checkSidecars` says which place admits which subject. */
export interface Sidecar extends Open {
  readonly about: { readonly what: SidecarSubject; readonly sha256: Hex };
  /** Media type; none is defined yet, so each sidecar is listed as not checked. */
  readonly type: string;
  /** At most 262144 bytes. */
  readonly content: Base64;
}

export const SIDECAR_SUBJECTS = ['model', 'key', 'transcript', 'statement', 'sidecar'] as const;

export type SidecarSubject = (typeof SIDECAR_SUBJECTS)[number];
