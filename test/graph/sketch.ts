import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import type { FloatGraph } from '../../src/graph/float-graph.ts';
import { convolution } from '../../src/import/convolution.ts';
import { dense } from '../../src/import/dense.ts';
import { GraphBuilder } from '../../src/import/graph-builder.ts';
import { averagePool, maxPool } from '../../src/import/pooling.ts';
import type { TensorView } from '../../src/import/tensor.ts';
import { Dice, SOURCE } from './random-graph.ts';

/** Builds small networks with pseudo-random weights; nodes are named after the method that made them. */
export class Sketch {
  readonly builder = new GraphBuilder('sketch', 'sketch.onnx');
  readonly dice = new Dice(7);
  readonly x: TensorView;

  constructor(...shape: number[]) {
    this.x = this.builder.input('x', [1, ...shape]);
  }

  conv(x: TensorView, outputs: number, kernel = 3, pad = kernel === 3 ? 1 : 0): TensorView {
    const weights = this.dice.tensor(outputs, x.shape[1]!, kernel, kernel);
    const bias = this.dice.tensor(outputs).data;
    const both = (value: number) => [value, value];
    const window = {
      kernel: both(kernel),
      strides: both(1),
      dilations: both(1),
      padBegin: both(pad),
      padEnd: both(pad),
    };
    return convolution(this.builder, { name: 'conv', op: 'Conv' }, x, weights, bias, { window, groups: 1 });
  }

  dense(x: TensorView, rows: number): TensorView {
    const flat = { shape: [1, x.ids.length], ids: x.ids };
    const bias = this.dice.tensor(rows).data;
    return dense(
      this.builder,
      { name: 'dense', op: 'Gemm' },
      flat,
      this.dice.tensor(rows, x.ids.length),
      bias,
    );
  }

  relu(x: TensorView): TensorView {
    return this.builder.activation({ name: 'relu', op: 'Relu' }, x, { kind: 'relu' });
  }

  leaky(x: TensorView, alpha: number): TensorView {
    return this.builder.activation({ name: 'leaky', op: 'LeakyRelu' }, x, { kind: 'leaky-relu', alpha });
  }

  clip(x: TensorView, min: number, max: number): TensorView {
    return this.builder.activation({ name: 'clip', op: 'Clip' }, x, { kind: 'clip', min, max });
  }

  /** A batch norm per channel, with positive factors between 0.5 and 1.5. */
  norm(x: TensorView): TensorView {
    const shape = [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
    const scale = this.dice.tensor(...shape);
    const positive = { shape, data: scale.data.map((value) => value / 2 + 1) };
    return this.builder.affine(
      { name: 'norm', op: 'BatchNormalization' },
      x,
      positive,
      this.dice.tensor(...shape),
    );
  }

  add(a: TensorView, b: TensorView): TensorView {
    return this.builder.add({ name: 'add', op: 'Add' }, a, b);
  }

  max(x: TensorView, size = 2, stride = size): TensorView {
    return maxPool(this.builder, { name: 'max', op: 'MaxPool' }, x, square(size, stride));
  }

  mean(x: TensorView, size = 2, stride = size): TensorView {
    return averagePool(this.builder, { name: 'mean', op: 'AveragePool' }, x, square(size, stride), true);
  }

  graph(output: TensorView): FloatGraph {
    return this.builder.finish(SOURCE, [{ name: 'y', view: output, head: 'none' }]);
  }
}

function square(size: number, stride: number) {
  const both = (value: number) => [value, value];
  return {
    kernel: both(size),
    strides: both(stride),
    dilations: both(1),
    padBegin: both(0),
    padEnd: both(0),
  };
}

/** The names of the nodes, in order: `['conv', 'relu']`. */
export function namesOf(graph: FloatGraph): string[] {
  return graph.nodes.map((node) => node.name);
}

/** The largest absolute difference between the outputs of two graphs on a few rows. */
export function difference(a: FloatGraph, b: FloatGraph): number {
  const dice = new Dice(11);
  let worst = 0;
  for (let row = 0; row < 3; row += 1) {
    const input = dice.tensor(a.input.count).data;
    const [left, right] = [a, b].map((graph) => outputsOf(graph, executeFloat(graph, input)));
    for (let i = 0; i < left!.length; i += 1) worst = Math.max(worst, Math.abs(left![i]! - right![i]!));
    if (left!.length !== right!.length) return Infinity;
  }
  return worst;
}
