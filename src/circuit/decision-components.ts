import { type ArgmaxCarry, argmaxCarries, argmaxContests } from '../integer/argmax.ts';
import { type Bounds, isAbsent, lowerBound } from '../integer/bounds.ts';
import type { Argmax, IntegerMax, Threshold } from '../integer/integer-graph.ts';
import { type Contest, contests, windowOf } from '../integer/max.ts';
import { thresholdBits } from '../integer/threshold.ts';
import type { Component } from './component.ts';
import { LocalInputs } from './local-inputs.ts';
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

export function maxComponent(
  name: string,
  node: IntegerMax,
  bounds: Bounds,
  auxiliarySlot: number,
): Component {
  const windows = Array.from({ length: node.count }, (_, i) => {
    const present = windowOf(node, i).filter((id) => !isAbsent(id));
    return { present, contests: contests(windowOf(node, i), bounds) };
  });
  const inputs = new LocalInputs(windows.map((window) => window.present));
  const padded = (entries: readonly number[]) =>
    Array.from({ length: node.taps }, (_, tap) => entries[tap] ?? 0);
  const bit: WireSource[] = [];
  const larger: WireSource[] = [];
  let slot = auxiliarySlot;
  let cost = 0;
  for (const window of windows) {
    for (const c of window.contests) {
      if (c.winner !== 'compare') continue;
      bit.push(...bitsOf(slot, c.bits));
      larger.push(wholeSlot(slot + 1));
      slot += 2;
      cost += c.bits + 2;
    }
  }
  return {
    name,
    template: 'Max',
    layer: node.name,
    origin: node.origin,
    args: [
      inputs.ids.length,
      node.count,
      node.taps,
      windows.map((window) => window.present.length),
      windows.map((window) => padded(Array.from(window.present, (id) => inputs.place(id)))),
      Array.from(inputs.ids, (id) => bounds.lo[id]!),
      windows.map((window) => padded([0, ...window.contests.map(outcomeCode)])),
      windows.map((window) => padded([0, ...window.contests.map((c) => c.lo)])),
      windows.map((_, i) => bounds.lo[node.first + i]!),
    ],
    inputs: inputs.ids,
    scalarInput: false,
    outputFirst: node.first,
    outputCount: node.count,
    scalarOutput: false,
    signals: new Map([
      ['bit', bit],
      ['larger', larger],
    ]),
    cost,
  };
}

export function argmaxComponent(
  name: string,
  node: Argmax,
  bounds: Bounds,
  auxiliarySlot: number,
): Component {
  const outcome = argmaxContests(node, bounds);
  const carries = argmaxCarries(outcome);
  const signals = { bit: [] as WireSource[], larger: [] as WireSource[], index: [] as WireSource[] };
  let slot = auxiliarySlot;
  for (const carry of carries) {
    signals.bit.push(...bitsOf(slot++, carry.bits));
    if (carry.larger) signals.larger.push(wholeSlot(slot++));
    if (carry.index) signals.index.push(wholeSlot(slot++));
  }
  const counted = carries.reduce((sum, c) => sum + c.bits + 1 + (c.larger ? 1 : 0) + (c.index ? 1 : 0), 0);
  return {
    name,
    template: 'Argmax',
    layer: node.name,
    origin: node.origin,
    args: [
      node.source.length,
      Array.from(node.source, (id) => lowerBound(bounds, id)),
      [0, ...outcome.map(outcomeCode)],
      [0, ...outcome.map((c) => c.lo)],
    ],
    inputs: node.source,
    scalarInput: false,
    outputFirst: node.first,
    outputCount: 1,
    scalarOutput: true,
    signals: new Map(Object.entries(signals)),
    cost: counted + (endsInIndexWire(outcome, carries) ? 0 : 1),
  };
}

function endsInIndexWire(outcome: readonly Contest[], carries: readonly ArgmaxCarry[]): boolean {
  const last = outcome.findLast((c) => c.winner !== 'kept');
  return last?.winner === 'compare' && carries.at(-1)!.index;
}

export function thresholdComponent(
  name: string,
  node: Threshold,
  bounds: Bounds,
  auxiliarySlot: number,
): Component {
  const bits = thresholdBits(node, bounds);
  return {
    name,
    template: 'Threshold',
    layer: node.name,
    origin: node.origin,
    args: [lowerBound(bounds, node.source), node.threshold, bits, bounds.hi[node.first]!],
    inputs: Int32Array.of(node.source),
    scalarInput: true,
    outputFirst: node.first,
    outputCount: 1,
    scalarOutput: true,
    signals: new Map([['bit', bitsOf(auxiliarySlot, bits)]]),
    cost: bits === 0 ? 1 : bits + 1,
  };
}
