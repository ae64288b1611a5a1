/** Incremented with every change of this interface. A binary with another number is not used. */
export const NATIVE_INTERFACE = 5;

/** The binary's exports. Must match native/binding/src. */
export interface NativeBinding {
  interfaceNumber(): number;
  /** Version of the crate, e.g. "0.1.0". */
  version(): string;
  /** The arithmetic for this processor: "portable" or "avx512-ifma". */
  engine(): string;
  /** Loads a key on a separate thread. All copies of a key in this process share memory. */
  loadKey(zkey: string, options: NativeKeyOptions): Promise<NativeKey>;
  /** Like `loadKey`, on the calling thread. */
  loadKeySync(zkey: string, options: NativeKeyOptions): NativeKey;
  /**
   * Prepares a verification key on the calling thread.
   *
   * @throws `bad-key` if a point is not in its group. Which keys allow forgeries is the caller's to know.
   */
  verifyingKeySync(key: NativeVerificationKey): NativeVerifyingKey;
  /** Writes a development key for a circuit (a whole .r1cs file) to `out`, and its fold to `<out>.fold`. */
  developmentKey(r1cs: Uint8Array, out: string, threads: number, permit?: number): Promise<void>;
  /**
   * The first key of a ceremony for a circuit (a whole .r1cs file), from a prepared phase-1 file, as snarkjs makes it. Only
   * that the points are on their curves is checked.
   *
   * @throws `bad-circuit`, `bad-phase1`, `inconsistent-phase1`
   */
  prepareKey(r1cs: Uint8Array, ptau: string, threads: number, permit?: number): Promise<Uint8Array>;
  /**
   * Checks that the points of a phase-1 file that a circuit with a domain of 2^power uses belong together.
   *
   * @throws `bad-phase1`, `inconsistent-phase1`
   */
  checkPhase1(ptau: string, power: number, threads: number, permit?: number): Promise<void>;
  /**
   * Computes the fold of a finished key from its points, for its circuit (a whole .r1cs file), and writes it to
   * `<zkey>.fold`.
   *
   * @throws `bad-key`, `bad-circuit`
   */
  foldKey(r1cs: Uint8Array, zkey: string, threads: number, permit?: number): Promise<void>;
  /**
   * Adds a contribution to a ceremony key (a whole .zkey file), from the operating system's randomness or from a
   * beacon, and returns the new file. The key's transcript is not verified.
   */
  contribute(
    zkey: Uint8Array,
    name: string,
    beacon: NativeBeacon | undefined,
    threads: number,
    permit?: number,
  ): Promise<Uint8Array>;
  /** The first point of a key (a whole .zkey file) that is not in its group; null if all are. */
  findFaultyPoint(zkey: Uint8Array, threads: number, permit?: number): Promise<NativePointFault | null>;
  /**
   * The first of C and H whose points are not those of the key before, divided by the factor between the two δ in G2; null
   * if there is none. Both keys are whole .zkey files, and their points must be on their curves.
   */
  findUndivided(
    before: Uint8Array,
    after: Uint8Array,
    threads: number,
    permit?: number,
  ): Promise<'C' | 'H' | null>;
  /** Issues a permit for work in any thread. The work checks between phases whether it was revoked. */
  issuePermit(): number;
  revokePermit(permit: number): void;
}

/** Why points of a key cannot be used, see `PointFault` in the key room. */
export interface NativePointFault {
  readonly part: string;
  readonly kind: 'coordinate' | 'curve' | 'group';
  /** Of the point, for `curve`. */
  readonly index?: number;
}

/** Public randomness, and the binary logarithm of the number of times that it is hashed. */
export interface NativeBeacon {
  readonly hash: Uint8Array;
  readonly iterationsExponent: number;
}

export interface NativeKeyOptions {
  /** Cache file for the converted key. If it cannot be written, the key is used without a cache. */
  readonly cache?: string;
  /** Memory for precomputed multiples of the key's H points, in bytes. */
  readonly tableBudget: number;
  /** "portable" or "avx512-ifma"; the fastest available by default. */
  readonly engine?: string;
  /** SHA-256 of the .zkey, in hex, where it is known and the file has not changed since: it is not hashed then. */
  readonly knownSource?: string;
  /** In the same way, the `contentDigest` of the cache file: it is not searched for damage then. */
  readonly knownContent?: string;
}

export interface NativeKey {
  readonly engine: string;
  /** Memory in bytes, mapped or allocated, shared by all users of this key. */
  readonly memory: number;
  /** Why the key could not be cached; null if it was. */
  readonly uncached: string | null;
  /** SHA-256 of the .zkey, in hex. */
  readonly sourceDigest: string;
  /** The digest that the cache file has of its content, in hex. */
  readonly contentDigest: string;
  /** The verification key in the .zkey. */
  readonly verificationKey: NativeVerificationKey;
  /**
   * Proves on the calling thread, and on more threads if `threads` is greater than 1.
   *
   * @param witness all wires, 32 bytes each, little-endian, in memory that no other thread writes to
   * @returns a proof that was verified under this key, with its public signals
   */
  prove(witness: Uint8Array, threads: number, permit?: number): NativeProof;
  /**
   * Whether proofs of all these witnesses would verify: one equation with random factors, in the time of fewer than half as
   * many proofs. Takes witnesses as `prove` does.
   */
  provesAll(witnesses: readonly Uint8Array[], threads: number, permit?: number): boolean;
  /**
   * Whether all proofs verify for their public signals: a single proof directly, several by one equation with random
   * factors. False if one of them is malformed.
   */
  verify(proofs: readonly NativeProof[]): Promise<boolean>;
  /** Frees the memory if nothing else in this process uses the key. */
  close(): void;
}

/** A verification key without its proving key. */
export interface NativeVerifyingKey {
  /**
   * Which proofs hold for their public signals, on the calling thread. Together by one equation with random factors; if
   * that fails, in smaller groups, then one by one. A malformed proof or one whose points are not in their groups does not
   * hold.
   */
  holdingSync(proofs: readonly NativeProof[]): boolean[];
}

/** Affine coordinates as decimal numbers. Those of G2 are pairs [c0, c1] for c0 + c1·u. */
export type NativeG1 = readonly [x: string, y: string];
export type NativeG2 = readonly [x: readonly [string, string], y: readonly [string, string]];

export interface NativeVerificationKey {
  readonly alpha1: NativeG1;
  readonly beta2: NativeG2;
  readonly gamma2: NativeG2;
  readonly delta2: NativeG2;
  /** One point more than public signals. */
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
  | 'bad-phase1'
  | 'inconsistent-phase1'
  | 'proof-rejected'
  | 'cancelled'
  | 'system'
  /** A bug in the binary, caught at the interface. */
  | 'panic';
