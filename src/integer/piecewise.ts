import { type Bilinear, bilinear } from './bilinear.ts';

/**
 * A function of a number of b bits by segments of 2^fine entries: with the index split into a segment and the `rest`, its
 * low bits, value = P_0 + rest · (P_1 + rest · P_2). Each P_k is a polynomial in the bits of the segment (bilinear.ts); all
 * share the monomials. Without segments, fine = 0 and there is only P_0.
 *
 * What is multiplied by the rest is `factor − least`, which is never negative, and least · rest is added.
 */
export interface Piecewise {
  /** Bits of the rest, and of the two halves of the segment above it. */
  readonly fine: number;
  readonly lowBits: number;
  readonly highBits: number;
  /** P_0, P_1, … */
  readonly parts: readonly Bilinear[];
  /** By k: the least value of P_k + rest · (P_(k+1) + …); that of P_0 is not used, and 0. */
  readonly leasts: readonly number[];
  /** The masks of the monomials that take a product, ascending: those of all parts. */
  readonly lowMonomials: readonly number[];
  readonly highMonomials: readonly number[];
}

const NARROW = 2 ** 12;

/** Segments are lines or parabolas. */
export const HIGHEST_DEGREE = 2;

/**
 * The cheapest form of a table of 2^b entries, which it has exactly.
 *
 * @param entries integers
 */
export function piecewise(entries: Float64Array): Piecewise {
  const found: Piecewise[] = [];
  for (let degree = 1; degree <= HIGHEST_DEGREE; degree += 1) {
    const fine = widestFine(entries, degree);
    if (2 ** fine <= degree) continue;
    const parts = Array.from({ length: degree + 1 }, (_, k) => coefficientsOf(entries, fine, degree, k));
    const own = joined(fine, parts);
    if (isVarying(own)) found.push(own);
  }
  // A wide table is expanded whole only if it has no segments: that takes time, and is never cheaper.
  if (found.length === 0 || entries.length <= NARROW) found.unshift(joined(0, [entries]));
  return found.reduce((best, own) => (piecewiseCost(own) < piecewiseCost(best) ? own : best));
}

/** Constraints: the monomials, the products of the parts, and one with the rest for each degree. */
export function piecewiseCost(own: Piecewise): number {
  return own.lowMonomials.length + own.highMonomials.length + productsOf(own);
}

/** Products of the parts, and with the rest. */
export function productsOf({ parts }: Piecewise): number {
  return parts.reduce((sum, part) => sum + part.products.length, parts.length - 1);
}

/** Constraints of a table of 2^bits entries, at most: whole, or as segments of two. */
export function wholeCost(bits: number): number {
  return bits === 0 ? 0 : Math.min(segmentsCost(bits, 0), segmentsCost(bits - 1, 1));
}

/** Constraints of 2^bits segments of a degree whose parts have nothing to spare. */
export function segmentsCost(bits: number, degree: number): number {
  return splitCost(bits, splitOf(bits, degree), degree);
}

/** Index bits. */
export function indexBitsOf({ fine, lowBits, highBits }: Piecewise): number {
  return fine + lowBits + highBits;
}

/** The least P_k + rest · (P_(k+1) + …). @param segments by part: its values by segment */
function leastFactor(segments: readonly Float64Array[], fine: number, k: number): number {
  let least = Infinity;
  const own = segments[k]!;
  // With k ≥ 1 it is a line in the rest, which is least at an end.
  for (const rest of [0, 2 ** fine - 1]) {
    for (let at = 0; at < own.length; at += 1) {
      let value = 0;
      for (let part = segments.length - 1; part >= k; part -= 1) value = value * rest + segments[part]![at]!;
      least = Math.min(least, value);
    }
  }
  return least;
}

/** @param segments by part: its values by segment */
function joined(fine: number, segments: readonly Float64Array[]): Piecewise {
  const degree = segments.length - 1;
  const bits = Math.log2(segments[0]!.length);
  const parts = segments.map((values) => bilinear(values, splitOf(bits, degree)));
  const { lowBits, highBits } = parts[0]!;
  const all = (masks: (part: Bilinear) => readonly number[]) =>
    Array.from(new Set(parts.flatMap(masks))).sort((a, b) => a - b);
  return {
    ...{ fine, lowBits, highBits, parts },
    leasts: parts.map((_, k) => (k === 0 ? 0 : leastFactor(segments, fine, k))),
    lowMonomials: all(({ lowMonomials }) => lowMonomials),
    highMonomials: all(({ highMonomials }) => highMonomials),
  };
}

/** Whether the first product with the rest has a factor that varies: else it is no product. Those of the others do. */
function isVarying({ parts }: Piecewise): boolean {
  return parts.at(-1)!.coefficients.some((c, mask) => mask > 0 && c !== 0);
}

/**
 * The most bits of a rest such that the entries of each segment are a polynomial of the degree, in integers: its
 * differences of the order above the degree are 0, so those that are not belong to two segments. The square of a parabola
 * is half of a second difference.
 */
function widestFine(entries: Float64Array, degree: number): number {
  let fine = Math.log2(entries.length) - 1;
  const [a, b, c] = degree === 1 ? [-2, 1, 0] : [-3, 3, -1];
  for (let i = degree + 1; i < entries.length && fine > 0; i += 1) {
    const difference = entries[i]! + a! * entries[i - 1]! + b! * entries[i - 2]! + c! * (entries[i - 3] ?? 0);
    while (fine > 0 && difference !== 0 && i % 2 ** fine > degree) fine -= 1;
  }
  const isHalf = (i: number) => (entries[i]! + entries[i + 2]!) % 2 !== 0;
  for (let i = 0; degree === 2 && fine > 1 && i < entries.length; i += 2 ** fine) {
    if (isHalf(i)) return 0;
  }
  return fine;
}

/** Coefficients, the constant first, through the first entries. */
function lineOrParabola(entries: Float64Array, degree: number): number[] {
  const [first, second, third] = [entries[0]!, entries[1]!, entries[2] ?? 0];
  const difference = second - first;
  if (degree === 1 || entries.length < 3) return [first, difference, 0].slice(0, degree + 1);
  const square = (third - 2 * second + first) / 2;
  return [first, difference - square, square];
}

function coefficientsOf(entries: Float64Array, fine: number, degree: number, k: number): Float64Array {
  const length = 2 ** fine;
  return Float64Array.from({ length: entries.length / length }, (_, segment) => {
    return lineOrParabola(entries.subarray(segment * length, (segment + 1) * length), degree)[k]!;
  });
}

/** The number of high bits that is cheapest for so many parts; the halves are equal for one. */
function splitOf(bits: number, degree: number): number {
  let best = Math.floor(bits / 2);
  for (let high = best - 1; degree > 0 && high >= 0; high -= 1) {
    if (splitCost(bits, high, degree) < splitCost(bits, best, degree)) best = high;
  }
  return best;
}

function splitCost(bits: number, highBits: number, degree: number): number {
  const own = (half: number) => 2 ** half - 1 - half;
  return own(bits - highBits) + own(highBits) + (degree + 1) * (2 ** highBits - 1) + degree;
}
