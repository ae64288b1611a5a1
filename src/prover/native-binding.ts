/** Raised with every change of what stands here; a binary of another number is not used. */
export const NATIVE_INTERFACE = 1;

/** What the binary exports: native/binding/src, which says the same in Rust. */
export interface NativeBinding {
  interfaceNumber(): number;
  /** Of the crate: "0.1.0". */
  version(): string;
  /** The arithmetic this processor gets: "portable" or "avx512-ifma". */
  engine(): string;
  /** Loads a key on a thread of its own. Every copy of a key in this process shares the same memory. */
  loadKey(zkey: string, options: NativeKeyOptions): Promise<NativeKey>;
  /** The same on the calling thread. */
  loadKeySync(zkey: string, options: NativeKeyOptions): NativeKey;
  /** Writes a development key of a circuit (a whole .r1cs file) to `out`, and its fold to `<out>.fold`. */
  developmentKey(r1cs: Uint8Array, out: string, threads: number, permit?: number): Promise<void>;
  /** A number that lets work go on, in whatever thread, until it is revoked: between phases, work looks. */
  issuePermit(): number;
  revokePermit(permit: number): void;
}

export interface NativeKeyOptions {
  /** Where the key lies converted, or will; a file that cannot be written is done without. */
  readonly cache?: string;
  /** Memory for precomputed multiples of the key's H points, in bytes. */
  readonly tableBudget: number;
  /** "portable" or "avx512-ifma"; the fastest there is if left out. */
  readonly engine?: string;
}

export interface NativeKey {
  readonly engine: string;
  /** Bytes mapped or held, once for all who loaded this key. */
  readonly memory: number;
  /** Why the key is not in its cache, if so. */
  readonly uncached: string | null;
  /** The part of the key that a proof is verified with. */
  readonly verificationKey: NativeVerificationKey;
  /**
   * Proves on the calling thread, with further threads of its own if asked for more than one.
   *
   * @param witness all wires, 32 bytes each, little-endian; in memory that no other thread writes to
   * @returns a proof that has been verified under this key, with the public signals it was verified for
   */
  prove(witness: Uint8Array, threads: number, permit?: number): NativeProof;
  /**
   * Whether all proofs hold for their public signals: one by itself, several by one equation with random factors. Not
   * if one of them is no proof at all.
   */
  verify(proofs: readonly NativeProof[]): Promise<boolean>;
  /** Gives the memory back once nobody else in this process uses the key. */
  close(): void;
}

/** Affine coordinates as decimal numbers; those of G2 are c0 + c1·u. */
export type NativeG1 = readonly [x: string, y: string];
export type NativeG2 = readonly [x: readonly [string, string], y: readonly [string, string]];

export interface NativeVerificationKey {
  readonly alpha1: NativeG1;
  readonly beta2: NativeG2;
  readonly gamma2: NativeG2;
  readonly delta2: NativeG2;
  /** One more than there are public signals. */
  readonly ic: readonly NativeG1[];
}

export interface NativeProof {
  readonly a: NativeG1;
  readonly b: NativeG2;
  readonly c: NativeG1;
  /** Decimal numbers. */
  readonly publicSignals: readonly string[];
}

/** The `code` of errors that the binary throws. */
export type NativeErrorCode =
  | 'bad-key'
  | 'bad-witness'
  | 'bad-circuit'
  | 'proof-rejected'
  | 'cancelled'
  | 'system'
  /** A bug in the binary, caught at the border. */
  | 'panic';
