import { readSym } from '../formats/sym-file.ts';
import {
  CODES_PER_SLOT,
  type SignalSources,
  slotOf,
  sourceOfSignal,
  type WireSource,
} from '../integer/wire-source.ts';

/** Which wire carries a number of the trace according to circom's names. Hints only: no proof rests on them. */
export class WireHints {
  readonly #wires: Int32Array;

  private constructor(wires: Int32Array) {
    this.#wires = wires;
  }

  static read(sources: SignalSources, symText: string, wireCount: number): WireHints {
    let top = 0;
    for (const wires of sources.values()) for (const source of wires) top = Math.max(top, slotOf(source));
    const found = new Int32Array((top + 1) * CODES_PER_SLOT).fill(-1);
    readSym(symText, (wire, name) => {
      const source = sourceOfSignal(sources, name);
      if (source !== undefined && found[source] === -1 && wire < wireCount) found[source] = wire;
    });
    return new WireHints(found);
  }

  /** The wire that is said to carry the source; −1 if there is none. */
  of(source: WireSource): number {
    return this.#wires[source] ?? -1;
  }

  /** Says which wire carries a source that no name stands for. */
  name(source: WireSource, wire: number): void {
    this.#wires[source] = wire;
  }
}

/** Names of wires for messages; the file is parsed at the first use. */
export function wireNames(symText: string): (wire: number) => string {
  let names: Map<number, string> | undefined;
  return (wire) => {
    if (wire === 0) return '1';
    if (names === undefined) {
      names = new Map();
      const known = names;
      readSym(symText, (own, name) => {
        if (!known.has(own)) known.set(own, name.slice('main.'.length));
      });
    }
    return names.get(wire) ?? `wire ${wire}`;
  };
}
