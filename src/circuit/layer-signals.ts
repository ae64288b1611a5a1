import { primitiveOf } from '../integer/primitives.ts';
import type { TraceLayout } from '../integer/trace-layout.ts';
import { bitOfSlot, type WireSource, wholeSlot } from '../integer/wire-source.ts';
import { auxiliaryOwners, type Layer } from './layer.ts';

/**
 * Sources of the internal signals of a layer's template at one position, by name: the auxiliaries of the outputs at
 * that position, one output after another.
 */
export function layerSignals(
  layer: Layer,
  position: number,
  layout: TraceLayout,
): ReadonlyMap<string, readonly WireSource[]> {
  const names = Object.keys(primitiveOf(layer.node).auxiliaries);
  const signals = new Map(names.map((name): [string, WireSource[]] => [name, []]));
  for (const id of auxiliaryOwners(layer, position)) {
    for (const { name, bits, slot } of layout.auxiliariesOf(id)) {
      const own = signals.get(name)!;
      if (bits === undefined) own.push(wholeSlot(slot));
      else for (let k = 0; k < bits; k += 1) own.push(bitOfSlot(slot, k));
    }
  }
  return signals;
}
