import { readSym } from '../formats/sym-file.ts';
import {
  CODES_PER_SLOT,
  type SignalSources,
  slotOf,
  sourceOfSignal,
  type WireSource,
  wholeSlot,
} from '../integer/wire-source.ts';

/** What the circuit's builder says of its signals: which slot each stands for, and which slots share a wire. */
export interface Names {
  readonly sources: SignalSources;
  readonly copies: ReadonlyMap<number, number>;
  /** The wires of the inputs, whose slots are the first. */
  readonly inputWires: readonly number[];
}

/** Which wire carries a number of the trace according to circom's names. Hints only: no proof rests on them. */
export class WireHints {
  readonly #wires: Int32Array;

  private constructor(wires: Int32Array) {
    this.#wires = wires;
  }

  static read({ sources, copies, inputWires }: Names, symText: string, wireCount: number): WireHints {
    let top = inputWires.length;
    for (const pair of copies) top = Math.max(top, ...pair);
    for (const wires of sources.values()) for (const source of wires) top = Math.max(top, slotOf(source));
    const found = new Int32Array((top + 1) * CODES_PER_SLOT).fill(-1);
    for (const [input, wire] of inputWires.entries()) found[wholeSlot(input)] = wire;
    readSym(symText, (wire, name) => {
      const source = sourceOfSignal(sources, name);
      if (source !== undefined && found[source] === -1 && wire < wireCount) found[source] = wire;
    });
    nameCopies(found, copies, inputWires.length);
    return new WireHints(found);
  }

  /** The wire that is said to carry the source; −1 if there is none. */
  of(source: WireSource): number {
    return this.#wires[source] ?? -1;
  }
}

/**
 * circom keeps one name of the wire that several slots share: the first public one, if there is any. Here the others get
 * the first wire that any of them is said to have, or the input's whose wire they share.
 */
function nameCopies(wires: Int32Array, copies: Names['copies'], inputs: number): void {
  const classes = new Map<number, number[]>();
  for (const slot of copies.keys()) {
    let root = slot;
    for (let next = copies.get(root); next !== undefined; next = copies.get(root)) root = next;
    const members = classes.get(root) ?? [root];
    members.push(slot);
    classes.set(root, members);
  }
  for (const [root, members] of classes) {
    const named = members.map((slot) => wires[wholeSlot(slot)]!).filter((wire) => wire !== -1);
    const wire = root < inputs ? wires[wholeSlot(root)]! : Math.min(...named);
    if (named.length > 0) for (const slot of members) wires[wholeSlot(slot)] = wire;
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
