import { ELEMENT_BYTES, toMontgomery, writeElement } from '../field/bn254.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES, G2_BYTES } from '../formats/zkey-layout.ts';

/** A part of a key that holds points. */
export type KeyPart =
  | 'alpha1'
  | 'beta1'
  | 'beta2'
  | 'gamma2'
  | 'delta1'
  | 'delta2'
  | 'IC'
  | 'A'
  | 'B1'
  | 'B2'
  | 'C'
  | 'H';

/** Why points of a key cannot be used. */
export type PointFault =
  /** A coordinate is not below the modulus. */
  | { readonly part: KeyPart; readonly kind: 'coordinate' }
  | { readonly part: KeyPart; readonly kind: 'curve'; readonly index: number }
  /** The points of G2 are checked together, so that the index is not known. */
  | { readonly part: KeyPart; readonly kind: 'group' };

/**
 * The checks of a key that take time in proportion to its size. There are two implementations, which give the same
 * answers: WebAssembly (`wasm-key-checker.ts`), and the native prover where it works (`setup/key-checker-for.ts`).
 */
export interface KeyChecker {
  /**
   * The first fault of a key's points, in the order alpha1, beta1, delta1, IC, A, B1, C, H, beta2, gamma2, delta2, B2.
   * Infinity is no fault: it belongs to unused wires.
   */
  findFaultyPoint(key: Zkey): Promise<PointFault | undefined>;
  /**
   * The first of C and H whose points are not those of `before` divided by the factor between the two δ in G2. The
   * points of both keys are on their curves.
   */
  findUndivided(before: Zkey, after: Zkey): Promise<'C' | 'H' | undefined>;
}

/** The generator of G1 in zkey form: (1, 2). */
export function g1Generator(): Uint8Array {
  const point = new Uint8Array(G1_BYTES);
  writeElement(point, 0, toMontgomery(1n));
  writeElement(point, ELEMENT_BYTES, toMontgomery(2n));
  return point;
}

/** EIP-197: x and y as c0 + c1·u, c0 first. */
const G2_COORDINATES = [
  10857046999023057135944570762232829481370756359578518086990519993285655852781n,
  11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  8495653923123431417604973247489272438418190587263600148770280649306958101930n,
  4082367875863433681332203403145435568316851327593401208105741076214120093531n,
] as const;

/** The generator of G2 in zkey form. */
export function g2Generator(): Uint8Array {
  const point = new Uint8Array(G2_BYTES);
  for (const [at, coordinate] of G2_COORDINATES.entries()) {
    writeElement(point, at * ELEMENT_BYTES, toMontgomery(coordinate));
  }
  return point;
}
