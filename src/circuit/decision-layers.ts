import { type ArgmaxCarry, argmaxCarries, argmaxContests } from '../integer/argmax.ts';
import { type Bounds, isAbsent, lowerBound } from '../integer/bounds.ts';
import type { Argmax, IntegerMax, Threshold } from '../integer/integer-graph.ts';
import { type Contest, contests, windowOf } from '../integer/max.ts';
import { thresholdBits } from '../integer/threshold.ts';
import { bitOfSlot, type WireSource, wholeSlot } from '../integer/wire-source.ts';
import { type Argument, classify, type Instances, type Layer } from './layer.ts';

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

/** A window of a max pool; at the rim it repeats its first place where others have padding. */
interface Window {
  readonly places: readonly number[];
  readonly contests: readonly Contest[];
}

/** Windows of a max pool, a position each. */
export function maxLayer(name: string, node: IntegerMax, bounds: Bounds, auxiliarySlot: number): Layer {
  const windows = Array.from({ length: node.count }, (_, i): Window => {
    const present = windowOf(node, i).filter((id) => !isAbsent(id));
    const places = Array.from({ length: node.taps }, (_, tap) => present[tap] ?? present[0]!);
    return { places, contests: contests(windowOf(node, i), bounds) };
  });
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
    instances: () => maxInstances(node, windows, bounds),
    signals: () => maxSignals(windows, auxiliarySlot),
    cost: windows.flatMap(compared).reduce((sum, c) => sum + c.bits + 2, 0),
  };
}

function compared(window: Window) {
  return window.contests.filter((c) => c.winner === 'compare');
}

function maxInstances(node: IntegerMax, windows: readonly Window[], bounds: Bounds): Instances {
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
  const names = ['base', 'outcome', 'keptBase', 'outBase'];
  const varying = names.map((argument, k) => ({
    name: argument,
    value: { byClass: members.map((member) => member[k]!) },
  }));
  return { args: [{ name: 'taps', value: { shared: node.taps } }, ...varying], classOf };
}

function maxSignals(windows: readonly Window[], firstSlot: number): ReturnType<Layer['signals']> {
  let slot = firstSlot;
  return windows.map((window) => {
    const bit: WireSource[] = [];
    const larger: WireSource[] = [];
    for (const c of compared(window)) {
      bit.push(...bitsOf(slot, c.bits));
      larger.push(wholeSlot(slot + 1));
      slot += 2;
    }
    return new Map(Object.entries({ bit, larger }));
  });
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
    instances: () =>
      alone({
        n: node.source.length,
        base: Array.from(node.source, (id) => lowerBound(bounds, id)),
        outcome: [0, ...outcome.map(outcomeCode)],
        keptBase: [0, ...outcome.map((c) => c.lo)],
      }),
    signals: () => [new Map(Object.entries({ bit, larger, index }))],
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
    instances: () =>
      alone({
        base: lowerBound(bounds, node.source),
        threshold: node.threshold,
        bits,
        always: bounds.hi[node.first]!,
      }),
    signals: () => [new Map([['bit', bitsOf(auxiliarySlot, bits)]])],
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
  };
}

/** The arguments of a layer of one position, in the template's order. */
function alone(args: Readonly<Record<string, Argument>>): Instances {
  return {
    args: Object.entries(args).map(([name, value]) => ({ name, value: { shared: value } })),
    classOf: new Int32Array(1),
  };
}
