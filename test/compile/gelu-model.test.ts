import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importModel } from '../../src/import/import-model.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { quantizer } from '../../src/quantize/quantize.ts';
import { compileGraph } from '../check/compile-checked.ts';
import { errorShare } from './error-share.ts';

const FOLDER = 'test/fixtures/cases/wine-gelu-mlp';

/** A dense network on wine data, 13-12-3, whose GELU is spelled out as PyTorch's exporter does. */
describe('a network with GELU', () => {
  it.each([
    { bits: 8, most: 0.01, constraints: 316 },
    { bits: 14, most: 0.0002, constraints: 842 },
  ])(
    'of $bits bits is within $most of its outputs, and its circuit is proved',
    async ({ bits, most, constraints }) => {
      const path = `${FOLDER}/model.onnx`;
      const graph = simplifyGraph(await importModel(path));
      const rows = (JSON.parse(await readFile(`${FOLDER}/rows.json`, 'utf8')) as number[][]).map((row) =>
        Float64Array.from(row),
      );
      // The inputs of all rows are in range, so that only rounding is measured.
      const calibration = calibrate(graph, rows.slice(0, 60), rows);
      const quantized = quantizer(graph, calibration, { input: 'public', decisions: [{ kind: 'logits' }] });
      const model = quantized(uniformWidths(bits));
      const table = model.graph.nodes.find((node) => node.op === 'table');
      expect([table?.count, table?.entries.length]).toEqual([12, 2 ** bits]);

      expect(await errorShare(path, model, rows.slice(60))).toBeLessThan(most);

      const { layers } = circuitCost(model.graph);
      const ofTable = layers.find(({ layer }) => layer === table?.name)!;
      expect(ofTable.constraints).toBe(constraints);
      const soundness = checkCircuit(await compileGraph(model.graph));
      expect(soundness.problems).toEqual([]);
      expect(soundness.verdict).toBe('proved');
      expect(soundness.correspondence.gadgets['table, mirrored']).toBe(12);
    },
  );
});
