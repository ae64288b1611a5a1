import { roundV2 as nearest, Refusal, rank32Encoding } from '@quietproof/verify';
import { rowValue } from '../data/row-value.ts';
import type { FeatureCoding } from '../integer/integer-graph.ts';
import type { QuantizedModel } from './quantize.ts';

/** Encodes a row as proofs do, but clamps it to the encoding's range. */
export function encodeClamped({ graph }: QuantizedModel, row: Float64Array): Float64Array {
  const { codings, max } = graph.input;
  return row.map((x, i) => {
    const coding = codings[i]!;
    // Doubles beyond the float32 numbers are as good as infinite.
    if (isGap(coding, x)) return max[i]!;
    const place = placeOf(coding, coding.kind === 'rank32' ? Math.fround(x) : x);
    return Math.min(Math.max(place, 0), largestNumber(coding, max[i]!));
  });
}

/** Whether a value of the row has no integer of its own, so that the row is refused unless it is clamped. */
export function isOutside({ graph }: QuantizedModel, row: Float64Array): boolean {
  const { codings, max } = graph.input;
  return row.some((x, i) => {
    const coding = codings[i]!;
    if (isGap(coding, x)) return false;
    const place = placeOf(coding, x);
    return !(place >= 0 && place <= largestNumber(coding, max[i]!));
  });
}

/** Whether a value is missing, and the last integer of an affine coding stands for that. */
const isGap = (coding: FeatureCoding, x: number): boolean =>
  Number.isNaN(x) && coding.kind === 'affine' && coding.nan === 'coded';

/** The largest integer that a value which is not missing may have. */
const largestNumber = (coding: FeatureCoding, max: number): number =>
  coding.kind === 'affine' && coding.nan === 'coded' ? max - 1 : max;

const RANKS = { refused: rank32Encoding('refused'), coded: rank32Encoding('coded') };

/** The integer that stands for a value, if it is in range; NaN if there is none. */
function placeOf(coding: FeatureCoding, x: number): number {
  switch (coding.kind) {
    case 'affine':
      return nearest((x - coding.offset) / coding.step);
    case 'rank32':
      return rankOf(coding.nan, x);
    case 'category':
      return x;
  }
}

function rankOf(nan: keyof typeof RANKS, x: number): number {
  try {
    return RANKS[nan].encode(rowValue(x)).integer;
  } catch (error) {
    if (error instanceof Refusal) return Number.NaN;
    throw error;
  }
}
