import type { ProofJson, VerificationKeyJson } from '@quietproof/verify';

export const BACKEND_NAMES = ['native', 'snarkjs'] as const;

export type BackendName = (typeof BACKEND_NAMES)[number];

/** Sets the backend if no option does: for tests, and for programs whose options cannot be changed. */
export const BACKEND_VARIABLE = 'QUIETPROOF_BACKEND';

/** A Groth16 implementation. A backend is stateless; loading a key gives a `Prover`. */
export interface Backend {
  readonly name: BackendName;
  /** The arithmetic in use, e.g. "avx512-ifma", if the backend has several. */
  readonly engine?: string;
  /** Memory per prover, without the shared key, in bytes. */
  workingMemory(zkeyBytes: number): number;
  /** Memory that all provers of a process share, i.e. the key, in bytes. */
  sharedMemory(zkeyBytes: number): number;
  /** Prepares a .zkey file for all threads of this process, before they load it. */
  share(zkey: string, options?: ShareOptions): Promise<SharedKey>;
  /** Called in the thread that proves. */
  load(key: ProvingKey): Promise<Prover>;
  /** Issues a permit for one proof, in any thread. Revoking it stops the proof. */
  permit(): Permit;
}

export interface ShareOptions {
  /** Look for damage in all files, whatever the user's cache says of them. */
  readonly paranoid?: boolean;
}

/** A proving key that is in memory once for all threads. */
export interface SharedKey {
  /** The whole zkey file, for backends that read it from memory. */
  readonly bytes?: SharedArrayBuffer;
  /** Memory in bytes, mapped or allocated. */
  readonly memory: number;
  /** A warning for the user about loading the key. */
  readonly warning?: string;
  release(): void;
}

export interface ProvingKey {
  /** The .zkey file. */
  readonly path: string;
  /** Its content if `share` has read it. Read-only. */
  readonly bytes?: SharedArrayBuffer;
  /** Every proof must verify under this key, whatever the file contains. */
  readonly verificationKey: VerificationKeyJson;
  /** Threads per proof. */
  readonly threads: number;
}

/** Stops work that cannot be interrupted from outside: the work checks its permit between phases. */
export interface Permit {
  /** Missing if the work is stopped by terminating its thread. */
  readonly id?: number;
  revoke(): void;
}

/** A loaded key. Not reentrant: makes one proof at a time. */
export interface Prover {
  /**
   * @param witness all wires, 32 bytes each, little-endian; wire 0 is the constant 1
   * @param permit the `id` of a permit
   * @returns a proof that was verified under the key's `verificationKey`, and the public signals (wires 1…n)
   * @throws QuietproofError QP6003 the proof does not verify; QP6004 the permit was revoked
   */
  prove(witness: Uint8Array, permit?: number): Promise<BackendProof>;
  /**
   * Whether proofs of all these witnesses would verify under the key, without making them: a trial of the key. Backends for
   * which it would not be quicker do not have it.
   */
  provesAll?(witnesses: readonly Uint8Array[]): boolean;
  close(): Promise<void>;
}

export interface BackendProof {
  readonly proof: ProofJson;
  /** Decimal numbers. */
  readonly publicSignals: readonly string[];
}
