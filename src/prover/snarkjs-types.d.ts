/** The parts of snarkjs 0.7 and ffjavascript 0.3 that the prover calls; neither package ships types. */
declare module 'snarkjs' {
  interface MemoryFile {
    readonly type: 'mem';
    readonly data: Uint8Array;
  }
  export const groth16: {
    prove(
      zkey: string | MemoryFile,
      witness: string | MemoryFile,
    ): Promise<{ proof: unknown; publicSignals: string[] }>;
    verify(verificationKey: unknown, publicSignals: readonly string[], proof: unknown): Promise<boolean>;
  };
}

declare module 'ffjavascript' {
  export function buildBn128(singleThread?: boolean): Promise<unknown>;
}
