import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openReference } from '../../../src/compile/reference/open-reference.ts';
import { readRows } from '../../../src/data/read-rows.ts';
import { importModel } from '../../../src/import/import-model.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pathOf = (model: string, file: string) => join(root, 'models', model, file);

describe('float references', () => {
  it.each([
    // Has its weights in a separate file.
    ['breast-cancer-mlp-softmax', 'model.onnx', 'onnxruntime-web', 1e-5],
    ['digits-cnn', 'model.onnx', 'onnxruntime-web', 1e-4],
    ['tfjs-digits-cnn-layers', 'model.json', 'tfjs', 1e-5],
  ])('run %s as its trainer did', async (model, file, name, tolerance) => {
    const { input } = await importModel(pathOf(model, file));
    const data = await readRows(pathOf(model, 'test.json'), input);
    const reference = await openReference(pathOf(model, file));
    try {
      expect(reference.name.startsWith(name)).toBe(true);
      expect(reference.version).toMatch(/^\d+\.\d+\.\d+/);
      for (const [k, row] of data.rows.slice(0, 20).entries()) {
        const output = await reference.run(row);
        expect(output.length).toBe(data.outputs![k]!.length);
        for (const [i, x] of output.entries()) {
          expect(Math.abs(x - data.outputs![k]![i]!)).toBeLessThan(tolerance);
        }
      }
    } finally {
      await reference.close();
    }
  });

  it('say which model the runtime refuses, and which file is no model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reference-'));
    const file = (name: string) => join(folder, name);
    try {
      await writeFile(file('model.txt'), 'x');
      await expect(openReference(file('model.txt'))).rejects.toMatchObject({ code: 'QP2002' });
      await expect(openReference(file('gone.onnx'))).rejects.toMatchObject({ code: 'QP1002' });
      await writeFile(file('bad.onnx'), 'not an onnx file');
      await expect(openReference(file('bad.onnx'))).rejects.toMatchObject({ code: 'QP2001' });
      const layers = [{ class_name: 'Mine', config: { name: 'a', batch_input_shape: [null, 2] } }];
      const modelTopology = { class_name: 'Sequential', config: { layers } };
      await writeFile(file('model.json'), JSON.stringify({ modelTopology, weightsManifest: [] }));
      await expect(openReference(file('model.json'))).rejects.toMatchObject({ code: 'QP3010' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('end with the process and print nothing, as built', async () => {
    const script = `
      import { openReference } from './dist/compile/reference/open-reference.js';
      for (const [model, count] of [['models/digits-cnn/model.onnx', 64], ['models/tfjs-digits-cnn-layers/model.json', 64]]) {
        const reference = await openReference(model);
        console.log((await reference.run(new Float64Array(count))).length);
      }`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      timeout: 30_000,
    });
    expect(await run).toEqual({ stdout: '10\n10\n', stderr: '' });
  });
});
