import { readers } from '@quietproof/verify';
import type { AuxiliarySink } from './auxiliary.ts';
import { type Bilinear, contains } from './bilinear.ts';
import { bitLength, EXACT_BITS, EXACT_LIMIT, lowerBound, tooWide, upperBound, valueAt } from './bounds.ts';
import type { Table } from './integer-graph.ts';
import { areReadable, isCount } from './invariants.ts';
import { integers, readIds, readInteger, readIntegers } from './json-form.ts';
import { indexBitsOf } from './piecewise.ts';
import type { Primitive } from './primitive.ts';
import { factorCount, type Lookup, lastRow, tableForms } from './table-form.ts';

const { integer } = readers;

export const MOST_TABLE_BITS = 16;

/**
 * What a lookup has beside its output (see the template and table-form.ts): the sign of a mirrored form, the bits of v,
 * the products of the guards, the monomials, the products of the polynomials and with the rest, and sign · D of a mirrored
 * form.
 */
const auxiliaries = {
  sign: 'whole',
  bit: 'bits',
  guard: 'whole',
  monomial: 'whole',
  product: 'whole',
  mirror: 'whole',
} as const;

/**
 * Any function of a value that is rounded to b bits (circuits/table.circom): the entry at floor((source + offset) /
 * 2^shift), or the nearest entry beyond the ends. The bits that round are the bits that look up.
 */
export const table: Primitive<Table, typeof auxiliaries> = {
  op: 'table',
  template: { name: 'Table', file: 'table.circom' },
  auxiliaries,

  sources: (node) => [node.source],

  check({ source, count, first, shift, offset, entries }, ensure) {
    ensure(source.length === count && areReadable(source, first), 'sources');
    ensure(
      Math.abs(offset) <= EXACT_LIMIT && Number.isSafeInteger(offset),
      'an offset within the exact range',
    );
    const bits = Math.log2(entries.length);
    ensure(Number.isInteger(bits) && bits >= 1 && bits <= MOST_TABLE_BITS, '2 to 2^16 entries');
    ensure(isCount(shift) && shift + bits < EXACT_BITS, 'a shift within the exact range');
    // The coefficients of the polynomial are sums of up to 2^b entries with signs.
    const limit = EXACT_LIMIT / 2 ** (bits + 2);
    ensure(
      entries.every((entry) => Number.isSafeInteger(entry) && Math.abs(entry) <= limit),
      'integer entries',
    );
  },

  writeJson: ({ source, shift, offset, entries }) => ({
    source: integers(source),
    shift,
    offset,
    entries: integers(entries),
  }),
  fields: { source: readIds, shift: integer(0), offset: readInteger, entries: readIntegers },

  bound(node, bounds) {
    for (const id of node.source) {
      const reach = Math.max(-lowerBound(bounds, id), upperBound(bounds, id)) + Math.abs(node.offset);
      if (reach + node.entries.length * 2 ** node.shift > EXACT_LIMIT) throw tooWide(node.name);
    }
    tableForms(node, bounds).forEach(({ lo, hi }, i) => {
      bounds.lo[node.first + i] = lo;
      bounds.hi[node.first + i] = hi;
    });
  },

  execute({ source, shift, offset, entries, first, count }, values) {
    // As indexOf, without a call for each of thousands of values.
    const unit = 2 ** shift;
    const last = entries.length - 1;
    for (let i = 0; i < count; i += 1) {
      const index = Math.floor((valueAt(values, source[i]!) + offset) / unit);
      values[first + i] = entries[index < 0 ? 0 : index > last ? last : index]!;
    }
  },

  auxiliary(node, bounds) {
    const forms = tableForms(node, bounds);
    return (index, values, aux) => {
      const form = forms[index]!;
      if (form.kind !== 'constant') lookUp(form, node.shift, valueAt(values, node.source[index]!), aux);
    };
  },

  widestBits(node, bounds) {
    const widths = tableForms(node, bounds).map(({ lo, hi, ...form }) =>
      Math.max('bits' in form ? form.bits : 0, bitLength(hi - lo)),
    );
    return widths.reduce((a, b) => Math.max(a, b));
  },

  calibrated: ({ shift, offset }) => ({ shift, offset }),
};

function lookUp(form: Lookup, shift: number, source: number, aux: AuxiliarySink<typeof auxiliaries>): void {
  const { kind, bits, isSigned, guards, values, mirror } = form;
  const centred = source + form.offset;
  const isBelow = kind === 'mirrored' && centred < 0;
  if (kind === 'mirrored') aux.whole('sign', isBelow ? 1 : 0);
  const v = isBelow ? -1 - centred : centred;
  aux.bits('bit', bits, v);
  const bitOf = (k: number) => Math.floor(v / 2 ** k) % 2;
  const indexBits = indexBitsOf(values);
  let isWithin = isSigned ? bitOf(bits - 1) : 1 - bitOf(shift + indexBits);
  for (let k = 1; k < factorCount(form); k += 1) {
    isWithin *= 1 - bitOf(shift + indexBits + (isSigned ? k - 1 : k));
    aux.whole('guard', isWithin);
  }
  const index = Math.floor(v / 2 ** shift) % 2 ** indexBits;
  const { products, value } = evaluate(form, index, aux);
  const own = lastRow(form) === 'product' ? products.slice(0, -1) : products;
  for (const product of own) aux.whole('product', product);
  if (mirror.varies && guards > 0) {
    const d = mirror.constant + mirror.slope * index + mirror.factor * value;
    aux.whole('mirror', isBelow ? d - mirror.least : 0);
  }
}

/** The value at an index, and the products that lead to it: of the last part first, then with the rest. */
function evaluate(
  { values }: Lookup,
  index: number,
  aux: AuxiliarySink<typeof auxiliaries>,
): { readonly products: number[]; readonly value: number } {
  const { fine, lowBits, lowMonomials, highMonomials, parts, leasts } = values;
  const rest = index % 2 ** fine;
  const segment = Math.floor(index / 2 ** fine);
  const low = segment % 2 ** lowBits;
  const high = Math.floor(segment / 2 ** lowBits);
  for (const mask of lowMonomials) aux.whole('monomial', contains(low, mask) ? 1 : 0);
  for (const mask of highMonomials) aux.whole('monomial', contains(high, mask) ? 1 : 0);
  const backwards = parts.toReversed();
  const products = backwards.flatMap((part) => productsOfPart(part, low, high));
  let value = 0;
  for (const [k, part] of backwards.entries()) {
    if (k > 0) products.push(rest * (value - leasts[parts.length - k]!));
    value = value * rest + valueOfPart(part, low, high);
  }
  return { products, value };
}

function productsOfPart(
  { products, factors, least, lowBits }: Bilinear,
  low: number,
  high: number,
): number[] {
  return products.map((H) => (contains(high, H) ? factors[H * 2 ** lowBits + low]! - least[H]! : 0));
}

function valueOfPart({ factors, lowBits, highBits }: Bilinear, low: number, high: number): number {
  let value = 0;
  for (let H = 0; H < 2 ** highBits; H += 1) {
    if (contains(high, H)) value += factors[H * 2 ** lowBits + low]!;
  }
  return value;
}
