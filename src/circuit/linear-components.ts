import { type Bounds, lowerBound } from '../integer/bounds.ts';
import { comparisonProducts, type Decomposition, decompose, KIND } from '../integer/decomposition.ts';
import type { IntegerBlock, IntegerDiagonal, IntegerLinear, Requantize } from '../integer/integer-graph.ts';
import { requantizeCost } from '../integer/requantize.ts';
import type { Argument, Component } from './component.ts';
import { LocalInputs } from './local-inputs.ts';
import { bitOfSlot, type WireSource, wholeSlot } from './wire-source.ts';

/** Part of a linear node that one component computes: a block and what the node adds to its outputs. */
interface Part {
  readonly start: number;
  readonly block: IntegerBlock;
  readonly diagonals: readonly IntegerDiagonal[];
  readonly bias: Float64Array;
}

/** A linear node whose outputs are wires of their own: a component a block. */
export function linearComponents(name: string, node: IntegerLinear, bounds: Bounds): Component[] {
  return partsOf(node).map((part, k, parts) => {
    const inputs = inputsOf(part);
    const count = part.bias.length;
    const bias = foldBases(part, bounds).map((sum, i) => sum - bounds.lo[node.first + part.start + i]!);
    return {
      name: parts.length === 1 ? name : `${name}_${k}`,
      template: 'Linear',
      layer: node.name,
      origin: node.origin,
      args: [...sumArguments(part, inputs), bias],
      inputs: inputs.ids,
      scalarInput: false,
      outputFirst: node.first + part.start,
      outputCount: count,
      scalarOutput: false,
      signals: new Map(),
      cost: bias.reduce((sum, constant, i) => sum + (isMerged(part, i, constant) ? 0 : 1), 0),
    };
  });
}

/**
 * A requantize node together with the linear node it rectifies (or with the identity, where it reads wires): sums
 * are built where they are decomposed, and cost nothing of their own.
 *
 * @param auxiliarySlot the node's first auxiliary slot in the trace
 */
export function requantizeComponents(
  name: string,
  node: Requantize,
  linear: IntegerLinear | undefined,
  bounds: Bounds,
  auxiliarySlot: number,
): Component[] {
  const decompositions = decompose(node, bounds);
  let slot = auxiliarySlot;
  return partsOf(linear ?? identity(node)).map((part, k, parts) => {
    const own = decompositions.slice(part.start, part.start + part.bias.length);
    const { signals, slots } = requantizeSignals(own, node.shift, slot);
    slot += slots;
    const inputs = inputsOf(part);
    const bias = foldBases(part, bounds).map((sum, i) =>
      own[i]!.kind === KIND.constant ? 0 : sum + own[i]!.offset,
    );
    return {
      name: parts.length === 1 ? name : `${name}_${k}`,
      template: 'LinearRequantize',
      layer: node.name,
      origin: [...(linear?.origin ?? []), ...node.origin],
      args: [...sumArguments(part, inputs), bias, ...decompositionArguments(node, own)],
      inputs: inputs.ids,
      scalarInput: false,
      outputFirst: node.first + part.start,
      outputCount: part.bias.length,
      scalarOutput: false,
      signals,
      cost: own.reduce((sum, d, i) => {
        const merged = d.bits === 0 && d.p === 1 && isMerged(part, i, bias[i]!);
        return sum + (merged ? 0 : requantizeCost(d, node.shift));
      }, 0),
    };
  });
}

function identity(node: Requantize): IntegerLinear {
  const weights = new Float64Array(node.count).fill(1);
  return {
    ...node,
    op: 'linear',
    blocks: [],
    diagonals: [{ weights, source: node.source }],
    bias: new Float64Array(node.count),
  };
}

function partsOf(node: IntegerLinear): Part[] {
  const noBlock: IntegerBlock = {
    rows: 1,
    positions: node.count,
    taps: 0,
    weights: new Float64Array(0),
    gather: new Int32Array(0),
  };
  let start = 0;
  return (node.blocks.length === 0 ? [noBlock] : node.blocks).map((block) => {
    const end = start + block.rows * block.positions;
    const part = {
      start,
      block,
      diagonals: node.diagonals
        .map(({ weights, source }) => ({
          weights: weights.slice(start, end),
          source: source.slice(start, end),
        }))
        .filter(({ weights }) => weights.some((weight) => weight !== 0)),
      bias: node.bias.slice(start, end),
    };
    start = end;
    return part;
  });
}

