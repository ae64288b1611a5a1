import type { IntegerNode } from '../integer/integer-graph.ts';
import type { OutputWire } from './shared-wires.ts';

/** A template's argument: a number, or an array of one or two dimensions. */
export type Argument = number | ArrayLike<number> | readonly Argument[];

/**
 * One layer of a generated circuit: instances of one template, one per position (a pixel of a convolution, a window of
 * a pool; a dense layer has a single position). circom runs a template once per distinct arguments, so further
 * positions with the same arguments cost no compile time.
 */
export interface Layer {
  /** `layer3`, `layer3_1`: unique in the circuit. */
  readonly name: string;
  /** The node whose outputs the layer computes, with the template of that primitive. */
  readonly node: IntegerNode;
  /** Where in the model the layer comes from, including other nodes that it computes: for comments. */
  readonly origin: readonly string[];
  readonly positions: number;
  /**
   * Number of inputs per position. sources[p * inputs + t] is the slot of the trace whose wire is `in[t]` of position p:
   * the id of a value, or the slot of an auxiliary that is an output of its layer.
   */
  readonly inputs: number;
  readonly sources: Int32Array;
  /** Number of outputs per position. `out[r]` of position p carries the slot outputFirst + r * positions + p. */
  readonly outputs: number;
  readonly outputFirst: number;
  /** The arguments of the instances. Computed on demand: a cost estimate does not need them. */
  readonly instances: () => Instances;
  /** By output, in the order of their slots. The constraints of auxiliaries follow from the primitive's declaration. */
  readonly outputWires: readonly OutputWire[];
  /** Constraints at all positions together that neither an output nor an auxiliary accounts for. Default: none. */
  readonly otherRows?: number;
  /** The value whose auxiliaries the template's signals are, where the outputs are not values: one position. */
  readonly owner?: number;
}

/** The values whose auxiliaries the signals of a layer's template are, at one position. */
export function auxiliaryOwners(
  { owner, outputFirst, outputs, positions }: Layer,
  position: number,
): readonly number[] {
  if (owner !== undefined) return [owner];
  return Array.from({ length: outputs }, (_, row) => outputFirst + row * positions + position);
}

export interface Instances {
  readonly args: readonly LayerArgument[];
  /** By position: its class. Positions of a class have equal arguments and form one array of components. */
  readonly classOf: Int32Array;
}

export interface LayerArgument {
  readonly name: string;
  /** The same at all positions, or one value per class. */
  readonly value: { readonly shared: Argument } | { readonly byClass: readonly Argument[] };
}

/** Positions that share arguments, as one array of components. */
export interface LayerGroup {
  /** `layer3`, or `layer3_class2` if there are several. */
  readonly name: string;
  readonly positions: readonly number[];
}

/** One group per class: circom refuses arrays of components whose signals differ in size. */
export function groupsOf({ name }: Layer, { classOf }: Instances): LayerGroup[] {
  const members: number[][] = [];
  classOf.forEach((own, position) => {
    const known = members[own];
    if (known === undefined) members[own] = [position];
    else known.push(position);
  });
  if (members.length === 1) return [{ name, positions: members[0]! }];
  return members.map((positions, k) => ({ name: `${name}_class${k}`, positions }));
}

/** Groups positions by their arguments. `members` holds the arguments of each class. */
export function classify(positions: number, argumentsOf: (position: number) => readonly Argument[]) {
  const classes = new Map<string, number>();
  const members: (readonly Argument[])[] = [];
  const classOf = new Int32Array(positions);
  for (let position = 0; position < positions; position += 1) {
    const args = argumentsOf(position);
    const key = JSON.stringify(args, (_, value) =>
      ArrayBuffer.isView(value) ? Array.from(value as never) : value,
    );
    const known = classes.get(key) ?? members.push(args) - 1;
    classes.set(key, known);
    classOf[position] = known;
  }
  return { classOf, members };
}
