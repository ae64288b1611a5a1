import type { Auxiliaries, AuxiliarySink, BitsName, OutputAuxiliaries, WholeName } from './auxiliary.ts';
import type { Bounds } from './bounds.ts';
import type { IntegerGraph } from './integer-graph.ts';
import { primitiveOf } from './primitives.ts';
import { bitOfSlot, type WireSource, wholeSlot } from './wire-source.ts';

/** An auxiliary number under the name that its primitive gives it. */
export interface Auxiliary {
  readonly name: string;
  /** How many bits carry it; undefined if it is on one wire. */
  readonly bits: number | undefined;
}

/**
 * Where the trace of a row holds its numbers. The slot of a value is its id. After the values come the auxiliary
 * numbers of every output, ordered by value id, one slot each. The layout follows from the primitives' declarations
 * alone.
 */
export class TraceLayout {
  /** The first slot after values and auxiliaries. The statement's field elements follow. */
  readonly end: number;
  readonly #bounds: Bounds;
  readonly #valueCount: number;
  /** By value id: index of its first auxiliary in `#auxiliaries`, plus one entry for the end. */
  readonly #first: Int32Array;
  readonly #auxiliaries: readonly Auxiliary[];
  readonly #nodes: readonly { readonly count: number; readonly write: OutputAuxiliaries<Auxiliaries> }[];

  constructor(graph: IntegerGraph, bounds: Bounds) {
    const valueCount = bounds.lo.length;
    const first = new Int32Array(valueCount + 1);
    const names = new Names();
    const nodes: { count: number; write: OutputAuxiliaries<Auxiliaries> }[] = [];
    for (const node of graph.nodes) {
      const write = primitiveOf(node).auxiliary(node, bounds);
      if (write !== undefined) nodes.push({ count: node.count, write });
      for (let index = 0; index < node.count; index += 1) {
        // Any values within the bounds will do: they change the numbers, but not which numbers are written.
        write?.(index, bounds.lo, names);
        first[node.first + index + 1] = names.found.length;
      }
    }
    this.end = valueCount + names.found.length;
    this.#bounds = bounds;
    this.#valueCount = valueCount;
    this.#first = first;
    this.#auxiliaries = names.found;
    this.#nodes = nodes;
  }

  /** The auxiliaries of one value, each with its slot. */
  auxiliariesOf(id: number): (Auxiliary & { readonly slot: number })[] {
    const first = this.#first[id]!;
    return this.#auxiliaries
      .slice(first, this.#first[id + 1]!)
      .map((auxiliary, k) => ({ ...auxiliary, slot: this.#valueCount + first + k }));
  }

  /** Reads the slots of one value's auxiliaries by name, in order. `A` is what the value's primitive declares. */
  cursor<A extends Auxiliaries>(id: number): AuxiliaryCursor<A> {
    return new AuxiliaryCursor(this.auxiliariesOf(id));
  }

  /** Number of constraints that define the auxiliaries of one value. */
  cost(id: number): number {
    let cost = 0;
    for (let k = this.#first[id]!; k < this.#first[id + 1]!; k += 1) {
      const { bits } = this.#auxiliaries[k]!;
      cost += bits === undefined ? 1 : bits === 0 ? 0 : bits + 1;
    }
    return cost;
  }

  /**
   * The integers that a witness is read from, by slot: every value as its wire carries it (value − proved minimum, so
   * never negative), then the auxiliary numbers.
   *
   * @param values all values of one row, from the integer executor
   */
  traceOf(values: Float64Array): Float64Array {
    const { lo } = this.#bounds;
    const trace = new Float64Array(this.end);
    for (let id = 0; id < values.length; id += 1) trace[id] = values[id]! - lo[id]!;
    const numbers = new Numbers(trace, values.length);
    for (const { count, write } of this.#nodes) {
      for (let index = 0; index < count; index += 1) write(index, values, numbers);
    }
    return trace;
  }
}

/** Steps through one value's auxiliaries. A name in the wrong order is a bug in this program. */
export class AuxiliaryCursor<A extends Auxiliaries> {
  readonly #auxiliaries: readonly (Auxiliary & { readonly slot: number })[];
  #next = 0;

  constructor(auxiliaries: readonly (Auxiliary & { readonly slot: number })[]) {
    this.#auxiliaries = auxiliaries;
  }

  /** @returns the source of bit k */
  bits(name: BitsName<A>): (k: number) => WireSource {
    const slot = this.#take(name, true);
    return (k) => bitOfSlot(slot, k);
  }

  whole(name: WholeName<A>): WireSource {
    return wholeSlot(this.#take(name, false));
  }

  #take(name: string, asBits: boolean): number {
    const own = this.#auxiliaries[this.#next];
    if (own?.name !== name || (own.bits !== undefined) !== asBits) {
      throw new Error(`the next auxiliary is ${own?.name ?? 'none'}, not ${name}`);
    }
    this.#next += 1;
    return own.slot;
  }
}

/** Collects the names and widths that a primitive writes. */
class Names implements AuxiliarySink<Auxiliaries> {
  readonly found: Auxiliary[] = [];

  bits(name: string, bits: number): void {
    this.found.push({ name, bits });
  }

  whole(name: string): void {
    this.found.push({ name, bits: undefined });
  }
}

/** Writes the numbers to consecutive slots of a trace. */
class Numbers implements AuxiliarySink<Auxiliaries> {
  readonly #trace: Float64Array;
  #next: number;

  constructor(trace: Float64Array, next: number) {
    this.#trace = trace;
    this.#next = next;
  }

  bits(_name: string, _bits: number, value: number): void {
    this.#trace[this.#next] = value;
    this.#next += 1;
  }

  whole(_name: string, value: number): void {
    this.#trace[this.#next] = value;
    this.#next += 1;
  }
}
