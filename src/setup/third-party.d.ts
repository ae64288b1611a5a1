/** The parts of snarkjs 0.7.6 and ffjavascript 0.3.1 that setup calls; neither package ships types. */
declare module 'snarkjs' {
  export const zKey: {
    /** The circuit's digest, or −1 after telling the logger what is wrong. */
    newZKey(r1cs: string, ptau: string, zkey: string, logger?: SnarkjsLogger): Promise<Uint8Array | -1>;
    contribute(from: string, to: string, name: string, entropy: string): Promise<Uint8Array>;
    beacon(
      from: string,
      to: string,
      name: string,
      hash: string,
      iterationsExponent: number,
    ): Promise<Uint8Array>;
    verifyFromR1cs(r1cs: string, ptau: string, zkey: string, logger?: SnarkjsLogger): Promise<boolean>;
    verifyFromInit(initial: string, ptau: string, zkey: string, logger?: SnarkjsLogger): Promise<boolean>;
    exportVerificationKey(zkey: string): Promise<unknown>;
  };
  export const powersOfTau: {
    newAccumulator(curve: unknown, power: number, file: string): Promise<unknown>;
    contribute(from: string, to: string, name: string, entropy: string): Promise<unknown>;
    preparePhase2(from: string, to: string): Promise<unknown>;
  };
  interface SnarkjsLogger {
    debug(message: string): void;
    info(message: string): void;
    error(message: string): void;
  }
}

declare module 'ffjavascript' {
  export class ChaCha {
    constructor(seed: readonly number[]);
  }
}
