import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';

/** Element c0 + c1·u of the quadratic extension. */
export interface Fp2 {
  readonly c0: bigint;
  readonly c1: bigint;
}

export type G1Point = WeierstrassPoint<bigint>;
export type G2Point = WeierstrassPoint<Fp2>;
