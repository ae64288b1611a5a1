import type { IntegerNode } from '../integer/integer-graph.ts';

/** A template's argument: a number, or an array of one or two dimensions. */
export type Argument = number | ArrayLike<number> | readonly Argument[];

/**
 * One layer of a generated circuit: instances of one template, one a position (a pixel of a convolution, a window of
 * a pool; a dense layer has one). circom runs a template once per distinct arguments, so positions that are alike
 * cost it nothing.
 */
export interface Layer {
  /** `layer3`, `layer3_1`: unique in the circuit. */
  readonly name: string;
  /** The node whose outputs it computes, by that primitive's template. */
  readonly node: IntegerNode;
  /** Where in the model it comes from, other nodes that it computes included: for comments. */
  readonly origin: readonly string[];
  readonly positions: number;
  /** Value ids wired to position p's `in[t]`: sources[p * inputs + t]. */
  readonly inputs: number;
  readonly sources: Int32Array;
  /** Position p's `out[r]` carries the value outputFirst + r * positions + p. */
  readonly outputs: number;
  readonly outputFirst: number;
  /** What the instances are made with. Worked out when asked for: a cost estimate needs none of it. */
  readonly instances: () => Instances;
  /**
   * Outputs that take a constraint of their own, all positions together. The others are constants, or one wire under
   * another name, which O1 merges. The constraints of auxiliaries follow from the primitive's declaration.
   */
  readonly outputRows: number;
}

export interface Instances {
  readonly args: readonly LayerArgument[];
  /** Positions with equal arguments share a class: an array of components of its own. */
  readonly classOf: Int32Array;
}

export interface LayerArgument {
  readonly name: string;
  /** The same at all positions, or one value a class. */
  readonly value: { readonly shared: Argument } | { readonly byClass: readonly Argument[] };
}

/** Positions that share arguments, as one array of components. */
export interface LayerGroup {
  /** `layer3`, or where there are several `layer3_class2`. */
  readonly name: string;
  readonly positions: readonly number[];
}

/** (circom refuses arrays of components whose own signals differ in size, so classes cannot share one.) */
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

/** Groups positions by their arguments: the first of each group stands for it. */
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
