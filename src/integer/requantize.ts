import { bitLength, valueAt } from './bounds.ts';
import {
  comparisonProducts,
  type Decomposition,
  decompose,
  highBits,
  trailingZeros,
} from './decomposition.ts';
import type { IntegerActivation, Requantize } from './integer-graph.ts';
import type { Primitive } from './primitive.ts';

/**
 * Round, shift, rectify (circuits/linear-requantize.circom). The only primitive that costs constraints in a plain
 * network: N bits, one linear sum, one product a value.
 */
export const requantize: Primitive<Requantize> = {
  bound(node, bounds) {
    decompose(node, bounds).forEach(({ lo, hi }, i) => {
      bounds.lo[node.first + i] = lo;
      bounds.hi[node.first + i] = hi;
    });
  },

  execute(node, values) {
    const unit = 2 ** node.shift;
    const half = node.shift === 0 ? 0 : unit / 2;
    for (let i = 0; i < node.count; i += 1) {
      const rounded = Math.floor((valueAt(values, node.source[i]!) + half) / unit);
      values[node.first + i] = activate(node.activation, rounded);
    }
  },

  auxiliary(node, bounds) {
    const decompositions = decompose(node, bounds);
    const count = decompositions.reduce((sum, d) => sum + auxiliaryOf(d, node.shift), 0);
    return {
      count,
      write(values, aux, at) {
        let next = at;
        for (let i = 0; i < node.count; i += 1) {
          const d = decompositions[i]!;
          const isDecomposed = d.kind !== 'constant' && d.kind !== 'identity';
          const v = isDecomposed ? valueAt(values, node.source[i]!) + d.offset : 0;
          aux[next] = v;
          if (d.kind === 'clamp-both') writeComparison(d, node.shift, v, aux, next + 1);
          next += auxiliaryOf(d, node.shift);
        }
      },
    };
  },
};

function activate(activation: IntegerActivation, y: number): number {
  if (activation.kind === 'leaky')
    return y * (y < 0 ? activation.numerator : 2 ** activation.denominatorBits);
  const raised = activation.low !== null && y < activation.low ? activation.low : y;
  return activation.high !== null && raised > activation.high ? activation.high : raised;
}

/** v, and for a two-sided clamp the comparison's products and the cut (see the template). */
function auxiliaryOf(d: Decomposition, shift: number): number {
  return d.kind === 'clamp-both' ? 1 + comparisonProducts(d, shift) + 1 : 1;
}

/** The signals `comparison` and `excess` of the template, from the bits of v. */
function writeComparison(
  d: Extract<Decomposition, { kind: 'clamp-both' }>,
  shift: number,
  v: number,
  aux: Float64Array,
  at: number,
): void {
  const width = highBits(d, shift);
  const high = Math.floor(v / 2 ** shift) % 2 ** width;
  const zeros = trailingZeros(d.span);
  for (let k = zeros + 1; k < width; k += 1) {
    const kept = 2 ** (k + 1);
    aux[at + k - zeros - 1] = high % kept >= d.span % kept ? 1 : 0;
  }
  aux[at + width - zeros - 1] = high >= d.span ? high - d.span : 0;
}

/** Constraints of one value, its linear sum included. */
export function requantizeCost(d: Decomposition, shift: number): number {
  switch (d.kind) {
    case 'constant':
      return 0;
    case 'identity':
      return 1;
    case 'shift':
      return d.bits + 1 + (d.bits - shift === 1 && d.factor === 1 ? 0 : 1);
    case 'clamp-both':
      return d.bits + 1 + comparisonProducts(d, shift) + 2;
    default:
      return d.bits + 2;
  }
}

/** The widest decomposition of a node, for tables. */
export function widestBits(decompositions: readonly Decomposition[]): number {
  return decompositions.reduce((most, d) => Math.max(most, d.bits, bitLength(d.hi - d.lo)), 0);
}
