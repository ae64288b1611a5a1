import { ZERO } from '../graph/float-graph.ts';

/**
 * What circom makes of the signal of a layer's output:
 *
 * - `row`: a wire, held by a constraint of its own;
 * - `auxiliary`: another name of one of the layer's own signals, whose constraints its primitive declares;
 * - `constant`: a signal that is assigned a number;
 * - `copyOf`: another name of the wire of a slot.
 */
export type OutputWire = 'row' | 'auxiliary' | 'constant' | { readonly copyOf: number };

/** A signal that is assigned another one is a constant if that one stands for padding. */
export function copyOf(slot: number): OutputWire {
  return slot === ZERO ? 'constant' : { copyOf: slot };
}

/** Some slots in order, and what circom makes of their signals. */
export interface AssignedWires {
  readonly outputFirst: number;
  readonly outputWires: readonly OutputWire[];
}

/**
 * Which slots share a wire: the only account of it. circom simplifies at `--O1` in one pass over the constraints as they
 * are written, and does not look again at what becomes simple by it:
 *
 * 1. A constraint with two signals, no constant and coefficients that add up to 0 is an equality. Equalities join
 *    signals into classes. The public signals of a class all keep their wires, and each but the first keeps a
 *    constraint that says that it equals the first; all other signals of the class get the wire of the first public
 *    signal. A class without public signals has one wire, that of its first signal.
 * 2. A constraint with one signal and a constant then fixes a class. If no member of it is public, the class has no wire,
 *    and its number is put into all other constraints; else the constraint stays.
 * 3. All other constraints stay, even if they have become equalities, or `wire = number`.
 *
 * Each input of a template is a signal of its own. So a sum is an equality only if it has one term that is not 0, with
 * weight 1 and without a constant; two terms that read one wire or a padding do not make one (rule 3).
 *
 * By rule 1, a private input that is stated as it is would lose its wire, and the r1cs header would still count it
 * (see check/input-wires.ts). A stated value that shares the wire of an input is therefore stated as its sum with a
 * signal that is 0, which rule 3 keeps apart.
 */
export class SharedWires {
  /** By slot: the slot whose wire it has another name for. */
  readonly copies: ReadonlyMap<number, number>;
  readonly #inputs: number;
  readonly #constant = new Set<number>();

  constructor(inputs: number, assigned: readonly AssignedWires[]) {
    const copies = new Map<number, number>();
    for (const { outputFirst, outputWires } of assigned) {
      outputWires.forEach((wire, k) => {
        if (wire === 'constant') this.#constant.add(outputFirst + k);
        else if (typeof wire === 'object') copies.set(outputFirst + k, wire.copyOf);
      });
    }
    this.copies = copies;
    this.#inputs = inputs;
  }

  /** The slot whose layer, or input, the wire of a slot is from. */
  rootOf(slot: number): number {
    let root = slot;
    for (let next = this.copies.get(root); next !== undefined; next = this.copies.get(root)) root = next;
    return root;
  }

  /** Whether a slot shares the wire of an input. */
  isInput(slot: number): boolean {
    return this.rootOf(slot) < this.#inputs;
  }

  /** Constraints that hold public outputs, in addition to those that define values: by root of the values stated. */
  statedRows(stated: Iterable<number>): ReadonlyMap<number, number> {
    const rows = new Map<number, number>();
    for (const id of stated) {
      const root = this.rootOf(id);
      const before = rows.get(root) ?? (this.isInput(root) || this.#constant.has(root) ? 0 : -1);
      rows.set(root, before + 1);
    }
    return rows;
  }
}
