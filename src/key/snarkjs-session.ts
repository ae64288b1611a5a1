import { buildBn128 } from 'ffjavascript';

/** A group of ffjavascript's curve. Points are affine bytes in zkey form, or ffjavascript's projective coordinates. */
interface FfGroup {
  readonly g: Uint8Array;
  fromRng(rng: unknown): Uint8Array;
  neg(point: Uint8Array): Uint8Array;
  add(one: Uint8Array, other: Uint8Array): Uint8Array;
  eq(one: Uint8Array, other: Uint8Array): boolean;
  isZero(point: Uint8Array): boolean;
  timesScalar(point: Uint8Array, scalar: bigint): Uint8Array;
  /** Σ scalar · base. Scalars are plain little-endian numbers, all of one length. */
  multiExpAffine(bases: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
}

/** The parts of ffjavascript's BN254 that setup uses. */
export interface FfCurve {
  readonly G1: FfGroup;
  readonly G2: FfGroup;
  /** Arrays are concatenated values in Montgomery form. */
  readonly Fr: {
    readonly one: Uint8Array;
    /** w[k] generates the 2^k-th roots of unity. */
    readonly w: readonly Uint8Array[];
    /** Maps coefficients to values at the roots of unity. */
    fft(coefficients: Uint8Array): Promise<Uint8Array>;
    ifft(values: Uint8Array): Promise<Uint8Array>;
    /** values[i] · first · step^i */
    batchApplyKey(values: Uint8Array, first: Uint8Array, step: Uint8Array): Promise<Uint8Array>;
    batchFromMontgomery(values: Uint8Array): Promise<Uint8Array>;
  };
  /** Whether the product of the pairings of the (G1, G2) pairs is one. */
  pairingEq(...points: Uint8Array[]): Promise<boolean>;
  terminate(): Promise<void>;
}

/** ffjavascript caches here the multi-threaded curve that all of snarkjs shares. */
const cache = globalThis as { curve_bn128?: FfCurve | null };
let sessions = 0;
let ownsCurve = false;

/**
 * Runs work that needs snarkjs' multi-threaded curve, and ends its threads after the last such work. snarkjs leaves
 * them running, so the process would not exit.
 */
export async function withCurve<T>(work: (curve: FfCurve) => Promise<T>): Promise<T> {
  if (sessions === 0) ownsCurve = !cache.curve_bn128;
  sessions += 1;
  try {
    return await work((await buildBn128()) as FfCurve);
  } finally {
    sessions -= 1;
    if (sessions === 0 && ownsCurve) await cache.curve_bn128?.terminate();
  }
}
