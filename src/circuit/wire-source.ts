import type { SignalSlots } from '../integer/statement.ts';

/**
 * Where a wire's value comes from, packed in one integer: a slot of the trace, and which bit of it (or all of it).
 * The trace of a row is: value wires by value id, then the primitives' auxiliary numbers, then field elements.
 */
export type WireSource = number;

const BITS = 64;
const WHOLE = BITS - 1;

export function wholeSlot(slot: number): WireSource {
  return slot * BITS + WHOLE;
}

export function bitOfSlot(slot: number, bit: number): WireSource {
  return slot * BITS + bit;
}

export function slotOf(source: WireSource): number {
  return Math.floor(source / BITS);
}

/** The bit, or `undefined` for the whole number. */
export function bitOf(source: WireSource): number | undefined {
  const bit = source % BITS;
  return bit === WHOLE ? undefined : bit;
}

/** The sources of declared signals, by name. */
export function declaredSources(signals: SignalSlots): Map<string, readonly WireSource[]> {
  const sources = new Map<string, readonly WireSource[]>();
  for (const [name, place] of signals) {
    const wires =
      'bits' in place
        ? Array.from({ length: place.bits }, (_, k) => bitOfSlot(place.slot, k))
        : place.map(wholeSlot);
    sources.set(name, wires);
  }
  return sources;
}
