import { readers } from '@quietproof/verify';
import type { AuxiliarySink } from './auxiliary.ts';
import { contains } from './bilinear.ts';
import { bitLength, EXACT_BITS, EXACT_LIMIT, lowerBound, tooWide, upperBound, valueAt } from './bounds.ts';
import type { Table } from './integer-graph.ts';
import { areReadable, isCount } from './invariants.ts';
import { integers, readIds, readInteger, readIntegers } from './json-form.ts';
import type { Primitive } from './primitive.ts';
import { factorCount, indexOf, type Lookup, lastRow, tableForms } from './table-form.ts';

const { integer } = readers;

export const MOST_TABLE_BITS = 12;

/**
 * What a lookup has beside its output (see the template and table-form.ts): the sign of a mirrored form, the bits of v,
 * the products of the guards, the monomials and products of the polynomial, and sign · D of a mirrored form.
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
    ensure(isCount(shift) && shift + MOST_TABLE_BITS < EXACT_BITS, 'a shift of 0 … 39 bits');
    ensure(
      Math.abs(offset) <= EXACT_LIMIT && Number.isSafeInteger(offset),
      'an offset within the exact range',
    );
    const bits = Math.log2(entries.length);
    ensure(Number.isInteger(bits) && bits >= 1 && bits <= MOST_TABLE_BITS, '2 to 2^12 entries');
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

  execute(node, values) {
    for (let i = 0; i < node.count; i += 1) {
      values[node.first + i] = node.entries[indexOf(node, valueAt(values, node.source[i]!))]!;
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
  const indexBits = values.lowBits + values.highBits;
  let isWithin = isSigned ? bitOf(bits - 1) : 1 - bitOf(shift + indexBits);
  for (let k = 1; k < factorCount(form); k += 1) {
    isWithin *= 1 - bitOf(shift + indexBits + (isSigned ? k - 1 : k));
    aux.whole('guard', isWithin);
  }
  const index = Math.floor(v / 2 ** shift) % 2 ** indexBits;
  const low = index % 2 ** values.lowBits;
  const high = Math.floor(index / 2 ** values.lowBits);
  for (const mask of values.lowMonomials) aux.whole('monomial', contains(low, mask) ? 1 : 0);
  for (const mask of values.highMonomials) aux.whole('monomial', contains(high, mask) ? 1 : 0);
  const own = lastRow(form) === 'product' ? values.products.slice(0, -1) : values.products;
  for (const H of own) {
    const factor = values.factors[H * 2 ** values.lowBits + low]! - values.least[H]!;
    aux.whole('product', contains(high, H) ? factor : 0);
  }
  if (mirror.varies && guards > 0) {
    const value = entryOf(form, low, high);
    const d = mirror.constant + mirror.slope * index + mirror.factor * value;
    aux.whole('mirror', isBelow ? d - mirror.least : 0);
  }
}

function entryOf({ values }: Lookup, low: number, high: number): number {
  let value = 0;
  for (let H = 0; H < 2 ** values.highBits; H += 1) {
    if (contains(high, H)) value += values.factors[H * 2 ** values.lowBits + low]!;
  }
  return value;
}
