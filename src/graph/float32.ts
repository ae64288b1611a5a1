/** Bits of +∞ as a float32: the number of finite magnitudes, zero included. */
const INFINITY_BITS = 0x7f80_0000;

const view = new DataView(new ArrayBuffer(4));

/** Ranks of −∞, of both zeros and of +∞. */
export const RANKS = { lowest: 0, zero: INFINITY_BITS, highest: 2 * INFINITY_BITS } as const;

/** The rank of a float32 among all float32 numbers, without gaps, as in the input encoding `rank32`. @param float not NaN */
export function float32Rank(float: number): number {
  view.setFloat32(0, Math.abs(float));
  const magnitude = view.getUint32(0);
  return float < 0 ? INFINITY_BITS - magnitude : INFINITY_BITS + magnitude;
}

/** The float32 of a rank; 0 has one rank, and its sign is positive. */
export function float32OfRank(rank: number): number {
  view.setUint32(0, Math.abs(rank - INFINITY_BITS));
  const magnitude = view.getFloat32(0);
  return rank < INFINITY_BITS ? -magnitude : magnitude;
}
