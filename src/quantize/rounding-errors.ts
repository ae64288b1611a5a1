import { roundV2 as nearest } from '@quietproof/verify';
import type { EffectiveLinear } from './effective-linear.ts';

/**
 * A bias counts this many times: it is added once a row, always in the same direction, and in a constant layer it is all
 * there is.
 */
const BIAS_FACTOR = 8;

/**
 * By output: what rounding the weights and the bias at these scales can add to the sum, as a real number squared. Each
 * term counts with the error of its weight times the largest magnitude of its source; the squares are added up.
 */
export function roundingErrors(linear: EffectiveLinear, scales: Float64Array): Float64Array {
  const squares = linear.bias.map((bias, i) => (BIAS_FACTOR * errorOf(bias, scales[i]!)) ** 2);
  let start = 0;
  for (const { rows, positions, taps, weights, largest } of linear.blocks) {
    for (let row = 0; row < rows; row += 1) {
      // All positions of a row have one scale, as they have the same weights.
      let sum = 0;
      for (let tap = 0; tap < taps; tap += 1) {
        sum += (errorOf(weights[row * taps + tap]!, scales[start]!) * largest[tap]!) ** 2;
      }
      for (let i = start; i < start + positions; i += 1) squares[i]! += sum;
      start += positions;
    }
  }
  for (const { weights, largest } of linear.diagonals) {
    weights.forEach((weight, i) => {
      squares[i]! += (errorOf(weight, scales[i]!) * largest[i]!) ** 2;
    });
  }
  return squares;
}

/** By output: the largest term, as a real number. */
export function largestTerms(linear: EffectiveLinear): Float64Array {
  const terms = new Float64Array(linear.bias.length);
  let start = 0;
  for (const { rows, positions, taps, weights, largest } of linear.blocks) {
    for (let row = 0; row < rows; row += 1) {
      let most = 0;
      for (let tap = 0; tap < taps; tap += 1) {
        most = Math.max(most, Math.abs(weights[row * taps + tap]!) * largest[tap]!);
      }
      terms.fill(most, start, start + positions);
      start += positions;
    }
  }
  for (const { weights, largest } of linear.diagonals) {
    weights.forEach((weight, i) => {
      terms[i] = Math.max(terms[i]!, Math.abs(weight) * largest[i]!);
    });
  }
  return terms;
}

function errorOf(real: number, scale: number): number {
  return Math.abs(nearest(real / scale) * scale - real);
}
