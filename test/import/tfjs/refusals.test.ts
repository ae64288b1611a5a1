import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import { type SavedModel, saved, withModelFolder } from './saved-model.ts';

const L = tf.layers;
type Json = Record<string, unknown>;

function sequential(...layers: Parameters<tf.Sequential['add']>[0][]): tf.Sequential {
  const model = tf.sequential();
  for (const layer of layers) model.add(layer);
  return model;
}

const importSaved = ({ json, weights }: SavedModel) =>
  withModelFolder(json, { 'weights.bin': weights }, importTfjs);
const layersOf = (json: SavedModel['json']) => (json.modelTopology.config as { layers: Json[] }).layers;
const configOf = (json: SavedModel['json'], index: number) => layersOf(json)[index]!.config as Json;

it('a layer with a name that cannot be shown is refused', async () => {
  const model = await saved(sequential(L.dense({ units: 2, inputShape: [3] })));
  configOf(model.json, 0).name = 'dense\u001b[2J';
  await expect(importSaved(model)).rejects.toMatchObject({ code: 'QP2006' });
});

describe('forms of the file', () => {
  it('give the same model: saved by the library, by the converter, and with a bare list of layers', async () => {
    const model = await saved(sequential(L.dense({ units: 2, inputShape: [3] })));
    const row = Float64Array.of(1, -2, 3);
    const answer = async (given: SavedModel) => {
      const graph = await importSaved(given);
      return outputsOf(graph, executeFloat(graph, row));
    };
    const expected = await answer(model);
    const { modelTopology } = model.json;
    const converted = { keras_version: '2.15.0', backend: 'tensorflow', model_config: modelTopology };
    expect(await answer({ ...model, json: { ...model.json, modelTopology: converted } })).toEqual(expected);
    const bare = { ...modelTopology, config: layersOf(model.json) };
    expect(await answer({ ...model, json: { ...model.json, modelTopology: bare } })).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['text', '{"modelTopology": ', 'QP2001'],
    ['a list', [], 'QP2201'],
    ['other JSON', { inputs: [[1]] }, 'QP2201'],
    ['an empty graph', { format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [] }, 'QP2111'],
    [
      'a graph with an operation that cannot be proved',
      {
        modelTopology: {
          node: [
            { name: 'x', op: 'Placeholder' },
            { name: 'y', op: 'Cumsum', input: ['x'] },
          ],
        },
        weightsManifest: [],
      },
      'QP2207',
    ],
    ['a topology of nothing', { modelTopology: {}, weightsManifest: [] }, 'QP2201'],
    [
      'another class of model',
      { modelTopology: { class_name: 'Mine', config: {} }, weightsManifest: [] },
      'QP2111',
    ],
    [
      'no layers',
      { modelTopology: { class_name: 'Sequential', config: { layers: [] } }, weightsManifest: [] },
      'QP2111',
    ],
  ])('that are refused: %s', async (_, json, code) => {
    await expect(withModelFolder(json, {}, importTfjs)).rejects.toMatchObject({ code });
  });

  it('of Keras 3 are refused by name', async () => {
    const three = (layers: unknown[], className = 'Sequential', extra = {}) => ({
      modelTopology: { model_config: { class_name: className, config: { layers, ...extra } } },
      weightsManifest: [],
    });
    const input = {
      class_name: 'InputLayer',
      config: { name: 'in', batch_shape: [null, 3], dtype: 'float32' },
    };
    const dense = {
      class_name: 'Dense',
      config: { name: 'd', units: 2 },
      inbound_nodes: [{ args: [], kwargs: {} }],
    };
    const ends = { input_layers: ['in', 0, 0], output_layers: ['d', 0, 0] };
    for (const json of [three([input]), three([dense, input], 'Functional', ends)]) {
      await expect(withModelFolder(json, {}, importTfjs)).rejects.toMatchObject({ code: 'QP2205' });
    }
  });
});

