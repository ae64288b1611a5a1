import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileModel } from '../../src/compile/compile-model.ts';

const MODEL = path.join('models', 'breast-cancer-logreg', 'model.onnx');
const DATA = path.join('models', 'breast-cancer-logreg', 'test.json');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'labels-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const compile = (model: string, out: string, name?: string) =>
  compileModel({
    ...{ model, calibration: DATA, out: path.join(root, out), bits: 8, input: 'public', skipCheck: true },
    ...(name !== undefined && { name }),
  });

const interfaceOf = async (out: string) =>
  JSON.parse(await readFile(path.join(root, out, 'interface.json'), 'utf8'));

it('keeps the name of file and folder out of every digest up to the circuit', async () => {
  await mkdir(path.join(root, 'elsewhere'));
  const moved = path.join(root, 'elsewhere', 'renamed model.onnx');
  await copyFile(MODEL, moved);
  const [one, two, three] = [
    await compile(MODEL, 'one'),
    await compile(moved, 'two'),
    await compile(moved, 'three', 'Breast cancer, 2026'),
  ];
  expect([one, two, three].map(({ manifest }) => manifest.name)).toEqual([
    ...['breast-cancer-logreg', 'renamed-model', 'Breast cancer, 2026'],
  ]);
  const interfaces = await Promise.all(['one', 'two', 'three'].map(interfaceOf));
  for (const [k, { manifest }] of [two, three].entries()) {
    expect(manifest.manifest.chain).toEqual(one.manifest.manifest.chain);
    const { 'accuracy.json': accuracy, ...files } = manifest.files;
    expect(one.manifest.files).toMatchObject(files);
    expect(interfaces[k + 1]).toEqual({ ...interfaces[0], name: manifest.name });
  }
});

it('refuses a name that cannot be printed on one line', async () => {
  for (const name of ['', 'a\nb', 'a\u001b[2J', 'a\u2066b', 'a\ud83d', 'x'.repeat(101)]) {
    await expect(compile(MODEL, 'refused', name)).rejects.toMatchObject({ code: 'QP3011' });
  }
});
