import type { Table } from '../../integer/integer-graph.ts';
import { indexBitsOf } from '../../integer/piecewise.ts';
import type { table } from '../../integer/table.ts';
import { type Lookup, type TableForm, tableForms } from '../../integer/table-form.ts';
import { wholeSlot } from '../../integer/wire-source.ts';
import type { Gadget } from './gadget.ts';
import {
  directBits,
  entryAt,
  type IndexWires,
  isLookup,
  type LookupCase,
  magnitudeBits,
} from './table-case.ts';
import { givesEntries, load, matchPolynomial, matchProduct, scaled, type Terms } from './table-value.ts';

/** Proves each output. The compiler's forms are hints: every premise of the lemmas is checked. */
export const walkTable: Gadget<Table, typeof table.auxiliaries> = (walk, node, auxiliariesOf) => {
  const isEntries = new Map<TableForm, boolean>();
  tableForms(node, walk.bounds).forEach((form, index) => {
    const id = node.first + index;
    const source = node.source[index]!;
    const where = `${node.name}[${index}]`;
    const acc = walk.interval(source);
    const range = reachedEntries(node, acc);
    walk.bound(id, range.lo, range.hi, where);
    const aux = auxiliariesOf(index);
    if (form.kind === 'constant') {
      // Lemma "constant entry". All entries that the range of the source reaches are equal. ∎
      const isConstant = range.lo === range.hi;
      if (!isConstant) walk.fail('range', where, 'its entry is not constant');
      if (isConstant && walk.settle(id, walk.sum.clear(), range.lo, where)) walk.proved('table, constant');
      else walk.placeUnproved(id);
      return;
    }
    const indexBits = indexBitsOf(form.values);
    const own: LookupCase = { walk, node, where, id, source, aux, form, acc, indexBits };
    const right = isEntries.get(form) ?? hasEntries(node, form);
    isEntries.set(form, right);
    if (!right) walk.fail('correspondence', where, 'its polynomial is not the table');
    if (right && proveLookup(own)) walk.proved(`table, ${form.kind}`);
    else walk.placeUnproved(id);
  });
};

/** The range of the entries from the index of the lowest source to that of the highest: the index is monotone. */
function reachedEntries(node: Table, acc: { lo: number; hi: number }): { lo: number; hi: number } {
  const indexOf = (source: number) => Math.floor((source + node.offset) / 2 ** node.shift);
  const [from, to] = [indexOf(acc.lo), indexOf(acc.hi)];
  const last = node.entries.length - 1;
  let [lo, hi] = [Infinity, -Infinity];
  for (let index = Math.min(Math.max(from, 0), last); index <= Math.min(Math.max(to, 0), last); index += 1) {
    lo = Math.min(lo, node.entries[index]!);
    hi = Math.max(hi, node.entries[index]!);
  }
  return { lo, hi };
}

function hasEntries(node: Table, form: Lookup): boolean {
  const half = node.entries.length / 2;
  return givesEntries(form, (index) =>
    form.kind === 'direct'
      ? { upper: entryAt(node, index), lower: 0 }
      : { upper: entryAt(node, half + index), lower: entryAt(node, half - 1 - index) },
  );
}

function proveLookup(own: LookupCase): boolean {
  const { walk, node, form, source, where, indexBits } = own;
  if (!isLookup(own)) return walk.fail('range', where, 'its form does not hold its range');
  const sum = walk.sum.clear().add(0, form.offset);
  walk.addValue(sum, source, 1);
  const wires = form.kind === 'mirrored' ? magnitudeBits(own, sum) : directBits(own, sum);
  if (wires === undefined) return false;
  const index = wires.bits.slice(node.shift, node.shift + indexBits);
  const within = matchGuards(own, wires);
  if (within === undefined) return false;
  const isWithin = within.length === 0;
  const polynomial = matchPolynomial(own, index, isWithin && !form.mirror.varies);
  if (polynomial === undefined) return false;
  const { value, last } = polynomial;
  const sign: Terms = wires.sign === 0 ? [] : [[wires.sign, 1]];
  const { mirror, kind } = form;
  const flat: Terms = kind === 'mirrored' ? [...value, ...scaled(sign, -mirror.least)] : value;
  const rest: Terms = [
    [0, mirror.constant - mirror.least],
    ...index.map((bit, k): Terms[number] => [bit, mirror.slope * 2 ** k]),
    ...scaled(value, mirror.factor),
  ];
  if (isWithin && mirror.varies) return matchOutput(own, scaled(sign, -1), rest, flat);
  if (isWithin) return last ? matchOutput(own, last.left, last.right, flat) : settleSum(own, flat);
  const mirrored = mirror.varies ? matchProduct(own, 'mirror', sign, rest) : 0;
  if (mirrored === undefined) return false;
  const inside: Terms = mirror.varies ? [...flat, [mirrored, -1]] : flat;
  const beyond: Terms = [[0, form.beyond.base], ...scaled(sign, form.beyond.slope)];
  return matchOutput(own, within, [...inside, ...scaled(beyond, -1)], beyond);
}

/**
 * Lemma "within". The product of the booleans 1 − guard, and of the top bit of a signed number, is 1 exactly where the
 * index is within the table (`isLookup`): a chain with one row for each after the first. ∎
 *
 * @returns that product; no terms if the index is always within; undefined after reporting a problem
 */
function matchGuards(own: LookupCase, { bits, sign }: IndexWires): Terms | undefined {
  const { form, node, indexBits } = own;
  const from = node.shift + indexBits;
  const guards = bits.slice(from, from + form.guards).map(
    (bit): Terms => [
      [0, 1],
      [bit, -1],
    ],
  );
  const [first, ...others] = form.isSigned ? [[[sign, 1]] as Terms, ...guards] : guards;
  let within: Terms = first ?? [];
  for (const other of others) {
    const next = matchProduct(own, 'guard', within, other);
    if (next === undefined) return undefined;
    within = [[next, 1]];
  }
  return within;
}

/**
 * Lemma "lookup". Where the sign of a mirrored form is 1, the entry is P − D (`givesEntries`), so inside = P − sign · D is
 * the entry wherever the index is within the table. D = least + (D − least), and sign · (D − least) is a wire, or this
 * row's product. within · (inside − beyond) + beyond is inside or beyond, and `beyond` is the end of the table on the side
 * of the sign (`isLookup`). wire = that − base. ∎
 */
function matchOutput({ walk, id, form, where }: LookupCase, left: Terms, right: Terms, rest: Terms): boolean {
  const wire = walk.hints.of(wholeSlot(id));
  load(walk.left, left);
  load(walk.right, right);
  if (!walk.product(wire, load(walk.sum, rest, [[0, -form.lo]]), where)) return false;
  walk.placeWire(id, wire, form.lo);
  return true;
}

/** The same lemma where nothing is multiplied. */
function settleSum({ walk, id, form, where }: LookupCase, value: Terms): boolean {
  return walk.settle(id, load(walk.sum, value, [[0, -form.lo]]), form.lo, where);
}
