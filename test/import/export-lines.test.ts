import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readRows } from '../../src/data/read-rows.ts';
import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importModel } from '../../src/import/import-model.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/exports/', import.meta.url));
const exported = readdirSync(FIXTURES);

/** The files were made by the README's own lines (test/slow/export-lines), the outputs by the framework. */
describe('what the README exports', () => {
  test('every framework it names is here', () => {
    const frameworks = new Set(
      exported.map((name) => name.replace(/-(?:dense|convolutional|mlp|logistic).*/, '')),
    );
    expect([...frameworks].sort()).toEqual([
      'keras',
      'pytorch',
      'pytorch-torchscript',
      'scikit-learn',
      'tfjs',
    ]);
  });

  test.each(exported)('%s says what its framework says', async (name) => {
    const graph = simplifyGraph(await importModel(`${FIXTURES}${name}`));
    const { rows, outputs } = await readRows(`${FIXTURES}${name}/rows.json`, {
      count: graph.input.count,
      shape: graph.input.shape,
    });
    expect(rows.length).toBeGreaterThan(0);
    rows.forEach((row, k) => {
      const found = applyHead(outputsOf(graph, executeFloat(graph, row)), graph.output.head);
      expect(found.length).toBe(outputs![k]!.length);
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(outputs![k]![i]!, 4);
      });
    });
  });
});

/** The final function that the graph names and leaves out. */
function applyHead(logits: Float64Array, head: string): Float64Array {
  if (head === 'sigmoid') return logits.map((x) => 1 / (1 + Math.exp(-x)));
  if (head !== 'softmax') return logits;
  const powers = logits.map((x) => Math.exp(x - Math.max(...logits)));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}
