import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import { chain, compare, type Layer } from './compare-layers.ts';
import { type SavedModel, saved, withModelFolder } from './saved-model.ts';

const L = tf.layers;
type Json = Record<string, unknown>;

const importSaved = ({ json, weights }: SavedModel) =>
  withModelFolder(json, { 'weights.bin': weights }, importTfjs);

function functional(shape: number[], build: (input: tf.SymbolicTensor) => unknown): tf.LayersModel {
  const inputs = tf.input({ shape });
  return tf.model({ inputs, outputs: build(inputs) as tf.SymbolicTensor | tf.SymbolicTensor[] });
}

const apply = (layer: Layer | tf.LayersModel, ...inputs: tf.SymbolicTensor[]) =>
  (layer as Layer).apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;

describe('models that are layers of a model', () => {
  it('compute what TensorFlow.js computes: Sequential, first in a Sequential, and in a functional model', async () => {
    const inner = () => chain([5], L.dense({ units: 4, activation: 'relu' }), L.dense({ units: 3 }));
    const outer = tf.sequential();
    for (const layer of [inner(), L.dense({ units: 2 })]) outer.add(layer);
    await compare(outer);
    await compare(functional([5], (x) => apply(L.dense({ units: 2 }), apply(inner(), x))));
  });

  it('without an input layer, as the library saves them', async () => {
    const inner = tf.sequential();
    inner.add(L.dense({ units: 4, inputShape: [5], activation: 'relu' }));
    const middle = tf.sequential();
    middle.add(inner);
    const outer = tf.sequential();
    outer.add(middle);
    outer.add(L.dense({ units: 2 }));
    await compare(outer);
  });

  it('are called several times, on results of their own, with several inputs and outputs', async () => {
    const dense = () => functional([4], (x) => apply(L.dense({ units: 4, activation: 'relu' }), x));
    const [shared, again] = [dense(), dense()];
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
    const both = tf.model({
      inputs: [a, b],
      outputs: [apply(L.concatenate(), b, a), apply(L.maximum(), apply(shared, a), apply(shared, b))],
    });
    const outer = functional([4], (x) => {
      const [joined, larger] = both.apply([x, apply(again, apply(again, x))]) as tf.SymbolicTensor[];
      return apply(L.concatenate(), larger!, joined!, larger!);
    });
    await compare(outer);
  });

  it('end in a sigmoid that the outer model leaves out, or computes', async () => {
    const inner = () => chain([5], L.dense({ units: 3, activation: 'sigmoid' }));
    const outer = functional([5], (x) => apply(inner(), x));
    expect((await importSaved(await saved(outer))).outputs[0]!.head).toBe('sigmoid');
    await compare(functional([5], (x) => apply(L.dense({ units: 2 }), apply(inner(), x))));
  });

  it('name their layers after themselves', async () => {
    const base = tf.sequential({ name: 'base' });
    base.add(L.dense({ units: 4, inputShape: [4], name: 'hidden' }));
    const graph = await importSaved(await saved(functional([4], (x) => apply(base, apply(base, x)))));
    expect(graph.nodes.map(({ name }) => name)).toEqual(['base/hidden', 'base/hidden#2']);
  });

  /** Two models and a layer: outer > middle > inner. */
  async function three(): Promise<{ model: SavedModel; outer: Json; middle: Json }> {
    const inner = functional([4], (x) => apply(L.dense({ units: 4 }), x));
    const middle = functional([4], (x) => apply(inner, x));
    const model = await saved(functional([4], (x) => apply(middle, x)));
    const outer = model.json.modelTopology.config as Json;
    return { model, outer, middle: (outer.layers as Json[])[1]! };
  }

  it.each<[string, (parts: { outer: Json; middle: Json }) => unknown, string]>([
    ['the own call of a model', ({ outer, middle }) => setEnd(outer, [middle.name, 0, 0]), 'QP2111'],
    ['a call that is not there', ({ outer, middle }) => setEnd(outer, [middle.name, 2, 0]), 'QP2111'],
    ['an output that is not there', ({ outer, middle }) => setEnd(outer, [middle.name, 1, 1]), 'QP2111'],
    [
      'a model that reads its own result',
      ({ middle }) => Object.assign(middle, { inbound_nodes: [[[middle.name, 1, 0, {}]]] }),
      'QP2111',
    ],
    [
      'an operand too many',
      ({ outer, middle }) => {
        const call = (middle.inbound_nodes as unknown[][])[0]!;
        call.push(...call);
        return outer;
      },
      'QP2111',
    ],
    [
      'a layer in a model that cannot be proved',
      ({ middle }) => {
        const [, inner] = (middle.config as { layers: { config: { layers: Json[] } }[] }).layers;
        inner!.config.layers[1]!.class_name = 'LSTM';
      },
      'QP2203',
    ],
  ])('are refused for %s', async (_, change, code) => {
    const { model, ...parts } = await three();
    await importSaved(model);
    change(parts);
    await expect(importSaved(model)).rejects.toMatchObject({ code });
  });

  const setEnd = (outer: Json, end: unknown) => Object.assign(outer, { output_layers: [end] });

  it('are refused if they are nested without end, or multiply their calls', async () => {
    const identity = { class_name: 'Activation', config: { name: 'a', activation: 'linear' } };
    const input = { class_name: 'InputLayer', config: { name: 'i', batch_input_shape: [null, 2] } };
    const nest = (depth: number, calls: number) => {
      let inner: Json = { class_name: 'Sequential', config: { name: 'm0', layers: [input, identity] } };
      for (let k = 1; k <= depth; k += 1) {
        const name = `m${k - 1}`;
        const inbound = Array.from({ length: calls }, (_, c) => [
          c === 0 ? ['i', 0, 0, {}] : [name, c, 0, {}],
        ]);
        const layers = [
          { ...input, name: 'i', inbound_nodes: [] },
          { ...inner, name, inbound_nodes: inbound },
        ];
        const ends = { input_layers: [['i', 0, 0]], output_layers: [[name, calls, 0]] };
        inner = { class_name: 'Functional', config: { name: `m${k}`, layers, ...ends } };
      }
      return { modelTopology: inner, weightsManifest: [] };
    };
    await withModelFolder(nest(3, 2), {}, importTfjs);
    await expect(withModelFolder(nest(40, 1), {}, importTfjs)).rejects.toMatchObject({ code: 'QP2112' });
    await expect(withModelFolder(nest(24, 2), {}, importTfjs)).rejects.toMatchObject({ code: 'QP2112' });
  });
});

