import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  artifactInput,
  compileModel,
  ModelAnswerer,
  proveBatch,
  readRows,
  setUpArtifact,
  type Verdict,
  verifyFiles,
} from '#dist/index.js';
import { rowValue } from '../../src/data/row-value.ts';
import { rederive } from '../../src/rederive/rederive.ts';
import { buildOnnx, type ModelSpec, writeModel } from '../import/onnx/build-onnx.ts';
import { noise } from '../import/onnx/compare.ts';

const INT64 = 7;
const tensor = (shape: number[], seed: number) => ({
  shape,
  data: noise(
    shape.reduce((a, b) => a * b, 1),
    seed,
  ),
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'several-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Compiles, sets up, proves and verifies a model on rows of a file, and derives everything again. */
async function proveAll(name: string, spec: ModelSpec, data: string, options: object = {}) {
  const folder = path.join(root, name);
  const model = writeModel(buildOnnx(spec));
  const file = path.join(root, `${name}.${data.startsWith('[') ? 'json' : 'csv'}`);
  await writeFile(file, data);
  const { manifest } = await compileModel({ model, calibration: file, out: folder, bits: 8, ...options });
  expect(manifest.manifest.claims!.soundness).toMatchObject({ verdict: 'proved' });
  await setUpArtifact(folder, { source: { kind: 'development' }, behaviour: { count: 1 } });
  const inputForm = await artifactInput(folder);
  const { rows } = await readRows(file, inputForm);
  const out = path.join(root, `${name}-proofs`);
  const first = rows.slice(0, 2).map((values, index) => ({ index, values }));
  await proveBatch({ artifactDir: folder, rows: first, outDir: out, workers: 1 });
  const verdicts: Verdict[] = [];
  for await (const { verdict } of verifyFiles([out], { anyModel: true })) verdicts.push(verdict);
  expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, true]);
  const answerer = await ModelAnswerer.open(folder);
  const answered = first.map(({ values, index }) => {
    const row = Array.from(values, (value, i) => rowValue(value, inputForm.accepts?.[i]));
    return answerer.decode(answerer.answer(answerer.encode(row, index)));
  });
  expect(answered).toEqual(verdicts.map(({ answers }) => answers));
  const again = await rederive(folder, { model, calibration: file });
  expect(again.links.filter(({ status }) => status === 'differs')).toEqual([]);
  const publicInterface = JSON.parse(await readFile(path.join(folder, 'interface.json'), 'utf8'));
  return { manifest, verdicts, publicInterface };
}

const members = Array.from({ length: 40 }, (_, k) => {
  const [a, b, c] = noise(3, k + 1) as unknown as [number, number, number];
  return { x: [a, b], age: 20 + ((k * 7) % 50), z: [[c]] };
});

const several: ModelSpec = {
  input: ['n', 2],
  inputs: { age: { shape: ['n', 1], type: INT64 }, z: { shape: ['n', 1, 1] } },
  weights: {
    w: tensor([4, 3], 1),
    v: tensor([3, 2], 2),
    u: tensor([3, 2], 5),
    s: { shape: [], data: [0.02] },
  },
  furtherOutputs: ['flags', 'raw'],
  nodes: [
    { op: 'Cast', inputs: ['age'], output: 'years', attributes: { to: 1 } },
    { op: 'Mul', inputs: ['years', 's'], output: 'scaled' },
    { op: 'Flatten', inputs: ['z'], output: 'flat' },
    { op: 'Concat', inputs: ['x', 'scaled', 'flat'], output: 'all', attributes: { axis: 1 } },
    { op: 'MatMul', inputs: ['all', 'w'], output: 'm' },
    { op: 'Relu', inputs: ['m'], output: 'r' },
    { op: 'MatMul', inputs: ['r', 'u'], output: 'l' },
    { op: 'Softmax', inputs: ['l'], output: 'y' },
    { op: 'MatMul', inputs: ['r', 'v'], output: 'raw' },
    { op: 'Sigmoid', inputs: ['raw'], output: 'flags' },
  ],
};

