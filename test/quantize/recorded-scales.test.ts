import { describe, expect, it } from 'vitest';
import { layerRecords } from '../../src/compile/assemble-manifest.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { integerGraphJson } from '../../src/integer/integer-graph-json.ts';
import { uniformWidths, withLayerWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { encodeInputs } from '../../src/quantize/input-encoding.ts';
import { quantizer, quantizeWith } from '../../src/quantize/quantize.ts';
import { finerRuns, type RecordedLayer, recordedScales } from '../../src/quantize/recorded-scales.ts';
import { stepGroups } from '../../src/quantize/step-groups.ts';
import { Dice } from '../graph/random-graph.ts';
import { Sketch } from '../graph/sketch.ts';

describe('recorded scales', () => {
  it('give the same integer graph again, without calibration rows', () => {
    const s = new Sketch(3, 4, 4);
    const hidden = s.max(s.relu(s.mean(s.x, 2, 1)), 2, 1);
    const graph = simplifyGraph(s.graph(s.dense(s.leaky(s.dense(hidden, 6), 0.3), 3)));
    const dice = new Dice(8);
    const units = [1, 1e4, 1e-3];
    const rows = Array.from({ length: 30 }, () =>
      dice.tensor(48).data.map((value, i) => value * units[Math.floor(i / 16)]!),
    );
    const options = { input: 'public', decisions: [{ kind: 'logits' }] } as const;
    const widths = withLayerWidths(uniformWidths(8), { layer: 'dense', weights: 11 });
    const model = quantizer(graph, calibrate(graph, rows), options)(widths);
    expect(model.ownScales.size).toBeGreaterThan(0);
    const layers = JSON.parse(JSON.stringify(layerRecords(model))).map(
      ({ layer, scale, ...own }: { layer: string; scale: string }) =>
        [layer, { ...own, scale: Number(scale) }] as [string, RecordedLayer],
    );
    const groups = stepGroups(graph).subarray(0, 48);
    const encoding = encodeInputs(rows, { groups, bits: 8, mode: 'public' });
    const again = quantizeWith(graph, encoding, recordedScales(new Map(layers)), widths, options);
    expect(integerGraphJson(again.graph)).toBe(integerGraphJson(model.graph));
    expect([again.outputs[0]!.scale, again.ownScales]).toEqual([model.outputs[0]!.scale, model.ownScales]);
    const missing = recordedScales(new Map(layers.slice(1)));
    expect(() => quantizeWith(graph, encoding, missing, widths, options)).toThrow(
      expect.objectContaining({ code: 'QP3016' }),
    );
  });

  it('are runs of powers of two', () => {
    expect(finerRuns(Float64Array.of(0.5, 0.5, 0.125, 1))).toEqual([
      [2, 1],
      [1, 3],
      [1, 0],
    ]);
    const layer = { scale: 1, finer: [[1e9, 1]] } as const;
    const { scales } = recordedScales(new Map([['a', layer]]));
    const linear = { blocks: [], diagonals: [], bias: new Float64Array(2) };
    expect(() => scales({ name: 'a', linear, values: [0, 1], weightBits: 8 })).toThrow(/QP3016/);
  });
});