describe('TimeDistributed', () => {
  it.each<[string, number[], () => Layer]>([
    ['Dense', [3, 4], () => L.dense({ units: 2, activation: 'relu' })],
    ['Dense with a softmax', [3, 4], () => L.dense({ units: 2, activation: 'softmax' })],
    ['Conv2D', [3, 5, 5, 2], () => L.conv2d({ filters: 2, kernelSize: 3 })],
    ['Flatten', [2, 3, 2], () => L.flatten()],
    ['BatchNormalization', [3, 4], () => L.batchNormalization()],
    ['a model', [3, 4], () => chain([4], L.dense({ units: 3, activation: 'sigmoid' })) as unknown as Layer],
    ['itself', [2, 3, 4], () => L.timeDistributed({ layer: L.dense({ units: 2, useBias: false }) })],
  ])('of %s', async (_, shape, layer) => {
    await compare(chain(shape, L.timeDistributed({ layer: layer() }), L.flatten(), L.dense({ units: 2 })));
  });

  it('is refused for rows of one dimension, and for a layer that cannot be proved', async () => {
    const model = await saved(chain([3, 4], L.timeDistributed({ layer: L.dense({ units: 2 }) })));
    const { layers } = model.json.modelTopology.config as { layers: { config: Json }[] };
    Object.assign(layers[0]!.config, { batch_input_shape: [null, 4] });
    await expect(importSaved(model)).rejects.toMatchObject({ code: 'QP2110' });
    Object.assign(layers[1]!.config.layer as Json, { class_name: 'GRU' });
    await expect(importSaved(model)).rejects.toThrow(
      'QP2203 GRU, a recurrent layer, cannot be proved (node "dense',
    );
  });
});

describe('a fixed batch is one row of data, with an output for each of its rows', () => {
  const batched = (batchInputShape: number[], ...layers: Layer[]) => {
    const model = tf.sequential();
    for (const layer of [L.inputLayer({ batchInputShape }), ...layers]) model.add(layer);
    return model;
  };

  it.each<[string, number[], () => Layer[]]>([
    ['Dense', [3, 4], () => [L.dense({ units: 2 })]],
    ['more rows than the library divides', [40, 2], () => [L.dense({ units: 1, activation: 'tanh' })]],
    [
      'convolutions, pools and reshapes',
      [2, 6, 6, 1],
      () => [
        L.conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }),
        L.maxPooling2d({ poolSize: 2 }),
        L.upSampling2d({ interpolation: 'bilinear' }),
        L.reshape({ targetShape: [-1, 4] }),
        L.permute({ dims: [2, 1] }),
        L.flatten(),
        L.repeatVector({ n: 2 }),
        L.globalMaxPool1d({}),
      ],
    ],
    ['steps', [2, 3, 4], () => [L.timeDistributed({ layer: L.batchNormalization() }), L.flatten()]],
    [
      'a softmax that is read',
      [2, 4],
      () => [L.dense({ units: 3, activation: 'softmax' }), L.dense({ units: 2 })],
    ],
  ])('%s', async (_, shape, layers) => {
    await compare(batched(shape, ...layers()));
  });

  it('a softmax at the end decides each row', async () => {
    const model = await saved(batched([3, 4], L.dense({ units: 2, activation: 'softmax' })));
    const { outputs, hasSeveralOutputs } = await importSaved(model);
    expect(hasSeveralOutputs).toBe(true);
    expect(outputs.map(({ head, shape }) => ({ head, shape }))).toEqual(
      Array.from({ length: 3 }, () => ({ head: 'softmax', shape: [2] })),
    );
    expect(outputs.map(({ name }) => name.replace(/^.*\[/, '['))).toEqual(['[0]', '[1]', '[2]']);
  });

  it('inputs of different batches are refused', async () => {
    const [a, b] = [tf.input({ shape: [4], name: 'a' }), tf.input({ shape: [4], name: 'b' })];
    const model = await saved(tf.model({ inputs: [a, b], outputs: apply(L.add(), a, b) }));
    const { layers } = model.json.modelTopology.config as { layers: { config: Json }[] };
    layers[0]!.config.batch_input_shape = [2, 4];
    layers[1]!.config.batch_input_shape = [3, 4];
    await expect(importSaved(model)).rejects.toMatchObject({ code: 'QP2108' });
  });
});
