import { Dice } from '../../../graph/random-graph.ts';
import type { AttributeSpec, NodeSpec, WeightSpec } from '../../../import/onnx/build-onnx.ts';
import type { Choices } from '../choices.ts';

/** The element types of columns, by number in ONNX. */
export const ELEMENT = { float: 1, double: 11, integer: 7, small: 6, flag: 9, text: 8 } as const;

/** Columns of one row, [1, width], under a name in the file. */
export interface Columns {
  readonly name: string;
  readonly width: number;
  readonly type: keyof typeof ELEMENT;
  /** About how large their numbers are. */
  readonly unit: number;
  /** Whether each is an input, perhaps moved and scaled: trees take such steps into their tests. */
  readonly isInput: boolean;
  /** Whether float32 arithmetic and ours give the same numbers, if trees read them. */
  readonly isExact: boolean;
}

export type Attributes = Readonly<Record<string, AttributeSpec>>;

export const floats = (values: readonly number[]): AttributeSpec => ({ floats: values.map(Math.fround) });
export const strings = (values: readonly string[]): AttributeSpec => ({ strings: values });
export const float = (value: number): AttributeSpec => ({ float: Math.fround(value) });

/** Collects inputs, nodes and weights of a model that reads tables. All random numbers come from decisions. */
export class TableMaker {
  readonly nodes: NodeSpec[] = [];
  readonly weights: Record<string, WeightSpec> = {};
  readonly inputs: Columns[] = [];
  readonly choices: Choices;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  /** Declares the next input of the model; the first is called `x`. */
  input(type: Columns['type'], width: number, unit: number): Columns {
    const name = this.inputs.length === 0 ? 'x' : `c${this.inputs.length}`;
    const columns = { name, type, width, unit, isInput: true, isExact: true };
    this.inputs.push(columns);
    return columns;
  }

  /** Adds a node of ai.onnx.ml and returns the name of its first output. */
  learned(op: string, inputs: readonly string[], attributes: Attributes = {}, further = 0): string {
    return this.#add({ op, domain: 'ai.onnx.ml', inputs, attributes }, further);
  }

  /** Adds a node of ONNX itself and returns the name of its output. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.#add({ op, inputs, attributes }, 0);
  }

  integers(data: readonly number[]): string {
    return this.#store({ shape: [data.length], data, int: true });
  }

  floats(data: readonly number[], shape: readonly number[] = [data.length]): string {
    return this.#store({ shape, data: data.map(Math.fround) });
  }

  /** Numbers around 0, which are one decision together. */
  noise(count: number, magnitude = 1): number[] {
    const dice = this.dice();
    return Array.from({ length: count }, () => Math.fround(dice.real(-1, 1) * magnitude));
  }

  /** Multiples of ⅛, whose sums float32 computes exactly. */
  eighths(count: number): number[] {
    const dice = this.dice();
    return Array.from({ length: count }, () => dice.int(-80, 80) / 8);
  }

  dice(): Dice {
    return new Dice(this.choices.upTo(999));
  }

  #add(node: Omit<NodeSpec, 'output'>, further: number): string {
    const output = `${node.op.toLowerCase()}_${this.nodes.length}`;
    const more = Array.from({ length: further }, (_, k) => `${output}_${k + 1}`);
    this.nodes.push({ ...node, output, name: output, ...(further > 0 && { further: more }) });
    return output;
  }

  #store(weight: WeightSpec): string {
    const name = `w${Object.keys(this.weights).length}`;
    this.weights[name] = weight;
    return name;
  }
}
