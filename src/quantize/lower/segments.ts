import { roundV2 as nearest } from '@quietproof/verify';
import { HIGHEST_DEGREE, segmentsCost } from '../../integer/piecewise.ts';

/** Reals by index, and what entries for them may be. */
export interface Samples {
  /** In steps of the rounded entries; 2^b of them. */
  readonly values: Float64Array;
  /** No entry is below or above these, in the same steps. */
  readonly lo: number;
  readonly hi: number;
}

/** Entries in steps of 2^−finer. */
export interface Segmented {
  readonly entries: Float64Array;
  readonly finer: number;
  /** Constraints of a lookup, the bits of the index aside, and what its finer steps cost. */
  readonly cost: number;
}

/** How far an entry may be from the value that it stands for, in steps: no farther than a rounded one. */
const MOST_ERROR = 0.5;
/** Coefficients that are rounded may fit better than real ones, by chance and by little. */
const NEARLY = 0.75;

/** Where a line or a parabola meets a segment: the zeros of Chebyshev's polynomial, which the error is smallest for. */
const NODES = [[], [0.146, 0.854], [0.067, 0.5, 0.933]] as const;

/**
 * Entries that lie on lines or parabolas over segments, none farther than half a step from its value: the cheapest choice
 * of segments, degree and steps, or undefined if none costs less than `limit`. Every entry is compared.
 *
 * @param finerCost constraints that each halving of the step costs, per output
 * @param mostFiner the most halvings
 */
export function segmented(
  samples: Samples,
  { finerCost, mostFiner, limit }: { finerCost: number; mostFiner: number; limit: number },
): Segmented | undefined {
  const bits = Math.log2(samples.values.length);
  const fit = new Fit(samples);
  let best: Segmented | undefined;
  for (let degree = 1; degree <= HIGHEST_DEGREE; degree += 1) {
    for (let fine = bits - 1; fine >= degree; fine -= 1) {
      const own = segmentsCost(bits - fine, degree);
      const spare = (best?.cost ?? limit) - own;
      if (spare <= 0) break;
      const affordable = Math.max(0, Math.ceil(spare / finerCost) - 1);
      const found = fit.coarsest({ fine, degree }, Math.min(mostFiner, affordable, degree * fine + 2));
      if (found === undefined) continue;
      best = { ...found, cost: found.finer === 0 ? own : own + found.finer * finerCost };
    }
  }
  return best;
}

/** Fits curves to all segments of one length after the other. */
class Fit {
  readonly #samples: Samples;
  /** Where a fit failed last, by its share of the table: the next one is likely to fail there too. */
  #worst = 0;

  constructor(samples: Samples) {
    this.#samples = samples;
  }

  /** The coarsest steps in which segments of 2^fine entries suffice; coefficients are rounded to the steps. */
  coarsest(
    { fine, degree }: { fine: number; degree: number },
    mostFiner: number,
  ): Pick<Segmented, 'entries' | 'finer'> | undefined {
    // Where the finest steps are far from enough, coarser ones are too.
    if (this.#fitted(fine, degree, 2 ** mostFiner, NEARLY) === undefined) return undefined;
    for (let finer = 0; finer <= mostFiner; finer += 1) {
      const entries = this.#fitted(fine, degree, 2 ** finer, MOST_ERROR);
      if (entries !== undefined) return { entries, finer };
    }
    return undefined;
  }

  #fitted(fine: number, degree: number, unit: number, most: number): Float64Array | undefined {
    const { values } = this.#samples;
    const length = 2 ** fine;
    const entries = new Float64Array(values.length);
    const start = Math.floor((this.#worst * values.length) / length) * length;
    for (let k = 0; k < values.length; k += length) {
      const from = (start + k) % values.length;
      if (fitSegment(this.#samples, entries, { from, length, degree, unit, most })) continue;
      this.#worst = from / values.length;
      return undefined;
    }
    return entries;
  }
}

interface Segment {
  readonly from: number;
  readonly length: number;
  readonly degree: number;
  /** Steps of the entries per step of the values. */
  readonly unit: number;
  /** The largest error, in steps of the values. */
  readonly most: number;
}

/** Fills in the entries of one segment. @returns whether they are close enough */
function fitSegment({ values, lo, hi }: Samples, entries: Float64Array, segment: Segment): boolean {
  const { from, length, unit, most: mostError } = segment;
  const [slope, square] = slopesOf(values, segment);
  const curve = (x: number) => x * (slope + x * square);
  let [least, most, lowest, highest] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let x = 0; x < length; x += 1) {
    const y = curve(x);
    const above = values[from + x]! * unit - y;
    if (above < least) least = above;
    if (above > most) most = above;
    if (y < lowest) lowest = y;
    if (y > highest) highest = y;
  }
  const middle = Math.min(nearest((least + most) / 2), Math.floor(hi * unit) - highest);
  const start = Math.max(middle, Math.ceil(lo * unit) - lowest) + 0;
  if (start + highest > hi * unit || Math.max(most - start, start - least) > mostError * unit) return false;
  for (let x = 0; x < length; x += 1) entries[from + x] = start + curve(x) + 0;
  return true;
}

/** Coefficients of x and x², rounded, through the values at the nodes. */
function slopesOf(values: Float64Array, { from, length, degree, unit }: Segment): [number, number] {
  const at = NODES[degree]!.map((share) => nearest(share * (length - 1)));
  const value = (k: number) => values[from + at[k]!]! * unit;
  const [first, last] = [0, at.length - 1] as const;
  if (degree === 1) return [nearest((value(last) - value(first)) / (at[last]! - at[first]!)), 0];
  const below = (value(1) - value(0)) / (at[1]! - at[0]!);
  const above = (value(2) - value(1)) / (at[2]! - at[1]!);
  const square = nearest((above - below) / (at[2]! - at[0]!));
  const straight = (k: number) => value(k) - square * at[k]! * at[k]!;
  return [nearest((straight(2) - straight(0)) / (at[2]! - at[0]!)), square];
}
