import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importOnnx } from '../../src/import/onnx/import-onnx.ts';
import { largestError, runModel } from './onnx/compare.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/exported-modules', import.meta.url));

/** Models of one module each, as frameworks export them, some of the hundreds that `npm run test:slow:exports` proves. */
describe('modules exported by PyTorch and Keras', () => {
  test.each(readdirSync(FIXTURES))('%s gives the outputs of its framework', async (name) => {
    const imported = await importOnnx(join(FIXTURES, name, 'model.onnx'));
    const { inputs, outputs } = JSON.parse(readFileSync(join(FIXTURES, name, 'rows.json'), 'utf8'));
    for (const graph of [imported, simplifyGraph(imported)]) {
      for (const [k, row] of inputs.entries()) {
        expect(largestError(runModel(graph, Float64Array.from(row)), outputs[k])).toBeLessThan(2e-6);
      }
    }
  });

  test.each(readdirSync(FIXTURES))('%s has no path of the machine that exported it', (name) => {
    const text = readFileSync(join(FIXTURES, name, 'model.onnx'), 'latin1');
    expect(text).not.toMatch(/File "\//);
  });
});
