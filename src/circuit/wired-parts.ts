import { ZERO } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerLinear } from '../integer/integer-graph.ts';
import { foldBases, type LinearPart, partsOf } from './linear-part.ts';
import { FormSum } from './wire-form.ts';
import type { WireForms } from './wire-forms.ts';

/**
 * The parts of a linear node over wires: biases include the wires' bases. A part that reads values without wires is
 * expanded: each of its outputs becomes a row over all wires that its sources stand for.
 */
export function wiredParts(node: IntegerLinear, bounds: Bounds, forms: WireForms): LinearPart[] {
  return partsOf(node).map((part) =>
    readsOnlyWires(part, forms) ? { ...part, bias: foldBases(part, bounds) } : expanded(part, forms),
  );
}

function readsOnlyWires({ block, diagonals }: LinearPart, forms: WireForms): boolean {
  const isOnWire = (id: number) => id === ZERO || forms.isOnWire(id);
  return block.gather.every(isOnWire) && diagonals.every(({ source }) => source.every(isOnWire));
}

function expanded(part: LinearPart, forms: WireForms): LinearPart {
  const sums = Array.from(part.bias, (_, output) => sumOf(part, output, forms));
  const gather = Int32Array.from(new Set(sums.flatMap((sum) => Array.from(sum.weights.keys())))).sort();
  const column = new Map(Array.from(gather, (slot, tap) => [slot, tap]));
  const weights = new Float64Array(sums.length * gather.length);
  sums.forEach((sum, row) => {
    for (const [slot, weight] of sum.weights) weights[row * gather.length + column.get(slot)!] = weight;
  });
  return {
    start: part.start,
    block: { rows: sums.length, positions: 1, taps: gather.length, weights, gather },
    diagonals: [],
    bias: Float64Array.from(sums, ({ constant }) => constant),
  };
}

/** One output over wires. */
function sumOf({ block, diagonals, bias }: LinearPart, output: number, forms: WireForms): FormSum {
  const { positions, taps, weights, gather } = block;
  const sum = new FormSum(bias[output]!);
  const row = Math.floor(output / positions);
  const position = output % positions;
  for (let tap = 0; tap < taps; tap += 1) {
    const weight = weights[row * taps + tap]!;
    if (weight !== 0) sum.add(forms.of(gather[position * taps + tap]!), weight);
  }
  for (const diagonal of diagonals) {
    if (diagonal.weights[output] !== 0) {
      sum.add(forms.of(diagonal.source[output]!), diagonal.weights[output]!);
    }
  }
  return sum;
}
