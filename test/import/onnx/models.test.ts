import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importModel } from '../../../src/import/import-model.ts';
import { largestError, runModel } from './compare.ts';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

/** Every model, with its nodes after simplifying and the final function that the graph omits. */
const CASES = [
  ['digits-mlp', ['linear 32', 'relu 32', 'linear 10'], 'none'],
  ['credit-scoring-mlp', ['linear 24', 'relu 24', 'linear 1'], 'sigmoid'],
  ['breast-cancer-logreg', ['linear 1'], 'sigmoid'],
  ['breast-cancer-mlp-softmax', ['linear 32', 'relu 32', 'linear 2'], 'softmax'],
  ['wine-mlp-bn', ['linear 24', 'leaky-relu 24', 'linear 3'], 'none'],
  [
    'digits-cnn',
    ['linear 512', 'max 128', 'relu 128', 'linear 256', 'max 64', 'relu 64', 'linear 10'],
    'none',
  ],
  [
    'digits-resnet',
    [
      ...['linear 512', 'relu 512', 'linear 512', 'relu 512', 'linear 512', 'relu 512', 'linear 128'],
      ...['linear 256', 'relu 256', 'linear 16', 'linear 10'],
    ],
    'none',
  ],
] as const;

describe('trained models', () => {
  it.each(CASES)('%s gives the outputs it was exported with', async (name, nodes, head) => {
    const imported = await importModel(join(MODELS, name));
    const graph = simplifyGraph(imported);
    const test = JSON.parse(readFileSync(join(MODELS, name, 'test.json'), 'utf8'));
    for (let row = 0; row < 20; row += 1) {
      const input = Float64Array.from(test.inputs[row].flat(Infinity));
      const expected = [test.outputs[row]].flat(Infinity) as number[];
      expect(largestError(runModel(imported, input), expected)).toBeLessThan(1e-5);
      expect(largestError(runModel(graph, input), expected)).toBeLessThan(1e-5);
    }
    const kinds = graph.nodes.map(
      (node) => `${node.op === 'activation' ? node.fn.kind : node.op} ${node.count}`,
    );
    expect(kinds).toEqual(nodes);
    expect(graph.outputs[0]!.head).toBe(head);
    expect(graph.name).toBe(name);
    expect(graph.input.shape).toEqual(test.row_shape);
  });

  it('is named by the hash of its file, or of both files', async () => {
    const { source } = await importModel(join(MODELS, 'digits-mlp', 'model.onnx'));
    expect(source).toEqual({
      format: 'onnx',
      file: 'model.onnx',
      sha256: '3ef204d7dd378fea2e95df9b16d319810d6397cd7f1fe54b4bdad268b0f39a39',
      producer: 'pytorch 2.8.0',
    });
    const external = await importModel(join(MODELS, 'breast-cancer-mlp-softmax'));
    expect(external.source.sha256).toBe('bd79d0332f3d827cc588c0e7dc7c86e4462c9caf5bffea5b6bfee184a26c3e00');
  });
});
