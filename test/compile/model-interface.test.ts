import path from 'node:path';
import { fileJson, parseAnyInterface, readingOf } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import {
  type LoadedModel,
  loadModel,
  readModelRows,
  type StatementOptions,
} from '../../src/compile/load-model.ts';
import { modelInterface } from '../../src/compile/model-interface.ts';
import { modelInterfaceV1 } from '../../src/compile/model-interface-v1.ts';
import { quantizeUniform } from '../../src/compile/quantize-on-data.ts';
import { computeBounds } from '../../src/integer/execute.ts';

async function interfacesOf(
  name: string,
  options: StatementOptions = {},
  change = (loaded: LoadedModel) => loaded,
) {
  const folder = path.join('models', name);
  const loaded = change(await loadModel(path.join(folder, 'model.onnx'), options));
  const { rows } = await readModelRows(path.join(folder, 'test.json'), loaded);
  const { model } = quantizeUniform(loaded, rows, { ...options, bits: 6 });
  const bounds = computeBounds(model.graph);
  const face = modelInterface(model, bounds, loaded);
  const { graph, decisions, card } = loaded;
  return { face, faceV1: modelInterfaceV1(model, bounds, graph.outputs[0]!.head, decisions[0]!, card) };
}

describe.each<[string, StatementOptions]>([
  ['iris-mlp', {}],
  ['iris-mlp', { output: 'logits', input: 'public' }],
  ['breast-cancer-logreg', {}],
  ['breast-cancer-logreg', { output: 'logits' }],
])('the interface of %s with %o', (name, options) => {
  it('reads as a verifier reads it, with the signals of version 1', async () => {
    const { face, faceV1 } = await interfacesOf(name, options);
    expect(parseAnyInterface(fileJson(face))).toEqual(face);
    const [own, old] = [readingOf(face), readingOf(faceV1)];
    expect(own.plan).toEqual(old.plan);
    const without = own.outputs.map(({ name: _, ...output }) => output);
    expect(without).toEqual(old.outputs);
  });
});

describe('outputs', () => {
  it('are a label by a threshold, or its one score', async () => {
    const label = await interfacesOf('breast-cancer-logreg');
    const rule = { kind: 'threshold', threshold: '0.5', head: 'sigmoid' };
    expect(label.face.outputs).toEqual([{ kind: 'label', name: 'label', count: 2, rule }]);
    const logits = await interfacesOf('breast-cancer-logreg', { output: 'logits' });
    expect(logits.face.outputs).toMatchObject([{ kind: 'score', name: 'score', head: 'sigmoid' }]);
  });

  it('are a vector of scores, with the names of the classes', async () => {
    const classes = ['setosa', 'versicolor', 'virginica'];
    const named = (loaded: LoadedModel) => ({ ...loaded, card: { classes, unit: 'points' } });
    const { face } = await interfacesOf('iris-mlp', { output: 'logits' }, named);
    expect(face.outputs).toMatchObject([
      { kind: 'vector', name: 'scores', count: 3, names: classes, unit: 'points' },
    ]);
  });

  it('are none where the one score goes through a softmax', async () => {
    const softmax = (loaded: LoadedModel): LoadedModel => ({
      ...loaded,
      graph: { ...loaded.graph, outputs: [{ ...loaded.graph.outputs[0]!, head: 'softmax' }] },
    });
    const made = interfacesOf('breast-cancer-logreg', { output: 'logits' }, softmax);
    await expect(made).rejects.toThrow('QP3008');
  });
});

describe('the input', () => {
  it('has a group a feature, in one list each, where features differ', async () => {
    const { face, faceV1 } = await interfacesOf('breast-cancer-logreg');
    const { offset, step } = faceV1.input.encoding;
    expect(offset).toHaveLength(30);
    const encoding = { kind: 'affine', axes: [0], offset, step, max: '63' };
    expect(face.input.parts).toMatchObject([{ shape: [30], encoding }]);
  });

  it('is called what its tensor is, unless no reader would accept that', async () => {
    const called = (name: string) => (loaded: LoadedModel) => ({
      ...loaded,
      graph: {
        ...loaded.graph,
        input: { ...loaded.graph.input, parts: loaded.graph.input.parts.map((part) => ({ ...part, name })) },
      },
    });
    const nameOf = async (name: string) =>
      (await interfacesOf('iris-mlp', {}, called(name))).face.input.parts[0]!.name;
    expect(await nameOf('flower measurements')).toBe('flower measurements');
    for (const name of ['', 'a\nb', '\u202eevil', 'x'.repeat(1025)]) expect(await nameOf(name)).toBe('input');
  });
});
