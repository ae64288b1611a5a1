import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { applyHead, logitLabels } from '../../../src/compile/reference/answers.ts';
import { openTfjsReference } from '../../../src/compile/reference/tfjs.ts';
import { readRows } from '../../../src/data/read-rows.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/tfjs/', import.meta.url));
const converted = readdirSync(FIXTURES).filter((name) => /^(keras2|graph)-/.test(name));

/** The outputs behind their heads, in the order of the runtime. */
function behindHeads({ outputs }: FloatGraph, logits: Float64Array, runtime: Float64Array): number[] {
  let first = 0;
  return outputs.flatMap(({ head, values }) => {
    if (head === 'argmax') return logitLabels(logits, { head, decision: 'argmax' });
    const range = [first, first + values.length] as const;
    first += values.length;
    return Array.from(applyHead(head, logits.subarray(...range), runtime.subarray(...range)));
  });
}

/** Written by test/fixtures/tfjs/make-fixtures.py with the real converter; the outputs are those of Keras. */
describe('what tensorflowjs converts', () => {
  test.each(converted)('%s gives the outputs of Keras and of the runtime', async (name) => {
    const path = `${FIXTURES}${name}/model.json`;
    const graph = simplifyGraph(await importTfjs(path));
    const { rows, outputs } = await readRows(`${FIXTURES}${name}/rows.json`, { count: graph.input.count });
    const reference = await openTfjsReference(path);
    for (const [k, row] of rows.entries()) {
      const logits = outputsOf(graph, executeFloat(graph, row));
      const runtime = await reference.run(row);
      const found = behindHeads(graph, logits, runtime);
      // Quantized weights are rounded in the file, not in Keras.
      const digits = /uint8$/.test(name) ? 1 : /uint16|float16/.test(name) ? 2 : 4;
      expect(found.length).toBe(outputs![k]!.length);
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(runtime[i]!, 4);
        expect(value).toBeCloseTo(outputs![k]![i]!, digits);
      });
    }
    await reference.close();
  });
});
