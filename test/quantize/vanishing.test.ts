import { describe, expect, it } from 'vitest';
import type { FloatGraph } from '../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { dense } from '../../src/import/dense.ts';
import { GraphBuilder } from '../../src/import/graph-builder.ts';
import { averagePool, maxPool } from '../../src/import/pooling.ts';
import { concatViews } from '../../src/import/rearrange.ts';
import type { TensorView } from '../../src/import/tensor.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import { isWidthRefusal, uniformWidths } from '../../src/quantize/bit-widths.ts';
import { type Calibration, calibrate } from '../../src/quantize/calibrate.ts';
import { calibratedScales } from '../../src/quantize/calibrated-scales.ts';
import type { EffectiveLinear } from '../../src/quantize/effective-linear.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';
import { type QuantizedModel, quantizer } from '../../src/quantize/quantize.ts';
import { stepGroups } from '../../src/quantize/step-groups.ts';
import { Dice, SOURCE } from '../graph/random-graph.ts';

const DICE = new Dice(17);
const RANDOM_CASES = 200;

/** A network over `features` inputs, quantized with the same bits throughout, on rows of these magnitudes. */
function quantize(
  magnitudes: readonly number[],
  bits: number,
  build: (builder: GraphBuilder, x: TensorView) => TensorView,
): { model: QuantizedModel; calibration: Calibration; graph: FloatGraph } {
  const builder = new GraphBuilder('sums', SOURCE.file);
  const x = builder.input('x', [1, magnitudes.length]);
  const graph = simplifyGraph(builder.finish(SOURCE, [{ name: 'y', view: build(builder, x), head: 'none' }]));
  const rows = Array.from({ length: 60 }, () =>
    Float64Array.from(magnitudes, (magnitude) => DICE.real(-magnitude, magnitude)),
  );
  const calibration = calibrate(graph, rows);
  const model = quantizer(graph, calibration, { input: 'public', decisions: [{ kind: 'logits' }] })(
    uniformWidths(bits),
  );
  return { model, calibration, graph };
}

/** The largest error of each output, as a share of the span of that output. */
function errors({ model, calibration }: ReturnType<typeof quantize>): number[] {
  const worst = Array.from(model.outputs[0]!.logits, () => 0);
  calibration.rows.forEach((row, k) => {
    const values = executeInteger(model.graph, encodeClamped(model, row));
    model.outputs[0]!.logits.forEach((id, i) => {
      worst[i] = Math.max(
        worst[i]!,
        Math.abs(values[id]! * model.outputs[0]!.scale - calibration.outputs[k]![i]!),
      );
    });
  });
  return worst.map((error, i) => {
    const own = calibration.outputs.map((output) => output[i]!);
    return error / (Math.max(...own) - Math.min(...own));
  });
}

const randomDense = (builder: GraphBuilder, x: TensorView, rows: number, scale = 1) => {
  const weights = DICE.tensor(rows, x.ids.length);
  const scaled = { ...weights, data: weights.data.map((weight) => weight * scale) };
  return dense(builder, { name: 'dense', op: 'Gemm' }, x, scaled, DICE.tensor(rows).data);
};
const relu = (builder: GraphBuilder, x: TensorView) =>
  builder.activation({ name: 'relu', op: 'Relu' }, x, { kind: 'relu' });

describe('a sum of operands with differing scales', () => {
  it('has an error from rounded weights of at most a 64th of its range at 8 bits, halved by every bit', () => {
    for (let k = 0; k < RANDOM_CASES; k += 1) {
      const bits = DICE.int(4, 12);
      const { share, scales } = randomSum(bits);
      if (!(share <= 4 / 2 ** bits)) expect({ k, bits, share, scales }).toBeUndefined();
    }
  });

  it('keeps an un-rectified operand beside a rectified one', () => {
    const found = quantize([1, 1, 1, 1], 10, (builder, x) => {
      const linear = randomDense(builder, randomDense(builder, x, 4), 4);
      return randomDense(builder, concatViews([linear, relu(builder, linear)], 1), 3);
    });
    expect(Math.max(...errors(found))).toBeLessThan(0.01);
  });

  it('keeps every unit where one activation holds quantities of very different size', () => {
    const found = quantize([20, 1e5, 0.5], 10, (builder, x) => {
      const hidden = relu(builder, x);
      const weights = Float64Array.from([1 / 20, 0, 0, 0, 1e-5, 0, 0, 0, 2]);
      return dense(
        builder,
        { name: 'dense', op: 'Gemm' },
        hidden,
        { shape: [3, 3], data: weights },
        new Float64Array(3),
      );
    });
    expect(Math.max(...errors(found))).toBeLessThan(0.01);
  });

  it('keeps every channel of a pool, also where windows reach beyond the edge', () => {
    const units = [20, 1e5, 0.5].flatMap((unit) => new Array<number>(4).fill(unit));
    const window = {
      ...{ kernel: [2], strides: [2], dilations: [1] },
      ...{ padBegin: [1], padEnd: [1] },
    };
    const pools = {
      max: (builder: GraphBuilder, x: TensorView) =>
        maxPool(builder, { name: 'max', op: 'MaxPool' }, x, window),
      mean: (builder: GraphBuilder, x: TensorView) =>
        averagePool(builder, { name: 'mean', op: 'AveragePool' }, x, window, true),
    };
    for (const pool of Object.values(pools)) {
      const found = quantize(units, 10, (builder, x) => {
        const pooled = pool(builder, { shape: [1, 3, 4], ids: x.ids });
        const weights = DICE.tensor(2, pooled.ids.length);
        const perUnit = weights.data.map((weight, i) => weight / [20, 1e5, 0.5][Math.floor(i / 3) % 3]!);
        const flat = { shape: [1, pooled.ids.length], ids: pooled.ids };
        const scaled = { ...weights, data: perUnit };
        return dense(builder, { name: 'dense', op: 'Gemm' }, flat, scaled, new Float64Array(2));
      });
      expect(Math.max(...errors(found))).toBeLessThan(0.01);
    }
  });
});

