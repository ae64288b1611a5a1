import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { importModel } from '../../src/import/import-model.ts';

const DIGITS = fileURLToPath(new URL('../../models/digits-mlp/model.onnx', import.meta.url));
const ROOT = mkdtempSync(join(tmpdir(), 'quietproof-import-'));
const folder = () => mkdtempSync(join(ROOT, 'm-'));
afterAll(() => rmSync(ROOT, { recursive: true }));

describe('importModel', () => {
  it('reads a file, whose name it keeps, or a folder', async () => {
    const path = join(folder(), 'my digits (v2).ONNX');
    copyFileSync(DIGITS, path);
    expect((await importModel(path)).name).toBe('my-digits-v2-');
    expect((await importModel(join(DIGITS, '..'))).name).toBe('digits-mlp');
  });

  it('refuses other formats, empty folders and folders with two models', async () => {
    const pickle = join(folder(), 'model.pt');
    writeFileSync(pickle, 'PK');
    await expect(importModel(pickle)).rejects.toThrow(
      /QP2002 .pt files are not models \(model\.pt\)\. Export the model to ONNX/,
    );
    await expect(importModel(folder())).rejects.toThrow(/QP2002 the folder contains no model/);
    const both = folder();
    copyFileSync(DIGITS, join(both, 'model.onnx'));
    writeFileSync(join(both, 'model.json'), '{}');
    await expect(importModel(both)).rejects.toThrow(/QP2002 the folder contains both/);
  });

  it('reports a missing file', async () => {
    await expect(importModel(join(folder(), 'model.onnx'))).rejects.toMatchObject({ code: 'QP1002' });
  });
});
