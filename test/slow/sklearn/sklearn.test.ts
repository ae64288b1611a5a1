import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadModel, readModelRows } from '../../../src/compile/load-model.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';

/** Trained models and their default exports (train.py); PYTHON names an interpreter with scikit-learn and skl2onnx. */
const folder = process.env['SKLEARN_MODELS'] ?? mkdtempSync(join(tmpdir(), 'quietproof-sklearn-'));
if (process.env['SKLEARN_MODELS'] === undefined) {
  const script = fileURLToPath(new URL('train.py', import.meta.url));
  execFileSync(process.env['PYTHON'] ?? 'python3', [script, folder], { stdio: 'inherit' });
}
const models = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'answers.json')));

test.each(models)('%s: the same labels and values as ONNX Runtime, or refused by name', async (name) => {
  const at = (file: string) => join(folder, name, file);
  const loaded = await loadModel(at('model.onnx'), {}).catch((error: Error) => error);
  if (loaded instanceof Error) {
    expect(loaded.message).toMatch(/^QP21\d\d /);
    console.log(`${name}: ${loaded.message.slice(0, 160)}`);
    return;
  }
  const { graph } = loaded;
  const output = graph.outputs[0]!;
  const { rows } = await readModelRows(at('rows.csv'), loaded);
  const answers = JSON.parse(readFileSync(at('answers.json'), 'utf8'));
  const expected: (string | number)[] = answers[output.tensor].values.flat();
  const width = expected.length / rows.length;
  rows.forEach((row, i) => {
    const scores = outputsOf(graph, executeFloat(graph, row));
    if (output.head === 'argmax') {
      const best = scores.indexOf(Math.max(...scores));
      expect(output.classes?.[best] ?? String(best)).toBe(String(expected[i]));
      return;
    }
    for (let k = 0; k < width; k += 1) {
      const own = Number(expected[i * width + k]);
      expect(Math.abs(scores[k]! - own) / Math.max(1, Math.abs(own))).toBeLessThan(1e-4);
    }
  });
});