/** Scales chosen for one random sum, and the root of the sum of squared errors as a share of its range. */
function randomSum(bits: number) {
  const count = DICE.int(2, 12);
  const largest = Float64Array.from({ length: count }, () => Math.floor(2 ** DICE.real(0, 20)));
  const weights = largest.map((own) => (DICE.real(-1, 1) * 2 ** DICE.real(-4, 4)) / own);
  const bias = Float64Array.of(DICE.real(-1, 1));
  const block = { rows: 1, positions: 1, taps: count, gather: Int32Array.from(largest.keys()) };
  const reach = new Float64Array(count).fill(1);
  const linear: EffectiveLinear = {
    blocks: [{ ...block, weights, reach, largest }],
    diagonals: [],
    bias,
  };
  const { graph } = quantize([1], 8, (builder, x) => randomDense(builder, x, 1));
  const span =
    weights.reduce((sum, weight, i) => sum + Math.abs(weight) * largest[i]!, 0) * DICE.real(0.2, 1);
  const calibration = {
    rows: [],
    accepted: [],
    outputs: [],
    low: Float64Array.of(0, 0),
    high: Float64Array.of(0, span),
  };
  const source = calibratedScales(graph, calibration, stepGroups(graph));
  const [scale] = source.scales({ name: 'sum', linear, values: [1], weightBits: bits });
  const errorOf = (real: number) => Math.abs(Math.round(real / scale!) * scale! - real);
  const squares = weights.reduce((sum, weight, i) => sum + (errorOf(weight) * largest[i]!) ** 2, 0);
  return { share: Math.sqrt(squares + errorOf(bias[0]!) ** 2) / span, scales: { scale, largest, weights } };
}

describe('a constant', () => {
  it('is exact beside an input, an activation, or in a residual', () => {
    const constant = (builder: GraphBuilder, value: number) =>
      builder.constant(
        { name: 'constant', op: 'Constant' },
        { shape: [1, 2], data: new Float64Array(2).fill(value) },
      );
    for (const value of [0.4, -0.003, 1000]) {
      const found = quantize([1, 1], 10, (builder, x) => {
        return randomDense(builder, concatViews([relu(builder, x), constant(builder, value)], 1), 3);
      });
      expect(Math.max(...errors(found))).toBeLessThan(0.01);
    }
  });

  it('is all that a clip between equal bounds gives, also after a ReLU', () => {
    for (const [min, max] of [
      [1, 1],
      [-2, -1],
      [0, 0],
    ] as const) {
      const found = quantize([1, 1, 1], 10, (builder, x) => {
        const rectified = relu(builder, randomDense(builder, x, 3));
        const clipped = builder.activation({ name: 'clip', op: 'Clip' }, rectified, {
          kind: 'clip',
          min,
          max,
        });
        return randomDense(builder, concatViews([rectified, clipped], 1), 2);
      });
      expect(Math.max(...errors(found))).toBeLessThan(0.01);
    }
  });

  it('may be the whole model', () => {
    const { model, calibration } = quantize([1, 1], 8, (builder, x) =>
      builder.activation({ name: 'clip', op: 'Clip' }, randomDense(builder, x, 2), {
        kind: 'clip',
        min: 0.3,
        max: 0.3,
      }),
    );
    const values = executeInteger(model.graph, encodeClamped(model, calibration.rows[0]!));
    expect(values[model.outputs[0]!.logits[0]!]! * model.outputs[0]!.scale).toBeCloseTo(0.3, 2);
  });
});

describe('bounds of a clip that are close together', () => {
  it.each([
    [5, 5.01],
    [-0.001, 0.001],
    [1, 1.5],
  ])('keep the bits of an activation but for three, or the width is refused: %d, %d', (min, max) => {
    const kept = [4, 8, 12].filter((bits) => {
      try {
        const { model } = quantize([9, 9, 9], bits, (builder, x) => {
          const fn = { kind: 'clip', min, max } as const;
          return randomDense(
            builder,
            builder.activation({ name: 'clip', op: 'Clip' }, randomDense(builder, x, 4), fn),
            2,
          );
        });
        const clip = model.graph.nodes.find((node) => node.op === 'requantize');
        const { low, high } = clip!.activation as { low: number; high: number };
        return high - low >= 2 ** bits / 32;
      } catch (error) {
        expect(isWidthRefusal(error)).toBe(true);
        return false;
      }
    });
    expect(kept).toEqual(max - min > 0.005 ? [4, 8, 12] : [8, 12]);
  });
});
