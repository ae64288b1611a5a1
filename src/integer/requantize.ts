import { type Reader, readers } from '@quietproof/verify';
import { objectOf } from '../data/json-object.ts';
import type { AuxiliarySink } from './auxiliary.ts';
import { bitLength, EXACT_BITS, EXACT_LIMIT, tooWide, valueAt } from './bounds.ts';
import { type Decomposition, decompose, highBits, trailingZeros } from './decomposition.ts';
import type { IntegerActivation, Requantize } from './integer-graph.ts';
import { areReadable, type Ensure, isCount } from './invariants.ts';
import { integers, nullable, readIds, readInteger } from './json-form.ts';
import type { Primitive } from './primitive.ts';

const { asObject, integer, literal } = readers;

type ActivationOf<K extends IntegerActivation['kind']> = Extract<IntegerActivation, { readonly kind: K }>;

const ACTIVATIONS: { readonly [K in IntegerActivation['kind']]: Reader<ActivationOf<K>> } = {
  clamp: objectOf<ActivationOf<'clamp'>>(
    { kind: literal('clamp'), low: nullable(readInteger), high: nullable(readInteger) },
    {},
  ),
  leaky: objectOf<ActivationOf<'leaky'>>(
    { kind: literal('leaky'), numerator: integer(1), denominatorBits: integer(0) },
    {},
  ),
};

const readActivation: Reader<IntegerActivation> = (json, at) => {
  const kind = literal('clamp', 'leaky')(asObject(json, at).get('kind'), `${at}.kind`);
  return ACTIVATIONS[kind](json, at);
};

/**
 * The bits of v. A two-sided clamp also has the products of its comparison, one per bit above the span's lowest set
 * bit, and the excess over the span (see the template).
 */
const auxiliaries = { bit: 'bits', comparison: 'whole', excess: 'whole' } as const;

/**
 * Round, shift, rectify (circuits/linear-requantize.circom). In a plain network it is the only primitive that costs
 * constraints: N bits, one linear sum and one product per value.
 */
export const requantize: Primitive<Requantize, typeof auxiliaries> = {
  op: 'requantize',
  template: { name: 'LinearRequantize', file: 'linear-requantize.circom' },
  auxiliaries,

  sources: (node) => [node.source],

  check(node, ensure) {
    ensure(node.source.length === node.count && areReadable(node.source, node.first), 'sources');
    ensure(isCount(node.shift) && node.shift < EXACT_BITS, 'a shift of 0 … 51 bits');
    checkActivation(node.activation, ensure);
  },

  writeJson: ({ source, shift, activation }) => ({ source: integers(source), shift, activation }),
  fields: { source: readIds, shift: integer(0), activation: readActivation },

  bound(node, bounds) {
    decompose(node, bounds).forEach(({ lo, hi }, i) => {
      if (Math.max(-lo, hi) > EXACT_LIMIT) throw tooWide(node.name);
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
    return (index, values, aux) => {
      const d = decompositions[index]!;
      const isDecomposed = d.kind !== 'constant' && d.kind !== 'identity';
      const v = isDecomposed ? valueAt(values, node.source[index]!) + d.offset : 0;
      aux.bits('bit', d.bits, v);
      if (d.kind === 'clamp-both') compareWithSpan(d, node.shift, v, aux);
    };
  },

  widestBits(node, bounds) {
    return decompose(node, bounds).reduce((most, d) => Math.max(most, d.bits, bitLength(d.hi - d.lo)), 0);
  },

  calibrated: ({ shift }) => ({ shift }),
};

function activate(activation: IntegerActivation, y: number): number {
  if (activation.kind === 'leaky')
    return y * (y < 0 ? activation.numerator : 2 ** activation.denominatorBits);
  const raised = activation.low !== null && y < activation.low ? activation.low : y;
  return activation.high !== null && raised > activation.high ? activation.high : raised;
}

/** The signals `comparison` and `excess` of the template, from the bits of v. */
function compareWithSpan(
  d: Extract<Decomposition, { kind: 'clamp-both' }>,
  shift: number,
  v: number,
  aux: AuxiliarySink<typeof auxiliaries>,
): void {
  const width = highBits(d, shift);
  const high = Math.floor(v / 2 ** shift) % 2 ** width;
  for (let k = trailingZeros(d.span) + 1; k < width; k += 1) {
    const kept = 2 ** (k + 1);
    aux.whole('comparison', high % kept >= d.span % kept ? 1 : 0);
  }
  aux.whole('excess', high >= d.span ? high - d.span : 0);
}

function checkActivation(activation: IntegerActivation, ensure: Ensure): void {
  if (activation.kind === 'leaky') {
    const { numerator, denominatorBits } = activation;
    ensure(isCount(denominatorBits) && denominatorBits < 52, 'a denominator of 0 … 51 bits');
    ensure(isCount(numerator) && numerator > 0 && numerator <= 2 ** denominatorBits, 'a slope in (0, 1]');
    return;
  }
  const { low, high } = activation;
  ensure(low === null || Number.isSafeInteger(low), 'an integer low bound');
  ensure(high === null || Number.isSafeInteger(high), 'an integer high bound');
  ensure(low === null || high === null || low < high, 'low below high');
}
