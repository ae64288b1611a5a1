import type { SignalSlots } from './statement.ts';

/**
 * Where a wire's value comes from, packed in one integer: a slot of the trace, and which bit of it (or all of it).
 * The trace of a row is: value wires by value id, then the primitives' auxiliary numbers, then field elements.
 */
export type WireSource = number;

/** Sources by signal name as the `.sym` file writes it without `main.` and index: `layer0.bit`, `context`. */
export type SignalSources = ReadonlyMap<string, readonly WireSource[]>;

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

/** The source of a signal as the `.sym` file names it; `main.layer0.bit[3]` is entry 3 of `layer0.bit`. */
export function sourceOfSignal(sources: SignalSources, signal: string): WireSource | undefined {
  // `digest.permutation[0].out` has brackets, but no index of its own.
  const bracket = signal.endsWith(']') ? signal.lastIndexOf('[') : -1;
  const base = signal.slice('main.'.length, bracket === -1 ? undefined : bracket);
  const index = bracket === -1 ? 0 : Number(signal.slice(bracket + 1, -1));
  return sources.get(base)?.[index];
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
