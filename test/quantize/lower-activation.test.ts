import { describe, expect, it } from 'vitest';
import { QuietproofError } from '../../src/errors/quietproof-error.ts';
import { factsOf } from '../../src/graph/activation-facts.ts';
import type { ActivationFunction } from '../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import type { IntegerActivation } from '../../src/integer/integer-graph.ts';
import { requantize } from '../../src/integer/requantize.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';
import { integerActivation, type Requantized } from '../../src/quantize/lower-activation.ts';
import { quantizer } from '../../src/quantize/quantize.ts';
import { SAMPLES } from '../graph/activation-samples.ts';
import { Dice } from '../graph/random-graph.ts';
import { Sketch } from '../graph/sketch.ts';

const INTEGERS = Array.from({ length: 401 }, (_, i) => i - 200);

const lower = (fn: Requantized, scale: number) => integerActivation({ name: 'act', fn }, scale, 8);

/** The integer activation applied to INTEGERS, by the executor that defines the circuit. */
function execute(activation: IntegerActivation): Float64Array {
  const count = INTEGERS.length;
  const source = Int32Array.from(INTEGERS.keys());
  const values = Float64Array.of(...INTEGERS, ...new Float64Array(count));
  const base = { name: 'act', origin: [], scale: 1, shift: 0 };
  requantize.execute({ op: 'requantize', ...base, first: count, count, source, activation }, values);
  return values.subarray(count);
}

/** Allowed error as a real number: half a step for bounds; for slopes a seventh (3.5 rounds to 4) or 2^−8. */
function allowed(fn: ActivationFunction, real: number, scale: number): number {
  const slope = fn.kind === 'leaky-relu' && real < 0 ? Math.max(fn.alpha / 7, 2 ** -8) * -real : 0;
  return slope + scale / 2 + 1e-12;
}

const { tabulated: _, ...REQUANTIZED } = SAMPLES;

describe.each(Object.entries(REQUANTIZED))('%s over integers', (__, sample) => {
  it('agrees with the real function, or is refused', () => {
    const dice = new Dice(5);
    let lowered = 0;
    for (let k = 0; k < 300; k += 1) {
      const fn = sample(dice);
      const scale = 2 ** -dice.int(4, 9);
      try {
        const { activation, scale: outScale } = lower(fn, scale);
        execute(activation).forEach((integer, i) => {
          const real = INTEGERS[i]! * scale;
          const off = Math.abs(integer * outScale - factsOf(fn).apply(real));
          if (!(off <= allowed(fn, real, scale))) expect({ fn, scale, real, off }).toBeUndefined();
        });
        lowered += 1;
      } catch (error) {
        if (!(error instanceof QuietproofError)) throw error;
        expect(['QP3002', 'QP3009']).toContain(error.code);
      }
    }
    expect(lowered).toBeGreaterThan(100);
  });
});

describe('an activation without an integer form', () => {
  it.each([-0.1, 1.5, Number.NaN])('is refused: a slope of %d', (alpha) => {
    const message = expect.stringContaining(`layer "act", leaky ReLU with slope ${alpha}`);
    expect(() => lower({ kind: 'leaky-relu', alpha }, 1)).toThrow(
      expect.objectContaining({ code: 'QP3002', message }),
    );
  });

  it.each([
    ['equal', 1, 1],
    ['equal after rounding', 5, 5.001],
    ['reversed', 2, 1],
    ['above all integers', 1e30, Infinity],
    ['below all integers', -Infinity, -1e30],
    ['not numbers', Number.NaN, 1],
  ])('is refused: bounds that are %s', (_, min, max) => {
    const message = expect.stringContaining(`layer "act", clip from ${min} to ${max}`);
    expect(() => lower({ kind: 'clip', min, max }, 0.125)).toThrow(
      expect.objectContaining({ code: 'QP3009', message }),
    );
  });
});

describe('bounds of a clip', () => {
  it('are dropped if no integer reaches them', () => {
    expect(lower({ kind: 'clip', min: -1e30, max: 4 }, 0.5).activation).toEqual({
      kind: 'clamp',
      low: null,
      high: 8,
    });
    expect(lower({ kind: 'clip', min: 0, max: 1e30 }, 0.5).activation).toEqual({
      kind: 'clamp',
      low: 0,
      high: null,
    });
  });

  it('may make the ReLU after it constant zero', () => {
    const s = new Sketch(3);
    const graph = simplifyGraph(s.graph(s.dense(s.relu(s.clip(s.dense(s.x, 4), -2, -1)), 2)));
    const calibration = calibrate(graph, [Float64Array.of(1, 0, -1), Float64Array.of(-1, 0.5, 1)]);
    const model = quantizer(graph, calibration, { input: 'public', decisions: [{ kind: 'logits' }] })(
      uniformWidths(8),
    );
    const values = executeInteger(model.graph, encodeClamped(model, calibration.rows[0]!));
    const logits = Array.from(model.outputs[0]!.logits, (id) => values[id]! * model.outputs[0]!.scale);
    logits.forEach((logit, i) => {
      expect(Math.abs(logit - calibration.outputs[0]![i]!)).toBeLessThanOrEqual(model.outputs[0]!.scale);
    });
  });
});
