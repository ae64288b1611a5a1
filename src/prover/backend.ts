import type { ProofJson, VerificationKeyJson } from '@quietproof/verify';

export const BACKEND_NAMES = ['native', 'snarkjs'] as const;

export type BackendName = (typeof BACKEND_NAMES)[number];

/** One way of making Groth16 proofs. A backend holds no state; what it loads is a `Prover`. */
export interface Backend {
  readonly name: BackendName;
  /** The arithmetic it runs on here, where it has a choice: "avx512-ifma". */
  readonly engine?: string;
  /** Memory that each prover needs beside the key itself, in bytes. */
  workingMemory(zkeyBytes: number): number;
  /** Memory that all provers of a process share: the key, in bytes. */
  sharedMemory(zkeyBytes: number): number;
  /** Readies a .zkey file for every thread of this process, before they load it. */
  share(zkey: string): Promise<SharedKey>;
  /** In the thread that proves. */
  load(key: ProvingKey): Promise<Prover>;
  /** Lets one proof go on, in whatever thread it is made, until it is revoked. */
  permit(): Permit;
}

/** A proving key that lies in memory once. */
export interface SharedKey {
  /** The whole zkey file, for backends that read it there. */
  readonly bytes?: SharedArrayBuffer;
  /** Its memory in bytes, mapped or held. */
  readonly memory: number;
  /** What a user should know of how it was loaded. */
  readonly warning?: string;
  release(): void;
}

export interface ProvingKey {
  /** The .zkey file. */
  readonly path: string;
  /** Its content, where `share` has read it: read only. */
  readonly bytes?: SharedArrayBuffer;
  /** What every proof must hold under, whatever the file says. */
  readonly verificationKey: VerificationKeyJson;
  /** Threads to make one proof with. */
  readonly threads: number;
}

/** For work that cannot be interrupted from outside: it looks between its phases whether it may go on. */
export interface Permit {
  /** Missing where work is stopped by ending its thread. */
  readonly id?: number;
  revoke(): void;
}

/** A loaded key. Not re-entrant: one proof at a time. */
export interface Prover {
  /**
   * @param witness all wires, 32 bytes each, little-endian, wire 0 being the constant one
   * @param permit the `id` of a permit
   * @returns a proof that was checked against the key's `verificationKey`, and the public signals (wires 1…n)
   * @throws QuietproofError QP6003 the proof does not hold; QP6004 the permit was revoked
   */
  prove(witness: Uint8Array, permit?: number): Promise<BackendProof>;
  close(): Promise<void>;
}

export interface BackendProof {
  readonly proof: ProofJson;
  /** Decimal numbers. */
  readonly publicSignals: readonly string[];
}
