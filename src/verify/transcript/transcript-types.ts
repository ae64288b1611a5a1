import type { G1Json, G2Json } from '../key/key-types.ts';
import type { Phase1 } from './phase-1.ts';

/** 64 bytes of blake2b: 128 lower-case hex digits. */
export type Blake2b = string;

/** How a ceremony key came about: content of a sidecar of `TRANSCRIPT_TYPE` (SPEC.md, section 21). */
export interface Transcript {
  readonly version: typeof TRANSCRIPT_VERSION;
  /** The phase-1 file, as in the setup; missing when it is missing there. */
  readonly phase1?: Phase1;
  /** Digest of the key before the first contribution. Nothing here shows that it is this circuit's. */
  readonly initialHash: Blake2b;
  /** 1 to 1024. */
  readonly contributions: readonly Contribution[];
}

export type Contribution = PersonalContribution | BeaconContribution;

interface ContributionPoints {
  /** Not authenticated: anyone can write any name. */
  readonly name: string;
  /** δ times this contribution's secret. */
  readonly deltaAfter: G1Json;
  /** A random point, and the same times the secret. */
  readonly g1S: G1Json;
  readonly g1Sx: G1Json;
  /** The point that `transcript` hashes to, times the secret. */
  readonly g2Spx: G2Json;
  /** Hash of everything before, and of `g1S` and `g1Sx`. */
  readonly transcript: Blake2b;
}

export interface PersonalContribution extends ContributionPoints {
  readonly kind: 'contribution';
}

/** Its secret follows from public bytes, so that anyone can compute it again. */
export interface BeaconContribution extends ContributionPoints {
  readonly kind: 'beacon';
  readonly beacon: {
    /** 1 to 255 bytes in lower-case hex. */
    readonly hash: string;
    /** The bytes were hashed 2^exponent times. */
    readonly iterationsExponent: number;
  };
}

export const TRANSCRIPT_VERSION = 'quietproof/transcript/v1';
export const TRANSCRIPT_TYPE = 'application/vnd.quietproof.transcript.v1+json';

/** Contributions in a transcript or a setup. */
export const MAX_CONTRIBUTIONS = 1024;
