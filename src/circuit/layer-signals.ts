import { primitiveOf } from '../integer/primitives.ts';
import type { TraceLayout } from '../integer/trace-layout.ts';
import { bitOfSlot, type WireSource, wholeSlot } from '../integer/wire-source.ts';
import type { Layer } from './layer.ts';

/**
 * Sources of the internal signals of a layer's template at one position, by name: the auxiliaries of the outputs at
 * that position, one output after another.
 */
export function layerSignals(
  { node, outputs, outputFirst, positions }: Layer,
  position: number,
  layout: TraceLayout,
): ReadonlyMap<string, readonly WireSource[]> {
  const names = Object.keys(primitiveOf(node).auxiliaries);
  const signals = new Map(names.map((name): [string, WireSource[]] => [name, []]));
  for (let row = 0; row < outputs; row += 1) {
    for (const { name, bits, slot } of layout.auxiliariesOf(outputFirst + row * positions + position)) {
      const own = signals.get(name)!;
      if (bits === undefined) own.push(wholeSlot(slot));
      else for (let k = 0; k < bits; k += 1) own.push(bitOfSlot(slot, k));
    }
  }
  return signals;
}
