import { buildBn128 } from 'ffjavascript';

/** A group of ffjavascript's curve. Points are affine bytes in zkey form or three coordinates of its own. */
interface FfGroup {
  readonly g: Uint8Array;
  fromRng(rng: unknown): Uint8Array;
  neg(point: Uint8Array): Uint8Array;
  add(one: Uint8Array, other: Uint8Array): Uint8Array;
  eq(one: Uint8Array, other: Uint8Array): boolean;
  isZero(point: Uint8Array): boolean;
  timesScalar(point: Uint8Array, scalar: bigint): Uint8Array;
  /** Σ scalar · base; scalars are plain little-endian numbers of any equal length. */
  multiExpAffine(bases: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
}

/** The parts of ffjavascript's BN254 that setup uses. */
export interface FfCurve {
  readonly G1: FfGroup;
  readonly G2: FfGroup;
  /** Values in Montgomery form, one after the other. */
  readonly Fr: {
    readonly one: Uint8Array;
    /** w[k] generates the 2^k-th roots of unity. */
    readonly w: readonly Uint8Array[];
    /** From coefficients to values at the roots of unity. */
    fft(coefficients: Uint8Array): Promise<Uint8Array>;
    ifft(values: Uint8Array): Promise<Uint8Array>;
    /** values[i] · first · step^i */
    batchApplyKey(values: Uint8Array, first: Uint8Array, step: Uint8Array): Promise<Uint8Array>;
    batchFromMontgomery(values: Uint8Array): Promise<Uint8Array>;
  };
  /** Whether the product of the pairings of (G1, G2) pairs is one. */
  pairingEq(...points: Uint8Array[]): Promise<boolean>;
  terminate(): Promise<void>;
}

/** Where ffjavascript keeps the multi-threaded curve that every part of snarkjs shares. */
const cache = globalThis as { curve_bn128?: FfCurve | null };
let sessions = 0;
let ownsCurve = false;

/**
 * Runs work that needs snarkjs' multi-threaded curve, and ends its threads when the last such work is done: snarkjs
 * itself leaves them running and the process hanging.
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