describe('a model with several inputs and outputs', () => {
  it('is proved with the inputs as parts of a row, and its outputs as labels and values', async () => {
    const { manifest, verdicts, publicInterface } = await proveAll(
      'several',
      several,
      JSON.stringify(members),
      { output: 'y,flags=label,raw=logits' },
    );
    expect(manifest.statement).toMatchObject({
      output: 'mixed',
      outputs: [
        { name: 'y', decision: { kind: 'argmax' }, head: 'softmax' },
        { name: 'flags', decision: { kind: 'threshold', threshold: '0.5' }, head: 'sigmoid' },
        { name: 'raw', decision: { kind: 'logits' }, head: 'none' },
      ],
    });
    expect(
      publicInterface.outputs.map(({ name, kind }: { name: string; kind: string }) => [name, kind]),
    ).toEqual([
      ['y', 'label'],
      ['flags 0', 'label'],
      ['flags 1', 'label'],
      ['raw', 'vector'],
    ]);
    expect(
      publicInterface.input.parts.map(
        ({ name, shape, encoding }: { name: string; shape: number[]; encoding: { kind: string } }) => [
          name,
          shape,
          encoding.kind,
        ],
      ),
    ).toEqual([
      ['x', [2], 'affine'],
      ['age', [1], 'integer'],
      ['z', [1, 1], 'affine'],
    ]);
    expect(verdicts[0]!.answers!.length).toBe(4);
  });

  it('is read from a table whose columns are the inputs, in any order', async () => {
    const header = 'age,z,x.1,x.0';
    const lines = members.map(({ x, age, z }) => [age, z[0]![0], x[1], x[0]].join(','));
    const { manifest } = await proveAll('table', several, [header, ...lines].join('\n'), {
      output: 'raw=logits',
    });
    expect(manifest.statement).toMatchObject({ output: 'logits', decision: { kind: 'logits' } });
  });
});

describe('an embedding', () => {
  it('is proved as the rows of a table at integers of the input', async () => {
    const spec: ModelSpec = {
      input: ['n', 2],
      inputType: INT64,
      weights: { table: tensor([6, 3], 1), w: tensor([6, 2], 2) },
      nodes: [
        { op: 'Gather', inputs: ['table', 'x'], output: 'e' },
        { op: 'Flatten', inputs: ['e'], output: 'f' },
        { op: 'Relu', inputs: ['f'], output: 'r' },
        { op: 'MatMul', inputs: ['r', 'w'], output: 'y' },
      ],
    };
    const rows = Array.from({ length: 36 }, (_, k) => [k % 6, Math.floor(k / 6)]);
    const { publicInterface } = await proveAll('embedding', spec, JSON.stringify(rows), { output: 'logits' });
    expect(publicInterface.input.parts).toMatchObject([
      { name: 'x', shape: [2], encoding: { kind: 'integer', lo: '0' } },
    ]);
  });
});

describe('a fixed batch', () => {
  it('has a label for each of its rows', async () => {
    const spec: ModelSpec = {
      input: [2, 3],
      weights: { w: tensor([3, 2], 1) },
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], output: 'y' }],
    };
    const rows = Array.from({ length: 30 }, (_, k) => Array.from(noise(6, k + 1)));
    const { publicInterface, verdicts } = await proveAll('batch', spec, JSON.stringify(rows), {
      input: 'public',
    });
    expect(publicInterface.outputs.map(({ name }: { name: string }) => name)).toEqual(['y[0]', 'y[1]']);
    expect(verdicts[0]!.answers!.length).toBe(2);
  });
});

describe('a model with nothing to compute', () => {
  it('is proved to say so: a scalar, and constants', async () => {
    const spec: ModelSpec = {
      input: [],
      weights: { c: tensor([2], 1) },
      furtherOutputs: ['k'],
      nodes: [
        { op: 'Identity', inputs: ['x'], output: 'y' },
        { op: 'Identity', inputs: ['c'], output: 'k' },
      ],
    };
    const rows = Array.from({ length: 30 }, (_, k) => [noise(1, k + 1)[0]]);
    await proveAll('nothing', spec, JSON.stringify(rows), { output: 'logits', bits: 'auto' });
    const model = writeModel(buildOnnx(spec));
    const calibration = path.join(root, 'nothing.json');
    await expect(compileModel({ model, calibration, out: path.join(root, 'none') })).rejects.toThrow(
      /QP2113/,
    );
  });
});
