import { sizeOf } from '../../../src/import/tensor.ts';
import { Dice } from '../../graph/random-graph.ts';
import type { NodeSpec, WeightSpec } from '../../import/onnx/build-onnx.ts';
import type { Choices } from './choices.ts';

/** A value of the model that depends on its input, with a batch of 1. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
}

type Attributes = NonNullable<NodeSpec['attributes']>;

/** Collects the nodes and weights of a model. All random numbers come from decisions. */
export class ModelMaker {
  readonly nodes: NodeSpec[] = [];
  readonly weights: Record<string, WeightSpec> = {};
  readonly choices: Choices;
  readonly opset: number;
  /** Values so far, to read again in sums and concatenations. */
  readonly seen: Tensor[] = [];

  constructor(choices: Choices, opset: number) {
    this.choices = choices;
    this.opset = opset;
  }

  /** Adds a node and returns its output. */
  node(op: string, inputs: readonly string[], shape: readonly number[], attributes?: Attributes): Tensor {
    return this.outputs(op, inputs, [shape], attributes)[0]!;
  }

  /** Adds a node with several outputs, of the given shapes. */
  outputs(
    op: string,
    inputs: readonly string[],
    shapes: readonly (readonly number[])[],
    attributes?: Attributes,
  ): Tensor[] {
    const name = `${op.toLowerCase()}_${this.nodes.length}`;
    const [output = name, ...further] = shapes.map((_, k) => (k === 0 ? name : `${name}_${k}`));
    this.nodes.push({
      op,
      inputs,
      output,
      name,
      ...(further.length > 0 && { further }),
      ...(attributes && { attributes }),
    });
    return shapes.map((shape, k) => ({ name: k === 0 ? name : `${name}_${k}`, shape }));
  }

  /** A stored tensor of whole numbers, such as a shape. */
  integers(data: readonly number[], shape: readonly number[] = [data.length]): string {
    return this.#store({ shape, data, int: true });
  }

  floats(data: ArrayLike<number>, shape: readonly number[]): string {
    return this.#store({ shape, data: Float32Array.from(data) });
  }

  /** Weights around 0, of which some rows may be much larger, tiny, or zero. */
  random(shape: readonly number[], magnitude = 1): string {
    return this.floats(this.values(shape, magnitude), shape);
  }

  values(shape: readonly number[], magnitude = 1): number[] {
    const dice = this.dice();
    const row = sizeOf(shape.slice(1));
    const gains = Array.from({ length: shape[0] ?? 1 }, () => 1);
    if (this.choices.once(6)) gains[0] = this.choices.pick([0, 1e-3, 50]);
    return Array.from({ length: sizeOf(shape) }, (_, i) => {
      return dice.real(-1, 1) * magnitude * (gains[Math.floor(i / row)] ?? 1);
    });
  }

  /** Numbers that are one decision, however many they are. */
  dice(): Dice {
    return new Dice(this.choices.upTo(999));
  }

  #store(weight: WeightSpec): string {
    const name = `w${Object.keys(this.weights).length}`;
    this.weights[name] = weight;
    return name;
  }
}
