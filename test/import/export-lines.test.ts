import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readRows } from '../../src/data/read-rows.ts';
import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importModel } from '../../src/import/import-model.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/exports/', import.meta.url));
const exported = readdirSync(FIXTURES);

/** Models exported by the lines in the docs (test/slow/export-lines), with outputs computed by the framework. */
describe('what the docs export', () => {
  test('covers every framework that it names', () => {
    const frameworks = new Set(
      exported.map((name) => name.replace(/-(?:dense|convolutional|mlp|logistic|two|three).*/, '')),
    );
    expect([...frameworks].sort()).toEqual([
      'catboost',
      'keras',
      'lightgbm',
      'pytorch',
      'pytorch-torchscript',
      'scikit-learn',
      'tfjs',
      'xgboost',
    ]);
  });

  test.each(exported)('%s gives the outputs of its framework', async (name) => {
    const graph = simplifyGraph(await importModel(`${FIXTURES}${name}`));
    const { rows, outputs } = await readRows(`${FIXTURES}${name}/rows.json`, {
      count: graph.input.count,
      shape: graph.input.shape,
    });
    expect(rows.length).toBeGreaterThan(0);
    rows.forEach((row, k) => {
      const found = applyHead(outputsOf(graph, executeFloat(graph, row)), graph.outputs[0]!.head);
      expect(found.length).toBe(outputs![k]!.length);
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(outputs![k]![i]!, 4);
      });
    });
  });
});

/** Applies the final function, which the graph names but does not contain. */
function applyHead(logits: Float64Array, head: string): Float64Array {
  if (head === 'argmax') return Float64Array.of(logits.indexOf(Math.max(...logits)));
  if (head === 'sigmoid') return logits.map((x) => 1 / (1 + Math.exp(-x)));
  if (head !== 'softmax') return logits;
  const powers = logits.map((x) => Math.exp(x - Math.max(...logits)));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}
