import type { ProofJson, VerificationKeyJson } from '@quietproof/verify';

export type BackendName = 'snarkjs';

/** One way of making Groth16 proofs. A backend holds no state; what it loads is a `Prover`. */
export interface Backend {
  readonly name: BackendName;
  /** Memory one prover needs beside the key itself, in bytes. */
  workingMemory(zkeyBytes: number): number;
  load(key: ProvingKey): Promise<Prover>;
}

/** A proving key, given both ways: in-process backends read the bytes, others the file. */
export interface ProvingKey {
  readonly path: string;
  /** The whole zkey file. Lies in memory shared between threads: read only. */
  readonly bytes: Uint8Array;
  readonly verificationKey: VerificationKeyJson;
}

/** A loaded key. Not re-entrant: one proof at a time. */
export interface Prover {
  /**
   * @param witness all wires, 32 bytes each, little-endian, wire 0 being the constant one
   * @returns the proof and the public signals (wires 1…n) as decimal strings
   */
  prove(witness: Uint8Array): Promise<BackendProof>;
  /** Whether the proof holds under the key that was loaded. */
  check(result: BackendProof): Promise<boolean>;
  close(): Promise<void>;
}

export interface BackendProof {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
}
