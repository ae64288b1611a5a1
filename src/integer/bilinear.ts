/**
 * A function of a number of b bits as a polynomial in its bits: with the index split into its l low bits and its h high
 * bits, value(index) = Σ_H m_H · A_H, where m_H is the product of the high bits in H, A_H = Σ_L c[H][L] · m_L, and m_L the
 * product of the low bits in L. Sets of bits are masks: bit k of L is index bit k, bit k of H is index bit l + k.
 *
 * A circuit computes the monomials of two bits and more, then one product m_H · A_H for each H. This is cheapest if both
 * halves are equal, and then takes 2^h − 1 − h + 2^l − 1 − l + 2^h − 1 constraints: 37 for 8 bits.
 */
export interface Bilinear {
  readonly lowBits: number;
  readonly highBits: number;
  /** c[H][L] at H · 2^lowBits + L. */
  readonly coefficients: Float64Array;
  /** A_H for each value of the low bits, at H · 2^lowBits + low. */
  readonly factors: Float64Array;
  /** By H: the least value of A_H. What is multiplied by m_H is A_H − least[H] ≥ 0, and least[H] · m_H is added. */
  readonly least: Float64Array;
  /** The H that take a product, ascending: those whose A_H is not constant. H = 0 is a sum. */
  readonly products: readonly number[];
  /** The masks of the monomials that take a product: of two bits and more, and read by something. Ascending. */
  readonly lowMonomials: readonly number[];
  readonly highMonomials: readonly number[];
}

/** The polynomial with these values; there are 2^b of them, b ≥ 0. */
export function bilinear(
  values: Float64Array,
  highBits: number = Math.floor(Math.log2(values.length) / 2),
): Bilinear {
  const bits = Math.log2(values.length);
  const lowBits = bits - highBits;
  const lows = 2 ** lowBits;
  const factors = Float64Array.from(values);
  for (let bit = lowBits; bit < bits; bit += 1) subtractWithout(factors, 2 ** bit);
  const coefficients = Float64Array.from(factors);
  for (let bit = 0; bit < lowBits; bit += 1) subtractWithout(coefficients, 2 ** bit);
  const rows = Array.from({ length: 2 ** highBits }, (_, H) => H);
  const isConstant = (H: number) => coefficients.subarray(H * lows + 1, (H + 1) * lows).every((c) => c === 0);
  const least = Float64Array.from(rows, (H) =>
    factors.subarray(H * lows, (H + 1) * lows).reduce((a, b) => Math.min(a, b)),
  );
  const products = rows.filter((H) => H > 0 && !isConstant(H));
  const readsLow = (L: number) => rows.some((H) => coefficients[H * lows + L] !== 0);
  const readsHigh = (H: number) => least[H] !== 0 || products.includes(H);
  return {
    ...{ lowBits, highBits, coefficients, factors, least, products },
    lowMonomials: monomials(lows, readsLow),
    highMonomials: monomials(2 ** highBits, readsHigh),
  };
}

/** One step of the Möbius transform over subsets: what is left of each entry without its neighbour below. */
function subtractWithout(entries: Float64Array, bit: number): void {
  for (let i = 0; i < entries.length; i += 1) if ((i & bit) !== 0) entries[i]! -= entries[i - bit]!;
}

/** A monomial is the product of a smaller one, without the highest bit, and that bit. */
function monomials(count: number, isRead: (mask: number) => boolean): number[] {
  const isNeeded = Array.from({ length: count }, (_, mask) => isRead(mask));
  for (let mask = count - 1; mask > 0; mask -= 1) if (isNeeded[mask]) isNeeded[withoutTop(mask)] = true;
  return Array.from(isNeeded.keys()).filter((mask) => isNeeded[mask] && withoutTop(mask) !== 0);
}

/** The mask without its highest bit. */
export function withoutTop(mask: number): number {
  return mask === 0 ? 0 : mask - 2 ** topBit(mask);
}

/** Index of the highest set bit of a positive mask. */
export function topBit(mask: number): number {
  return 31 - Math.clz32(mask);
}

/** Whether all bits of a mask are set in a number: the value of a monomial. */
export function contains(value: number, mask: number): boolean {
  return (value & mask) === mask;
}
