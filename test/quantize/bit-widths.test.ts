import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import type { NodeOf } from '../../src/integer/integer-graph.ts';
import {
  type BitWidths,
  isWidthRefusal,
  uniformWidths,
  widthsOfLayer,
  withLayerWidths,
} from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';
import { type QuantizedModel, quantizer } from '../../src/quantize/quantize.ts';
import { Dice } from '../graph/random-graph.ts';
import { Sketch } from '../graph/sketch.ts';

/** dense → relu → dense#2 → relu#2 → dense#3, and rows for it. */
function network(depth = 2) {
  const s = new Sketch(6);
  let x = s.x;
  for (let k = 0; k < depth; k += 1) x = s.relu(s.dense(x, 6));
  const graph = simplifyGraph(s.graph(s.dense(x, 2)));
  const dice = new Dice(3);
  const rows = Array.from({ length: 40 }, () => dice.tensor(6).data);
  const calibration = calibrate(graph, rows);
  const at = quantizer(graph, calibration, { input: 'public', decisions: [{ kind: 'logits' }] });
  return { graph, calibration, at };
}

function linear({ graph }: QuantizedModel, name: string): NodeOf<'linear'> {
  return graph.nodes.find((node) => node.name === name) as NodeOf<'linear'>;
}

/** The largest error of a logit, relative to the span of the logits. */
function worstError(model: QuantizedModel, { outputs, rows }: ReturnType<typeof calibrate>): number {
  const span = Math.max(...outputs.flatMap((o) => [...o])) - Math.min(...outputs.flatMap((o) => [...o]));
  const errors = rows.flatMap((row, k) => {
    const values = executeInteger(model.graph, encodeClamped(model, row));
    return Array.from(model.outputs[0]!.logits, (id, i) =>
      Math.abs(values[id]! * model.outputs[0]!.scale - outputs[k]![i]!),
    );
  });
  return Math.max(...errors) / span;
}

describe('widths of 3 to 16 bits', () => {
  it('bring the integer model as close to the float model as asked', () => {
    const { at, calibration } = network();
    const errors = [4, 8, 12, 16].map((bits) => worstError(at(uniformWidths(bits)), calibration));
    errors.forEach((error, k) => {
      expect(error).toBeLessThan([0.5, 0.03, 0.002, 0.0002][k]!);
    });
  });

  it('are refused outside that range, and for a layer that is not there', () => {
    const { at } = network();
    for (const bits of [0, 1, 17, 7.5, Number.NaN]) {
      expect(() => at(uniformWidths(bits))).toThrow(expect.objectContaining({ code: 'QP3006' }));
      const own = { layers: [{ layer: 'dense', weights: bits }] };
      expect(() => at({ ...uniformWidths(8), ...own })).toThrow(expect.objectContaining({ code: 'QP3006' }));
    }
    for (const names of [['label'], ['dense', 'dense']]) {
      const layers = names.map((layer) => ({ layer, weights: 8 }));
      expect(() => at({ ...uniformWidths(8), layers })).toThrow(expect.objectContaining({ code: 'QP3015' }));
    }
  });
});

describe('widths of one layer', () => {
  it('change that layer, the others only in scale', () => {
    const { at, graph } = network();
    expect(graph.nodes.map(({ name }) => name)).toEqual(['dense', 'relu', 'dense#2', 'relu#2', 'dense#3']);
    const base = at(uniformWidths(8));
    const widths: BitWidths = { ...uniformWidths(8), layers: [{ layer: 'dense#2', weights: 12 }] };
    const finer = at(widths);
    expect(finer.widths).toBe(widths);
    const largest = (model: QuantizedModel, layer: string) =>
      Math.max(...linear(model, layer).blocks.flatMap(({ weights }) => Array.from(weights, Math.abs)));
    expect(largest(finer, 'dense')).toBe(largest(base, 'dense'));
    expect(largest(finer, 'dense#2')).toBeGreaterThan(8 * largest(base, 'dense#2'));
    expect(largest(finer, 'dense#3')).toBe(largest(base, 'dense#3'));
    const coarse = at(withLayerWidths(uniformWidths(8), { layer: 'relu', activations: 4 }));
    const scaleOf = ({ graph: { nodes } }: QuantizedModel, name: string) =>
      nodes.find((node) => node.name === name)!.scale;
    expect(scaleOf(coarse, 'relu')).toBe(16 * scaleOf(base, 'relu'));
    expect(scaleOf(coarse, 'relu#2')).toBe(scaleOf(base, 'relu#2'));
  });

  it('are set one member at a time', () => {
    const once = withLayerWidths(uniformWidths(8), { layer: 'a', weights: 5 });
    const twice = withLayerWidths(once, { layer: 'a', activations: 6 });
    expect(twice.layers).toEqual([{ layer: 'a', weights: 5, activations: 6 }]);
    expect(widthsOfLayer(twice, 'a')).toEqual({ weights: 5, activations: 6 });
    expect(widthsOfLayer(once, 'a')).toEqual({ weights: 5, activations: 8 });
    expect(widthsOfLayer(twice, 'b')).toEqual({ weights: 8, activations: 8 });
  });
});

describe('a layer whose numbers are too large at some widths', () => {
  it('is refused so that a search can go on', () => {
    const s = new Sketch(1, 5, 5);
    let x = s.x;
    // Nothing shifts bits away between these layers.
    for (let k = 0; k < 3; k += 1) x = s.max(s.conv(x, 1), 2, 1);
    const graph = simplifyGraph(s.graph(s.dense(x, 2)));
    const dice = new Dice(3);
    const calibration = calibrate(
      graph,
      Array.from({ length: 9 }, () => dice.tensor(25).data),
    );
    const at = quantizer(graph, calibration, { input: 'public', decisions: [{ kind: 'logits' }] });
    const refused = (bits: number) => {
      try {
        at(uniformWidths(bits));
      } catch (error) {
        expect(error).toMatchObject({ code: 'QP3001', exit: 2 });
        return isWidthRefusal(error);
      }
      return false;
    };
    expect([6, 8, 12, 16].map(refused)).toEqual([false, false, true, true]);
    expect(isWidthRefusal(new Error('no'))).toBe(false);
  });
});
