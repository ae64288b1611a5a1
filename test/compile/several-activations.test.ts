import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileModel, modelIdOf, proveBatch, readRows, setUpArtifact, verifyFiles } from '#dist/index.js';
import { bundlePath } from '../../src/bundle/batch-names.ts';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { buildOnnx } from '../import/onnx/build-onnx.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'several-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A gate, a comparison, a choice, a maximum and a quotient of two layers' values. */
function model(): Uint8Array {
  const random = pseudoRandom(3);
  const tensor = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1),
  });
  const node = (op: string, inputs: string[], output: string, attributes?: Record<string, number>) => ({
    ...{ op, inputs, output, name: output },
    ...(attributes && { attributes }),
  });
  return buildOnnx({
    input: [1, 4],
    opset: 17,
    output: 'scores',
    weights: {
      w1: tensor(4, 4),
      w2: tensor(4, 4),
      w3: tensor(4, 3),
      half: { shape: [], data: Float32Array.of(0.5) },
    },
    nodes: [
      node('MatMul', ['x', 'w1'], 'a'),
      node('MatMul', ['x', 'w2'], 'b'),
      node('Relu', ['b'], 'gate'),
      node('Mul', ['a', 'gate'], 'product'),
      node('Greater', ['a', 'b'], 'isGreater'),
      node('Where', ['isGreater', 'product', 'b'], 'chosen'),
      node('Max', ['chosen', 'a'], 'larger'),
      node('Add', ['gate', 'half'], 'divisor'),
      node('Div', ['larger', 'divisor'], 'quotient'),
      node('MatMul', ['quotient', 'w3'], 'scores'),
    ],
  });
}

it('a model with products, comparisons, choices and quotients is proved', async () => {
  const at = (name: string) => path.join(root, name);
  const random = pseudoRandom(5);
  const inputs = Array.from({ length: 40 }, () => Array.from({ length: 4 }, () => random() * 2 - 1));
  await writeFile(at('model.onnx'), model());
  await writeFile(at('rows.json'), JSON.stringify({ inputs }));
  await compileModel({
    ...{ model: at('model.onnx'), calibration: at('rows.json'), out: at('artifact') },
    ...{ input: 'public', output: 'logits', bits: 8, acceptLoss: true },
  });
  const [graph, soundness] = await Promise.all(
    ['integer-graph.json', 'soundness.json'].map(async (file) =>
      JSON.parse(await readFile(path.join(root, 'artifact', file), 'utf8')),
    ),
  );
  const operations = new Set(graph.nodes.map(({ op }: { op: string }) => op));
  for (const op of ['multiply', 'compare', 'select', 'max', 'divide']) expect(operations).toContain(op);
  expect(soundness.verdict).toBe('proved');
  await setUpArtifact(at('artifact'), { source: { kind: 'development' }, behaviour: { count: 1 } });
  const { rows } = await readRows(at('rows.json'), { count: 4 });
  const chosen = rows.slice(0, 2).map((values, index) => ({ index, values }));
  await proveBatch({ artifactDir: at('artifact'), rows: chosen, outDir: at('proofs'), workers: 1 });
  const pinned = { model: await modelIdOf(at('artifact')) };
  const accepted: boolean[] = [];
  const files = chosen.map(({ index }) => bundlePath(at('proofs'), index));
  for await (const { verdict } of verifyFiles(files, pinned)) accepted.push(verdict!.accepted);
  expect(accepted).toEqual([true, true]);
});
