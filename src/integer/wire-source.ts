import type { SignalSlots } from './statement.ts';

/**
 * Where a wire's value comes from, packed into one integer: a slot of the trace, and a bit of that slot or all of it.
 * A row's trace holds the values by id, then the primitives' auxiliary numbers, then field elements.
 */
export type WireSource = number;

/** Sources by signal name as in the `.sym` file, without `main.` and index: `layer0.bit`, `context`. */
export type SignalSources = ReadonlyMap<string, readonly WireSource[]>;

/** Codes per slot: one per bit (a number has at most 53), and the last one for the whole number. */
export const CODES_PER_SLOT = 64;
const WHOLE = CODES_PER_SLOT - 1;

export function wholeSlot(slot: number): WireSource {
  return slot * CODES_PER_SLOT + WHOLE;
}

export function bitOfSlot(slot: number, bit: number): WireSource {
  return slot * CODES_PER_SLOT + bit;
}

export function slotOf(source: WireSource): number {
  return Math.floor(source / CODES_PER_SLOT);
}

/** The bit, or `undefined` for the whole number. */
export function bitOf(source: WireSource): number | undefined {
  const bit = source % CODES_PER_SLOT;
  return bit === WHOLE ? undefined : bit;
}

/** The source of a signal by its name in the `.sym` file: `main.layer0.bit[3]` is entry 3 of `layer0.bit`. */
export function sourceOfSignal(sources: SignalSources, signal: string): WireSource | undefined {
  // `digest.permutation[0].out` has a bracket, but no index at its end.
  const bracket = signal.endsWith(']') ? signal.lastIndexOf('[') : -1;
  const base = signal.slice('main.'.length, bracket === -1 ? undefined : bracket);
  const index = bracket === -1 ? 0 : Number(signal.slice(bracket + 1, -1));
  return sources.get(base)?.[index];
}

/** Sources of declared signals, by name. */
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