function inputsOf(part: Part): LocalInputs {
  return new LocalInputs([part.block.gather, ...part.diagonals.map((diagonal) => diagonal.source)]);
}

/** Wires carry value − base (base: the proved minimum), so Σ weight · base moves into the bias. */
function foldBases(part: Part, bounds: Bounds): Float64Array {
  const { rows, positions, taps, weights, gather } = part.block;
  const bias = Float64Array.from(part.bias);
  for (let position = 0; position < positions; position += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const base = lowerBound(bounds, gather[position * taps + tap]!);
      if (base === 0) continue;
      for (let row = 0; row < rows; row += 1)
        bias[row * positions + position]! += weights[row * taps + tap]! * base;
    }
  }
  for (const diagonal of part.diagonals) {
    diagonal.weights.forEach((weight, i) => {
      bias[i]! += weight * lowerBound(bounds, diagonal.source[i]!);
    });
  }
  return bias;
}

/** Whether O1 merges an output away: its sum is a constant, or just one wire. */
function isMerged(part: Part, output: number, constant: number): boolean {
  const { positions, taps, weights, gather } = part.block;
  const row = Math.floor(output / positions);
  const position = output % positions;
  const total = new Map<number, number>();
  const add = (id: number, weight: number) => {
    if (id >= 0) total.set(id, (total.get(id) ?? 0) + weight);
  };
  for (let tap = 0; tap < taps; tap += 1) add(gather[position * taps + tap]!, weights[row * taps + tap]!);
  for (const diagonal of part.diagonals) add(diagonal.source[output]!, diagonal.weights[output]!);
  const terms = Array.from(total.values()).filter((weight) => weight !== 0);
  return terms.length === 0 || (terms.length === 1 && terms[0] === 1 && constant === 0);
}

/** inputs, rows, positions, taps, weights, gather, diagonals, scales, places */
function sumArguments(part: Part, inputs: LocalInputs): Argument[] {
  const { rows, positions, taps, weights, gather } = part.block;
  // circom has no empty arrays in arguments: a layer without taps gets one that reads zero.
  const noTaps = taps === 0;
  const weightRows = Array.from({ length: rows }, (_, row) =>
    noTaps ? [0] : weights.subarray(row * taps, (row + 1) * taps),
  );
  const places = Array.from({ length: positions }, (_, position) =>
    noTaps
      ? [inputs.ids.length]
      : gather.subarray(position * taps, (position + 1) * taps).map((id) => inputs.place(id)),
  );
  const none = [[0]];
  return [
    inputs.ids.length,
    rows,
    positions,
    noTaps ? 1 : taps,
    weightRows,
    places,
    part.diagonals.length,
    part.diagonals.length === 0 ? none : part.diagonals.map((diagonal) => diagonal.weights),
    part.diagonals.length === 0
      ? none
      : part.diagonals.map((diagonal) => diagonal.source.map((id) => inputs.place(id))),
  ];
}

/** shift, unit, kind, bits, p, q */
function decompositionArguments(node: Requantize, own: readonly Decomposition[]): Argument[] {
  const unit = node.activation.kind === 'leaky' ? 2 ** node.activation.denominatorBits : 1;
  return [
    node.shift,
    unit,
    own.map((d) => d.kind),
    own.map((d) => d.bits),
    own.map((d) => d.p),
    own.map((d) => d.q),
  ];
}

function requantizeSignals(
  own: readonly Decomposition[],
  shift: number,
  firstSlot: number,
): { signals: Map<string, WireSource[]>; slots: number } {
  const bit: WireSource[] = [];
  const comparison: WireSource[] = [];
  const excess: WireSource[] = [];
  let slot = firstSlot;
  for (const d of own) {
    for (let k = 0; k < d.bits; k += 1) bit.push(bitOfSlot(slot, k));
    slot += 1;
    if (d.kind !== KIND.clampBoth) continue;
    const products = comparisonProducts(d, shift);
    for (let k = 0; k < products; k += 1) comparison.push(wholeSlot(slot + k));
    excess.push(wholeSlot(slot + products));
    slot += products + 1;
  }
  return {
    signals: new Map([
      ['bit', bit],
      ['comparison', comparison],
      ['excess', excess],
    ]),
    slots: slot - firstSlot,
  };
}
