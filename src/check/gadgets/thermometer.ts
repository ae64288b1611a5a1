import type { Thermometer } from '../../integer/integer-graph.ts';
import { gapBits, type thermometer } from '../../integer/thermometer.ts';
import { wholeSlot } from '../../integer/wire-source.ts';
import type { Walk } from '../walk.ts';
import type { Gadget } from './gadget.ts';

/** With more, a sum of two gaps might pass 2^53. */
const MAX_GAP_BITS = 52;

/**
 * Pattern "thermometer": for cuts T_1 < … < T_K, with T_0 the least value of x and T_{K+1} one more than the greatest,
 *   chain   c_{k+1} · (c_k − c_{k+1}) = 0, with c_0 = 1;
 *   low     Σ 2^j·a_j = x − T_0 − Σ_{k≥1} c_k·(T_k − T_{k−1}), j < g, every a_j boolean;
 *   high    Σ 2^j·b_j = T_1 − 1 − x + Σ_{k≥1} c_k·(T_{k+1} − T_k), j < g, every b_j boolean.
 *
 * Lemma "thermometer". Let every interval have T_{k+1} − T_k ≤ 2^g integers, and let 2^(g+1) be below r. The rows force
 * T_0 ≤ x < T_{K+1} and c_k = [x ≥ T_k], whatever is known of x.
 *
 * Proof. c_{k+1} is 0 or c_k, so c is 1 … 1 0 … 0 with m ones, 0 ≤ m ≤ K, and the rows read low = x − T_m and
 * high = T_{m+1} − 1 − x modulo r. Their sum is T_{m+1} − T_m − 1 modulo r. Both sides of that are integers in
 * [0, 2^(g+1)), so they are equal, and since high ≥ 0, low ≤ T_{m+1} − T_m − 1. Hence x = T_m + low is one of the integers
 * from T_m to T_{m+1} − 1, modulo r. The intervals for different m do not meet and lie within magnitudes of 2^52, so x
 * determines m, and then low and high. ∎ Satisfiable for every x in range: by these c, and the bits of low and high,
 * which are below T_{m+1} − T_m ≤ 2^g.
 *
 * With g = 0 every interval is a single integer. Then low = high = 0, both rows say the same, and one of them is there.
 *
 * So the rows also enforce the range of an input that no other row holds in range (`Walk.owe`), if x is its wire.
 */
export const walkThermometer: Gadget<Thermometer, typeof thermometer.auxiliaries> = (
  walk,
  node,
  auxiliariesOf,
) => {
  const outputs = Array.from(node.cuts, (_, k) => node.first + k);
  if (placeRepeated(walk, node)) return;
  for (const [k, id] of outputs.entries()) walk.bound(id, 0, 1, `${node.name}[${k}]`);
  const bits = gapBits(node, walk.bounds);
  const starts = startsOf(walk, node);
  if (!areSeparate(walk, node, starts, bits)) {
    for (const id of outputs) walk.placeUnproved(id);
    return;
  }
  const wires = chainOf(walk, node);
  if (wires === undefined || !tie(walk, node, { starts, wires, bits, aux: auxiliariesOf(0) })) {
    for (const id of outputs) walk.placeUnproved(id);
    return;
  }
  for (const [k, id] of outputs.entries()) walk.placeWire(id, wires[k]!, 0);
  walk.relate('monotone', node.first, node.count);
  walk.settleOwed(node.source);
  walk.proved('thermometer');
};

/**
 * A source that is T_0 or T_0 + 1, by its proved interval, has one cut, T_0 + 1. There are no rows: the output is the sum
 * source − T_0. Nothing settles what the source owes.
 */
function placeRepeated(walk: Walk, node: Thermometer): boolean {
  const { lo, hi } = walk.interval(node.source);
  if (hi - lo !== 1 || node.count !== 1 || node.cuts[0] !== hi) return false;
  const form = new Map(walk.expand(node.source));
  walk.bound(node.first, 0, 1, node.name);
  walk.placeForm(node.first, form.set(0, (form.get(0) ?? 0) - lo));
  walk.proved('thermometer');
  return true;
}

/** T_0 … T_{K+1}, from the proved interval of the source. */
function startsOf(walk: Walk, node: Thermometer): number[] {
  const { lo, hi } = walk.interval(node.source);
  return [lo, ...node.cuts, hi + 1];
}

/** The lemma's premises about the cuts and the bits. */
function areSeparate(walk: Walk, node: Thermometer, starts: readonly number[], bits: number): boolean {
  const gaps = starts.slice(1).map((next, m) => next - starts[m]!);
  if (!gaps.every((gap) => Number.isInteger(gap) && gap >= 1)) {
    return walk.fail('range', node.name, 'its cuts do not ascend within the range of its source');
  }
  if (bits > MAX_GAP_BITS || gaps.some((gap) => gap > 2 ** bits)) {
    return walk.fail('range', node.name, `${bits} bits do not hold the distance between its cuts`);
  }
  return true;
}

/** Matches the chain. @returns the wires of the outputs; undefined after reporting a problem */
function chainOf(walk: Walk, node: Thermometer): number[] | undefined {
  const wires: number[] = [];
  for (let k = 0; k < node.count; k += 1) {
    const where = `${node.name}[${k}]`;
    const wire = walk.hints.of(wholeSlot(node.first + k));
    if (wire <= 0) {
      walk.fail('correspondence', where, 'it is on no wire');
      return undefined;
    }
    walk.left.clear().add(wire, 1);
    walk.right.clear().add(wire, -1);
    walk.right.add(k === 0 ? 0 : wires[k - 1]!, 1);
    if (!walk.rows.product(walk.left, walk.right, walk.sum.clear())) {
      walk.failRow(walk.right, wire, where);
      return undefined;
    }
    if (!walk.claim(wire, where)) return undefined;
    wires.push(wire);
  }
  return wires;
}

interface Tie {
  readonly starts: readonly number[];
  readonly wires: readonly number[];
  readonly bits: number;
  readonly aux: ReturnType<Parameters<typeof walkThermometer>[2]>;
}

/** Matches the rows `low` and `high`. */
function tie(walk: Walk, node: Thermometer, { starts, wires, bits, aux }: Tie): boolean {
  const [lowBits, highBits] = [aux.bits('low'), aux.bits('high')];
  const low = () => {
    const form = walk.sum.clear().add(0, -starts[0]!);
    walk.addValue(form, node.source, 1);
    wires.forEach((wire, k) => {
      form.add(wire, starts[k]! - starts[k + 1]!);
    });
    return form;
  };
  const high = () => {
    const form = walk.sum.clear().add(0, starts[1]! - 1);
    walk.addValue(form, node.source, -1);
    wires.forEach((wire, k) => {
      form.add(wire, starts[k + 2]! - starts[k + 1]!);
    });
    return form;
  };
  if (bits === 0) {
    const form = low();
    return walk.rows.linear(form) || walk.failRow(form, wires[0]!, node.name);
  }
  return (
    walk.bits(lowBits, bits, low(), `${node.name}, low`) !== undefined &&
    walk.bits(highBits, bits, high(), `${node.name}, high`) !== undefined
  );
}
