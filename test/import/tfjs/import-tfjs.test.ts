import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openTfjsReference } from '../../../src/compile/reference/tfjs.ts';
import { readRows } from '../../../src/data/read-rows.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import { randomNumbers, withModelFolder } from './saved-model.ts';

const MODEL = fileURLToPath(new URL('../../../models/tfjs-digits-cnn-layers/', import.meta.url));

function softmax(logits: Float64Array): Float64Array {
  const shift = Math.max(...logits);
  const exps = logits.map((x) => Math.exp(x - shift));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / total);
}

describe('importTfjs', () => {
  it('reproduces the outputs of a trained convolutional model', async () => {
    const graph = await importTfjs(`${MODEL}model.json`);
    const simple = simplifyGraph(graph);
    const data = await readRows(`${MODEL}test.json`, graph.input);
    let largest = 0;
    for (const [k, row] of data.rows.entries()) {
      for (const version of k < 20 ? [graph, simple] : [simple]) {
        const found = softmax(outputsOf(version, executeFloat(version, row)));
        for (const [i, x] of found.entries())
          largest = Math.max(largest, Math.abs(x - data.outputs![k]![i]!));
      }
    }
    expect(largest).toBeLessThan(1e-4);
  });

  it('describes the model', async () => {
    const graph = await importTfjs(`${MODEL}model.json`);
    expect(graph.name).toBe('tfjs-digits-cnn-layers');
    expect(graph.source).toMatchObject({ format: 'tfjs', file: 'model.json' });
    expect(graph.source.producer).toBe('TensorFlow.js tfjs-layers v4.22.0');
    expect(graph.source.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(graph.input).toMatchObject({ name: 'conv2d_Conv2D1_input', shape: [8, 8, 1], count: 64 });
    expect(graph.outputs[0]!).toMatchObject({ name: 'dense_Dense2', shape: [10], head: 'softmax' });
    expect(graph.nodes.map((node) => node.name)).toEqual([
      'conv2d_Conv2D1',
      'conv2d_Conv2D1/relu',
      'average_pooling2d_AveragePooling2D1',
      'conv2d_Conv2D2',
      'conv2d_Conv2D2/relu',
      'dense_Dense1',
      'dense_Dense1/relu',
      'dense_Dense2',
    ]);
  });

  it('reads the output of the Keras converter, as the library does', async () => {
    const json = await readFile(
      new URL('../../fixtures/tfjs/keras-2.15-converted.json', import.meta.url),
      'utf8',
    );
    // 784 · 64 + 64 + 64 · 10 + 10 weights
    const weights = new Uint8Array(randomNumbers(50890, 3).buffer);
    await withModelFolder(json, { 'group1-shard1of1.bin': weights }, async (path) => {
      const graph = await importTfjs(path);
      expect(graph.source.producer).toBe('keras v2.15.1, TensorFlow.js Converter v4.22.0');
      expect(graph.input).toMatchObject({ name: 'input_1', shape: [28, 28, 1], count: 784 });
      const row = Float64Array.from(randomNumbers(784, 4));
      const reference = await openTfjsReference(path);
      const expected = await reference.run(row);
      await reference.close();
      const found = softmax(outputsOf(graph, executeFloat(graph, row)));
      for (const [i, x] of expected.entries()) expect(found[i]).toBeCloseTo(x, 4);
    });
  });
});
