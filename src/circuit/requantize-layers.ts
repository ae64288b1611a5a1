import type { Bounds } from '../integer/bounds.ts';
import { comparisonProducts, type Decomposition, decompose } from '../integer/decomposition.ts';
import type { IntegerBlock, IntegerLinear, Requantize } from '../integer/integer-graph.ts';
import { requantizeCost } from '../integer/requantize.ts';
import { bitOfSlot, type WireSource, wholeSlot } from '../integer/wire-source.ts';
import type { Layer } from './layer.ts';
import {
  type Arguments,
  foldBases,
  instancesOf,
  isMerged,
  type LinearPart,
  partsOf,
  rowsAt,
  sumArguments,
  type VaryingArgument,
  wiring,
} from './linear-part.ts';

/**
 * A requantize node together with the linear node it rectifies (or with the identity, where it reads wires): sums
 * are built where they are decomposed, and cost nothing of their own.
 *
 * @param auxiliarySlot the node's first auxiliary slot in the trace
 */
export function requantizeLayers(
  name: string,
  node: Requantize,
  linear: IntegerLinear | undefined,
  bounds: Bounds,
  auxiliarySlot: number,
): Layer[] {
  const decompositions = decompose(node, bounds);
  const slots = auxiliarySlots(decompositions, node.shift, auxiliarySlot);
  return partsOf(linear ?? identity(node)).map((part, k, parts) => {
    const own = decompositions.slice(part.start, part.start + part.bias.length);
    const bias = foldBases(part, bounds).map((sum, i) => {
      const d = own[i]!;
      return d.kind === 'constant' ? 0 : sum + d.offset;
    });
    return {
      ...wiring(part),
      name: parts.length === 1 ? name : `${name}_${k}`,
      node: node.name,
      origin: [...(linear?.origin ?? []), ...node.origin],
      template: 'LinearRequantize',
      outputFirst: node.first + part.start,
      instances: () =>
        instancesOf(part, [sumArguments(part, bias), decompositionArguments(part.block, node, own)]),
      signals: () => requantizeSignals(part, own, node.shift, slots),
      cost: own.reduce((sum, d, i) => {
        const merged = d.kind === 'identity' && d.factor === 1 && isMerged(part, i, bias[i]!);
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

/** Numbers that LinearRequantize is told of one output: see its header in circuits/linear-requantize.circom. */
interface TemplateArguments {
  readonly kind: number;
  readonly bits: number;
  readonly p: number;
  readonly q: number;
}

function templateArguments(d: Decomposition): TemplateArguments {
  const { bits } = d;
  switch (d.kind) {
    case 'constant':
      return { kind: 0, bits, p: 0, q: 0 };
    case 'identity':
    case 'shift':
      return { kind: 1, bits, p: d.factor, q: 0 };
    case 'clamp-low':
      return { kind: 2, bits, p: 0, q: 0 };
    case 'clamp-high':
      return { kind: 3, bits, p: d.below, q: d.above };
    case 'clamp-both':
      return { kind: 4, bits, p: d.span, q: 0 };
    case 'leaky':
      return { kind: 5, bits, p: d.slope, q: d.base };
  }
}

function decompositionArguments(
  block: IntegerBlock,
  node: Requantize,
  own: readonly Decomposition[],
): Arguments {
  const unit = node.activation.kind === 'leaky' ? 2 ** node.activation.denominatorBits : 1;
  const each = own.map(templateArguments);
  const field = (name: keyof TemplateArguments): VaryingArgument => {
    const values = each.map((args) => args[name]);
    return { name, at: (position) => rowsAt(values, block, position) };
  };
  return {
    shared: [
      { name: 'shift', value: node.shift },
      { name: 'unit', value: unit },
    ],
    varying: [field('kind'), field('bits'), field('p'), field('q')],
  };
}

/** The first slot of every output's auxiliary numbers. */
function auxiliarySlots(decompositions: readonly Decomposition[], shift: number, first: number): number[] {
  let slot = first;
  return decompositions.map((d) => {
    const own = slot;
    slot += d.kind === 'clamp-both' ? comparisonProducts(d, shift) + 2 : 1;
    return own;
  });
}

function requantizeSignals(
  part: LinearPart,
  own: readonly Decomposition[],
  shift: number,
  slots: readonly number[],
): ReturnType<Layer['signals']> {
  const { rows, positions } = part.block;
  return Array.from({ length: positions }, (_, position) => {
    const bit: WireSource[] = [];
    const comparison: WireSource[] = [];
    const excess: WireSource[] = [];
    for (let row = 0; row < rows; row += 1) {
      const d = own[row * positions + position]!;
      const slot = slots[part.start + row * positions + position]!;
      for (let k = 0; k < d.bits; k += 1) bit.push(bitOfSlot(slot, k));
      if (d.kind !== 'clamp-both') continue;
      const products = comparisonProducts(d, shift);
      for (let k = 1; k <= products; k += 1) comparison.push(wholeSlot(slot + k));
      excess.push(wholeSlot(slot + products + 1));
    }
    return new Map(Object.entries({ bit, comparison, excess }));
  });
}
