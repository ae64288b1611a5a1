import { roundV2 as nearest } from '@quietproof/verify';
import { EXACT_LIMIT, tooWide } from '../integer/bounds.ts';
import type { IntegerLinear } from '../integer/integer-graph.ts';
import type { EffectiveLinear } from './effective-linear.ts';
import type { ValueMap } from './value-map.ts';

/**
 * Rounds the coefficients and biases of a linear layer.
 *
 * @param name of the layer, for messages
 * @param scales of the sums; the positions of a block's row have one
 * @throws QuietproofError QP3001 if an integer is not exact in a double
 */
export function integerLinear(
  name: string,
  { blocks, diagonals, bias }: EffectiveLinear,
  scales: Float64Array,
  values: ValueMap,
): Pick<IntegerLinear, 'blocks' | 'diagonals' | 'bias'> {
  const toInteger = (real: number, output: number) => {
    const integer = nearest(real / scales[output]!);
    if (!(Math.abs(integer) <= EXACT_LIMIT)) throw tooWide(name);
    // Turns −0 into 0.
    return integer + 0;
  };
  let start = 0;
  return {
    blocks: blocks.map(({ rows, positions, taps, weights, gather }) => {
      const first = start;
      start += rows * positions;
      return {
        ...{ rows, positions, taps },
        weights: weights.map((weight, k) => toInteger(weight, first + Math.floor(k / taps) * positions)),
        gather: values.integerIds(gather),
      };
    }),
    diagonals: diagonals.map(({ weights, source }) => ({
      weights: weights.map(toInteger),
      source: values.integerIds(source),
    })),
    bias: bias.map(toInteger),
  };
}
