import type { ActivationFunction, FloatGraph } from '../../src/graph/float-graph.ts';
import { convolution } from '../../src/import/convolution.ts';
import { dense } from '../../src/import/dense.ts';
import { GraphBuilder, type NodeInfo } from '../../src/import/graph-builder.ts';
import { averagePool, maxPool, reduceAxes } from '../../src/import/pooling.ts';
import {
  concatViews,
  permuteView,
  rearrangeView,
  reshapeView,
  walkAxes,
} from '../../src/import/rearrange.ts';
import { sizeOf, type TensorView } from '../../src/import/tensor.ts';
import type { WindowSpec } from '../../src/import/windows.ts';
import { SAMPLES } from './activation-samples.ts';

export const SOURCE = { format: 'onnx', file: 'random.onnx', sha256: '00' } as const;

/** Reproducible pseudo-random numbers (Lehmer generator modulo 2^31 − 1). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2147483646) + 1;
  }

  /** Between `low` and `high`. */
  real(low: number, high: number): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return low + ((high - low) * this.#state) / 2147483647;
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return Math.floor(this.real(low, high + 1 - 1e-9));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }

  tensor(...shape: number[]) {
    return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => this.real(-1, 1)) };
  }
}

/** A random network over a small image, with skip connections; contains everything that the passes rewrite. */
export function randomGraph(seed: number): FloatGraph {
  const dice = new Dice(seed);
  const builder = new GraphBuilder('random', SOURCE.file);
  let x = builder.input('x', [1, dice.int(1, 3), dice.int(4, 7), dice.int(4, 7)]);
  const seen: TensorView[] = [x];
  const layers = dice.int(2, 9);
  for (let k = 0; k < layers; k += 1) {
    x = randomLayer(builder, dice, x, seen, k);
    seen.push(x);
  }
  if (dice.int(0, 1) === 1) {
    const flat = reshapeView(x, [1, x.ids.length]);
    x = dense(
      builder,
      { name: 'dense', op: 'Gemm' },
      flat,
      dice.tensor(3, flat.ids.length),
      dice.tensor(3).data,
    );
    x = dense(builder, { name: 'more', op: 'Gemm' }, x, dice.tensor(2, 3));
  }
  return builder.finish(SOURCE, [{ name: 'y', view: x, head: 'none' }]);
}

/** Any kind of activation with random parameters. */
export function randomActivation(dice: Dice): ActivationFunction {
  return dice.pick(Object.values(SAMPLES))(dice);
}

function randomLayer(
  builder: GraphBuilder,
  dice: Dice,
  x: TensorView,
  seen: TensorView[],
  k: number,
): TensorView {
  const [channels, ...plane] = x.shape.slice(1) as [number, number, number];
  const node = (op: string): NodeInfo => ({ name: `${op.toLowerCase()}_${k}`, op });
  const window: WindowSpec = {
    kernel: [dice.int(1, 3), dice.int(1, 3)],
    strides: [dice.int(1, 2), dice.int(1, 2)],
    dilations: [1, 1],
    padBegin: [dice.int(0, 1), 0],
    padEnd: [0, dice.int(0, 1)],
    ceilMode: dice.int(0, 1) === 1,
  };
  const fits = plane.every((size, axis) => size >= 3 && window.padBegin[axis]! < window.kernel[axis]!);
  const small = fits && plane.every((size, axis) => size > 3 && window.padEnd[axis]! < window.kernel[axis]!);
  const other = dice.pick(seen.filter((view) => String(view.shape) === String(x.shape)));
  const pairs: WindowSpec = { ...window, kernel: [2, 2], strides: [2, 2] };
  const layers: (() => TensorView)[] = [
    () => activate(x),
    () => activate(x),
    () => activate(x),
    () => activate(activate(x)),
    () => activate(activate(activate(x))),
    () => activate(border(activate(x))),
    () => maxPool(builder, node('MaxPool'), border(activate(x)), pairs),
    () => convolve(1, channels, activate(averagePool(builder, node('AveragePool'), border(x), pairs, true))),
    () =>
      builder.affine(node('BatchNormalization'), x, dice.tensor(channels, 1, 1), dice.tensor(channels, 1, 1)),
    () => builder.affine(node('Mul'), x, dice.tensor(), undefined),
    () => builder.affine(node('Add'), x, undefined, dice.tensor(...plane)),
    () => builder.add(node('Add'), x, other, dice.pick([1, -1])),
    () => builder.add(node('Add'), convolve(1, channels), other),
    () => builder.add(node('Add'), convolve(1, channels), convolve(1, channels)),
    () => convolve(1, dice.int(1, 3)),
    () => (small ? convolve(window.kernel[0]!, dice.int(1, 3)) : x),
    () => (small ? maxPool(builder, node('MaxPool'), x, window) : x),
    () => (small ? averagePool(builder, node('AveragePool'), x, window, dice.int(0, 1) === 1) : x),
    () => (small ? maxPool(builder, node('MaxPool'), x, pairs) : x),
    () => reduceAxes(builder, node('ReduceMean'), x, dice.pick([[1], [2, 3]]), 'mean'),
    () => permuteView(x, [0, 1, 3, 2]),
    () => concatViews([x, other], 1),
    () => crop(x, dice),
  ];
  const activate = (view: TensorView) => builder.activation(node('Activation'), view, randomActivation(dice));
  const convolve = (size: number, outputs: number, view = x) =>
    convolution(
      builder,
      node('Conv'),
      view,
      dice.tensor(outputs, channels, size, size),
      dice.tensor(outputs).data,
      {
        window: {
          ...window,
          kernel: [size, size],
          strides: size === 1 ? [1, 1] : window.strides,
          ...pads(size, window),
        },
        groups: 1,
      },
    );
  return dice.pick(layers)();
}

function pads(size: number, window: WindowSpec): Pick<WindowSpec, 'padBegin' | 'padEnd' | 'ceilMode'> {
  if (size === 1) return { padBegin: [0, 0], padEnd: [0, 0], ceilMode: false };
  return { padBegin: window.padBegin, padEnd: window.padEnd, ceilMode: false };
}

/** Crops a row or column, or pads one with zeros. */
function crop(x: TensorView, dice: Dice): TensorView {
  const walks = x.shape.map((size, axis) => {
    const by = axis < 2 || size < 3 ? 0 : dice.int(-1, 1);
    return { size: size + by, start: by < 0 ? 1 : 0, step: 1 };
  });
  return rearrangeView(x, walkAxes(x.shape, walks));
}

/** Pads a row and a column of zeros. */
function border(x: TensorView): TensorView {
  const walks = x.shape.map((size, axis) => ({ size: axis < 2 ? size : size + 1, start: 0, step: 1 }));
  return rearrangeView(x, walkAxes(x.shape, walks));
}