describe('layers that are refused', () => {
  it('are all named, the first with its location', async () => {
    const model = sequential(
      L.gru({
        inputShape: [3, 5],
        units: 2,
        returnSequences: true,
        recurrentInitializer: 'zeros',
        name: 'words',
      }),
      L.lstm({ units: 2, recurrentInitializer: 'zeros' }),
    );
    await expect(importSaved(await saved(model))).rejects.toThrow(
      'QP2203 GRU, a recurrent layer, cannot be proved, nor can LSTM, a recurrent layer (node "words" in model.json)',
    );
  });

  it.each<[string, () => Parameters<tf.Sequential['add']>[0], string]>([
    ['causal padding', () => L.conv1d({ filters: 2, kernelSize: 2, padding: 'causal' }), 'causal padding'],
    ['steep leaks', () => L.leakyReLU({ alpha: 1.5 }), 'slope of 1.5'],
  ])('in this form: %s', async (_, layer, message) => {
    const model = tf.sequential();
    model.add(L.inputLayer({ inputShape: [4, 2] }));
    // The library refuses causal padding only at run time.
    model.add(layer());
    await expect(importSaved(await saved(model))).rejects.toThrow(message);
  });

  it.each<[string, (config: Json, json: SavedModel['json']) => unknown, string]>([
    ['an unknown entry', (config) => Object.assign(config, { lora_rank: 4 }), 'QP2204'],
    [
      'mixed precision',
      (config) =>
        Object.assign(config, { dtype: { class_name: 'Policy', config: { name: 'mixed_float16' } } }),
      'QP2105',
    ],
    ['units of text', (config) => Object.assign(config, { units: '2' }), 'QP2111'],
    ['no units', (config) => Reflect.deleteProperty(config, 'units'), 'QP2111'],
    ['units that do not fit the weights', (config) => Object.assign(config, { units: 3 }), 'QP2206'],
    [
      'a batch of none',
      (_, json) => Object.assign(configOf(json, 0), { batch_input_shape: [0, 3] }),
      'QP2107',
    ],
    [
      'a dynamic size',
      (_, json) => Object.assign(configOf(json, 0), { batch_input_shape: [null, null] }),
      'QP2107',
    ],
    ['no input shape', (_, json) => Reflect.deleteProperty(configOf(json, 0), 'batch_input_shape'), 'QP2111'],
    ['two layers of one name', (config) => Object.assign(config, { name: 'first' }), 'QP2111'],
  ])('with %s', async (_, change, code) => {
    const model = await saved(
      sequential(L.dense({ units: 3, inputShape: [3], name: 'first' }), L.dense({ units: 2 })),
    );
    change(configOf(model.json, 1), model.json);
    await expect(importSaved(model)).rejects.toMatchObject({ code });
  });

  it('include ReLU with a slope or threshold, which TensorFlow.js ignores', async () => {
    const model = await saved(sequential(L.dense({ units: 3, inputShape: [3] }), L.reLU()));
    configOf(model.json, 1).threshold = 0;
    configOf(model.json, 1).negative_slope = 0;
    await importSaved(model);
    configOf(model.json, 1).negative_slope = 0.1;
    await expect(importSaved(model)).rejects.toThrow('QP2204 ReLU with negative_slope = 0.1');
  });

  it('include batch normalization over an axis before the last', async () => {
    const model = sequential(L.batchNormalization({ inputShape: [3, 4], axis: 1 }));
    await expect(importSaved(await saved(model))).rejects.toMatchObject({ code: 'QP2204' });
  });
});

describe('functional models that are refused', () => {
  async function diamond(): Promise<SavedModel> {
    const input = tf.input({ shape: [3], name: 'in' });
    const a = L.dense({ units: 3, name: 'a' }).apply(input) as tf.SymbolicTensor;
    const b = L.dense({ units: 3, name: 'b' }).apply(a) as tf.SymbolicTensor;
    return saved(
      tf.model({ inputs: input, outputs: L.add({ name: 'sum' }).apply([a, b]) as tf.SymbolicTensor }),
    );
  }
  const named = (json: SavedModel['json'], name: string) =>
    layersOf(json).find((layer) => layer.name === name)!;
  const config = (json: SavedModel['json']) => json.modelTopology.config as Json;

  it.each<[string, (json: SavedModel['json']) => unknown, string]>([
    ['a loop', (json) => Object.assign(named(json, 'a'), { inbound_nodes: [[['b', 0, 0, {}]]] }), 'QP2111'],
    [
      'a layer that is not there',
      (json) => Object.assign(named(json, 'b'), { inbound_nodes: [[['c', 0, 0, {}]]] }),
      'QP2111',
    ],
    [
      'a call that is not there',
      (json) => Object.assign(named(json, 'b'), { inbound_nodes: [[['a', 1, 0, {}]]] }),
      'QP2111',
    ],
    [
      'a second output of a layer',
      (json) => Object.assign(named(json, 'b'), { inbound_nodes: [[['a', 0, 1, {}]]] }),
      'QP2111',
    ],
    [
      'a call in training mode',
      (json) => Object.assign(named(json, 'b'), { inbound_nodes: [[['a', 0, 0, { training: true }]]] }),
      'QP2204',
    ],
    [
      'an output that no layer has',
      (json) => (config(json).output_layers as unknown[]).push(['c', 0, 0]),
      'QP2111',
    ],
    ['no output', (json) => Object.assign(config(json), { output_layers: [] }), 'QP2111'],
    [
      'a weight of a layer that is not reached',
      (json) => Object.assign(config(json), { output_layers: [['a', 0, 0]] }),
      'QP2206',
    ],
    [
      'a sum of one',
      (json) => Object.assign(named(json, 'sum'), { inbound_nodes: [[['b', 0, 0, {}]]] }),
      'QP2111',
    ],
    [
      'a model in the model that has no layers',
      (json) => Object.assign(named(json, 'b'), { class_name: 'Sequential' }),
      'QP2111',
    ],
  ])('for %s', async (_, change, code) => {
    const model = await diamond();
    await importSaved(model);
    change(model.json);
    await expect(importSaved(model)).rejects.toMatchObject({ code });
  });

  it('takes a chain of any depth', async () => {
    const count = 20_000;
    const names = Array.from({ length: count }, (_, k) => `layer${k}`);
    const layers = names.map((name, k) => {
      const inbound = k === 0 ? [] : [[[names[k - 1], 0, 0, {}]]];
      const config = { name, batch_input_shape: [null, 2] };
      return { name, class_name: k === 0 ? 'InputLayer' : 'Dropout', config, inbound_nodes: inbound };
    });
    const ends = { input_layers: [[names[0], 0, 0]], output_layers: [[names.at(-1), 0, 0]] };
    const modelTopology = { class_name: 'Model', config: { name: 'deep', layers, ...ends } };
    const graph = await withModelFolder({ modelTopology, weightsManifest: [] }, {}, importTfjs);
    expect(graph.nodes).toEqual([]);
  });
});
