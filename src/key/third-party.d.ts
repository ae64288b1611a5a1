/** The parts of snarkjs 0.7.6 and ffjavascript 0.3.1 that setup calls; neither package ships types. */
declare module 'snarkjs' {
  /** A file in memory. snarkjs sets `data` when it closes the file. */
  export interface MemoryTarget {
    readonly type: 'mem';
    readonly initialSize?: number;
    data?: Uint8Array;
  }
  interface SnarkjsLogger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }
  export const zKey: {
    /** Returns the circuit's digest, or −1 after logging an error. */
    newZKey(
      r1cs: string | Uint8Array,
      ptau: string,
      zkey: MemoryTarget,
      logger?: SnarkjsLogger,
    ): Promise<Uint8Array | -1>;
    /** Returns the contribution's hash. */
    contribute(from: Uint8Array, to: MemoryTarget, name: string, entropy: string): Promise<Uint8Array>;
    beacon(
      from: Uint8Array,
      to: MemoryTarget,
      name: string,
      hash: string,
      iterationsExponent: number,
    ): Promise<Uint8Array>;
    /** Writes a challenge in bellman's format. */
    exportBellman(zkey: string, challenge: string): Promise<unknown>;
    bellmanContribute(curve: unknown, challenge: string, response: string, entropy: string): Promise<unknown>;
    /** False if the response does not continue the key. */
    importBellman(from: string, response: string, to: MemoryTarget, name?: string): Promise<boolean>;
    exportVerificationKey(zkey: Uint8Array | string): Promise<unknown>;
    verifyFromR1cs(r1cs: Uint8Array, ptau: Uint8Array, zkey: Uint8Array): Promise<boolean>;
  };
  export const wtns: {
    calculate(input: unknown, wasm: string | Uint8Array, witness: MemoryTarget): Promise<void>;
    /** Returns the wires, in order. */
    exportJson(witness: string | MemoryTarget): Promise<bigint[]>;
  };
  export const powersOfTau: {
    newAccumulator(curve: unknown, power: number, file: string): Promise<unknown>;
    contribute(from: string, to: string, name: string, entropy: string): Promise<unknown>;
    preparePhase2(from: string, to: string): Promise<unknown>;
  };
}

declare module 'ffjavascript' {
  export class ChaCha {
    constructor(seed: readonly number[]);
  }
}
