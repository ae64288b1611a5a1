import { type ArgmaxCarry, argmaxCarries, argmaxContests } from '../integer/argmax.ts';
import { type Bounds, isAbsent, lowerBound } from '../integer/bounds.ts';
import type { Argmax, IntegerMax, Threshold } from '../integer/integer-graph.ts';
import { type Contest, contests, windowOf } from '../integer/max.ts';
import { thresholdBits } from '../integer/threshold.ts';
import { classify, type Layer } from './layer.ts';
import { bitOfSlot, type WireSource, wholeSlot } from './wire-source.ts';

/*
 * An output that equals one wire (the last larger value, the last index) costs nothing: O1 merges the two.
 */

/** How a contest is written in a template's `outcome`: 0 kept wins, 1 the candidate wins, else the bits to compare. */
function outcomeCode(c: Contest): number {
  if (c.winner === 'compare') return c.bits;
  return c.winner === 'kept' ? 0 : 1;
}

function bitsOf(slot: number, count: number): WireSource[] {
  return Array.from({ length: count }, (_, k) => bitOfSlot(slot, k));
}

/** Windows of a max pool, a position each. A window at the rim repeats its first place where others have padding. */
export function maxLayer(name: string, node: IntegerMax, bounds: Bounds, auxiliarySlot: number): Layer {
  const windows = Array.from({ length: node.count }, (_, i) => {
    const present = windowOf(node, i).filter((id) => !isAbsent(id));
    const places = Array.from({ length: node.taps }, (_, tap) => present[tap] ?? present[0]!);
    return { places, contests: contests(windowOf(node, i), bounds) };
  });
  let slot = auxiliarySlot;
  let cost = 0;
  const signals = windows.map((window) => {
    const compared = window.contests.filter((c) => c.winner === 'compare');
    const first = slot;
    slot += 2 * compared.length;
    cost += compared.reduce((sum, c) => sum + c.bits + 2, 0);
    const bit = compared.flatMap((c, k) => bitsOf(first + 2 * k, c.bits));
    return new Map(Object.entries({ bit, larger: compared.map((_, k) => wholeSlot(first + 2 * k + 1)) }));
  });
  const padded = (entries: readonly number[]) =>
    Array.from({ length: node.taps }, (_, tap) => entries[tap] ?? 0);
  const { classOf, members } = classify(node.count, (position) => {
    const window = windows[position]!;
    return [
      window.places.map((id) => lowerBound(bounds, id)),
      padded([0, ...window.contests.map(outcomeCode)]),
      padded([0, ...window.contests.map((c) => c.lo)]),
      bounds.lo[node.first + position]!,
    ];
  });
  const byClass = (k: number) => ({ byClass: members.map((member) => member[k]!) });
  return {
    name,
    node: node.name,
    origin: node.origin,
    template: 'Max',
    positions: node.count,
    inputs: node.taps,
    sources: Int32Array.from(windows.flatMap((window) => window.places)),
    outputs: 1,
    outputFirst: node.first,
    args: [
      { name: 'taps', value: { shared: node.taps } },
      { name: 'base', value: byClass(0) },
      { name: 'outcome', value: byClass(1) },
      { name: 'keptBase', value: byClass(2) },
      { name: 'outBase', value: byClass(3) },
    ],
    classOf,
    signals,
    cost,
  };
}

export function argmaxLayer(name: string, node: Argmax, bounds: Bounds, auxiliarySlot: number): Layer {
  const outcome = argmaxContests(node, bounds);
  const carries = argmaxCarries(outcome);
  const bit: WireSource[] = [];
  const larger: WireSource[] = [];
  const index: WireSource[] = [];
  let slot = auxiliarySlot;
  for (const carry of carries) {
    bit.push(...bitsOf(slot++, carry.bits));
    if (carry.larger) larger.push(wholeSlot(slot++));
    if (carry.index) index.push(wholeSlot(slot++));
  }
  const counted = carries.reduce((sum, c) => sum + c.bits + 1 + (c.larger ? 1 : 0) + (c.index ? 1 : 0), 0);
  return {
    ...single(name, node, 'Argmax', node.source),
    args: [
      { name: 'n', value: { shared: node.source.length } },
      { name: 'base', value: { shared: Array.from(node.source, (id) => lowerBound(bounds, id)) } },
      { name: 'outcome', value: { shared: [0, ...outcome.map(outcomeCode)] } },
      { name: 'keptBase', value: { shared: [0, ...outcome.map((c) => c.lo)] } },
    ],
    signals: [new Map(Object.entries({ bit, larger, index }))],
    cost: counted + (endsInIndexWire(outcome, carries) ? 0 : 1),
  };
}

function endsInIndexWire(outcome: readonly Contest[], carries: readonly ArgmaxCarry[]): boolean {
  const last = outcome.findLast((c) => c.winner !== 'kept');
  return last?.winner === 'compare' && carries.at(-1)!.index;
}

export function thresholdLayer(name: string, node: Threshold, bounds: Bounds, auxiliarySlot: number): Layer {
  const bits = thresholdBits(node, bounds);
  return {
    ...single(name, node, 'Threshold', Int32Array.of(node.source)),
    args: [
      { name: 'base', value: { shared: lowerBound(bounds, node.source) } },
      { name: 'threshold', value: { shared: node.threshold } },
      { name: 'bits', value: { shared: bits } },
      { name: 'always', value: { shared: bounds.hi[node.first]! } },
    ],
    signals: [new Map([['bit', bitsOf(auxiliarySlot, bits)]])],
    cost: bits === 0 ? 1 : bits + 1,
  };
}

/** A layer of one position and one output. */
function single(name: string, node: Argmax | Threshold, template: string, sources: Int32Array) {
  return {
    name,
    node: node.name,
    origin: node.origin,
    template,
    positions: 1,
    inputs: sources.length,
    sources,
    outputs: 1,
    outputFirst: node.first,
    classOf: new Int32Array(1),
  };
}
