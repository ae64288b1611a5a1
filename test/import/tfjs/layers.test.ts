import * as core from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import { chain, compare, type Layer } from './compare-layers.ts';
import { type SavedModel, saved, withModelFolder } from './saved-model.ts';

const L = tf.layers;

/** The config of a layer of a saved Sequential model. */
function layerConfig(json: SavedModel['json'], index: number): Record<string, unknown> {
  const { layers } = json.modelTopology.config as { layers: { config: Record<string, unknown> }[] };
  return layers[index]!.config;
}

const first = { dataFormat: 'channelsFirst' } as const;

describe('each layer computes what TensorFlow.js computes', () => {
  it.each<[string, number[], () => Layer[]]>([
    ['Dense', [5], () => [L.dense({ units: 3 })]],
    ['Dense without bias', [5], () => [L.dense({ units: 3, useBias: false, activation: 'relu' })]],
    [
      'Dense over the last of several dimensions',
      [2, 3, 4],
      () => [L.dense({ units: 5, activation: 'relu6' })],
    ],
    ['Conv1D', [9, 3], () => [L.conv1d({ filters: 4, kernelSize: 3, strides: 2 })]],
    [
      'Conv1D, same, dilated',
      [9, 3],
      () => [L.conv1d({ filters: 4, kernelSize: 3, padding: 'same', dilationRate: 2 })],
    ],
    ['Conv2D', [6, 5, 3], () => [L.conv2d({ filters: 4, kernelSize: [3, 2], activation: 'relu' })]],
    [
      'Conv2D, same, strided',
      [6, 5, 2],
      () => [L.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' })],
    ],
    [
      'Conv2D, same, even kernel',
      [5, 5, 2],
      () => [L.conv2d({ filters: 3, kernelSize: 2, padding: 'same', useBias: false })],
    ],
    ['Conv2D, dilated', [7, 7, 1], () => [L.conv2d({ filters: 2, kernelSize: 3, dilationRate: 2 })]],
    [
      'Conv2D, channels first',
      [2, 6, 5],
      () => [L.conv2d({ filters: 3, kernelSize: 3, padding: 'same', ...first })],
    ],
    [
      'DepthwiseConv2D',
      [6, 6, 3],
      () => [L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' })],
    ],
    [
      'DepthwiseConv2D, strided, relu',
      [7, 6, 3],
      () => [L.depthwiseConv2d({ kernelSize: 3, strides: 2, activation: 'relu' })],
    ],
    ['SeparableConv2D', [6, 6, 3], () => [L.separableConv2d({ filters: 4, kernelSize: 3, padding: 'same' })]],
    ['MaxPooling1D', [7, 2], () => [L.maxPooling1d({ poolSize: 3, strides: 2 })]],
    ['MaxPooling1D, same', [7, 2], () => [L.maxPooling1d({ poolSize: 2, padding: 'same' })]],
    ['AveragePooling1D, same', [7, 2], () => [L.averagePooling1d({ poolSize: 2, padding: 'same' })]],
    ['MaxPooling2D', [6, 6, 2], () => [L.maxPooling2d({ poolSize: 2 })]],
    ['MaxPooling2D, same', [5, 5, 2], () => [L.maxPooling2d({ poolSize: 2, padding: 'same' })]],
    ['MaxPooling2D, channels first', [2, 6, 4], () => [L.maxPooling2d({ poolSize: [3, 2], ...first })]],
    ['AveragePooling2D', [6, 6, 2], () => [L.averagePooling2d({ poolSize: 3, strides: 1 })]],
    [
      'AveragePooling2D, same: padding is not counted',
      [5, 5, 2],
      () => [L.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
    ],
    ['GlobalAveragePooling1D', [6, 3], () => [L.globalAveragePooling1d({})]],
    ['GlobalMaxPooling1D', [6, 3], () => [L.globalMaxPool1d({})]],
    ['GlobalAveragePooling2D', [4, 5, 3], () => [L.globalAveragePooling2d({})]],
    ['GlobalMaxPooling2D, channels first', [3, 4, 5], () => [L.globalMaxPooling2d({ ...first })]],
    ['BatchNormalization', [4, 3], () => [L.batchNormalization({})]],
    [
      'BatchNormalization without gamma and beta',
      [4],
      () => [L.batchNormalization({ scale: false, center: false })],
    ],
    ['Flatten', [2, 3, 4], () => [L.flatten(), L.dense({ units: 2 })]],
    ['Flatten, channels first', [2, 3, 4], () => [L.flatten({ ...first }), L.dense({ units: 2 })]],
    ['Reshape', [2, 6], () => [L.dense({ units: 6 }), L.reshape({ targetShape: [3, -1] })]],
    ['Permute', [2, 3, 4], () => [L.permute({ dims: [3, 1, 2] }), L.dense({ units: 2 })]],
    [
      'ZeroPadding2D',
      [3, 4, 2],
      () => [
        L.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
      ],
    ],
    [
      'ZeroPadding2D, one number',
      [3, 4, 2],
      () => [L.zeroPadding2d({ padding: 2 }), L.conv2d({ filters: 2, kernelSize: 3 })],
    ],
    ['ZeroPadding2D, channels first', [2, 3, 4], () => [L.zeroPadding2d({ padding: [1, 2], ...first })]],
    [
      'ZeroPadding2D around Cropping2D',
      [6, 7, 2],
      () => [
        L.cropping2D({
          cropping: [
            [1, 0],
            [2, 3],
          ],
        }),
        L.zeroPadding2d({ padding: [1, 0] }),
      ],
    ],
    ['Cropping2D, channels first', [2, 5, 4], () => [L.cropping2D({ cropping: 1, ...first })]],
    ['RepeatVector', [3], () => [L.repeatVector({ n: 4 }), L.dense({ units: 2 })]],
    ['UpSampling2D', [2, 3, 2], () => [L.upSampling2d({ size: [2, 3] })]],
    ['UpSampling2D, channels first', [2, 3, 2], () => [L.upSampling2d({ ...first })]],
    [
      'UpSampling2D, bilinear',
      [3, 4, 2],
      () => [
        L.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
        L.conv2d({ filters: 1, kernelSize: 2 }),
      ],
    ],
    [
      'UpSampling2D, bilinear, channels first',
      [2, 3, 1],
      () => [L.upSampling2d({ size: [3, 2], interpolation: 'bilinear', ...first })],
    ],
    ['Conv2DTranspose', [3, 4, 2], () => [L.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 })]],
    [
      'Conv2DTranspose, same',
      [3, 4, 2],
      () => [L.conv2dTranspose({ filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: 'same' })],
    ],
    [
      'Conv2DTranspose with a stride beyond the kernel, channels first',
      [2, 3, 3],
      () => [L.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 3, ...first, activation: 'relu' })],
    ],
    ['Conv3D', [4, 5, 4, 2], () => [L.conv3d({ filters: 3, kernelSize: 2, padding: 'same' })]],
    ['Conv3DTranspose', [2, 2, 3, 2], () => [L.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 })]],
    ['MaxPooling3D', [4, 4, 4, 2], () => [L.maxPooling3d({ poolSize: 2 })]],
    ['AveragePooling3D', [4, 4, 4, 2], () => [L.averagePooling3d({ poolSize: 2, strides: 1 })]],
    ['PReLU with a slope of any sign for each value', [4], () => [L.dense({ units: 5 }), L.prelu()]],
    ['PReLU with a slope for each channel', [3, 4, 2], () => [L.prelu({ sharedAxes: [1, 2] })]],
    ['ReLU', [5], () => [L.dense({ units: 4 }), L.reLU()]],
    ['ReLU with a maximum', [5], () => [L.dense({ units: 4 }), L.reLU({ maxValue: 0.5 })]],
    ['LeakyReLU', [5], () => [L.dense({ units: 4 }), L.leakyReLU()]],
    ['LeakyReLU with a slope', [5], () => [L.dense({ units: 4 }), L.leakyReLU({ alpha: 0.05 })]],
    ['Activation relu', [5], () => [L.dense({ units: 4 }), L.activation({ activation: 'relu' })]],
    ['Activation linear', [5], () => [L.activation({ activation: 'linear' }), L.dense({ units: 4 })]],
    ['hard sigmoid', [5], () => [L.dense({ units: 4, activation: 'hardSigmoid' })]],
    ...(
      ['tanh', 'sigmoid', 'softplus', 'softsign', 'elu', 'selu', 'swish', 'mish', 'gelu', 'gelu_new'] as const
    ).map((name): [string, number[], () => Layer[]] => [
      name,
      [5],
      () => [L.dense({ units: 4, activation: name as 'tanh' }), L.dense({ units: 3 })],
    ]),
    ['ELU', [5], () => [L.elu(), L.dense({ units: 2 })]],
    ['ThresholdedReLU', [5], () => [L.thresholdedReLU({ theta: 0.3 }), L.dense({ units: 2 })]],
    ['Rescaling', [3], () => [L.rescaling({ scale: 1 / 255, offset: -0.5 }), L.dense({ units: 4 })]],
    [
      'layers that only matter in training',
      [4, 4],
      () => [
        L.dropout({ rate: 0.5 }),
        L.spatialDropout1d({ rate: 0.5 }),
        L.gaussianNoise({ stddev: 1 }),
        L.gaussianDropout({ rate: 0.5 }),
        L.alphaDropout({ rate: 0.5 }),
        L.dense({ units: 2, kernelRegularizer: 'l1l2', biasConstraint: 'nonNeg' }),
      ],
    ],
  ])('%s', (_, shape, layers) => compare(chain(shape, ...layers())));

  it('SeparableConv2D with a multiplier, which Keras saves but the library omits', async () => {
    const layer = L.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2, activation: 'relu' });
    await compare(chain([6, 6, 3], layer), (json) => {
      layerConfig(json, 1).depth_multiplier = 2;
    });
  });

  it('PReLU with slopes of leaky ReLUs', async () => {
    await compare(chain([5], L.prelu()), undefined, (model) => {
      model.weights[0]!.write(core.tensor([0, 0.25, 1, 0.25, 0.5]));
    });
  });

  it.each<[string, Layer]>([
    ['DepthwiseConv2D', L.depthwiseConv2d({ kernelSize: 3 })],
    ['SeparableConv2D', L.separableConv2d({ filters: 2, kernelSize: 3 })],
    ['Conv2DTranspose', L.conv2dTranspose({ filters: 2, kernelSize: 3 })],
  ])('%s with the groups that Keras 2 writes', async (_, layer) => {
    await compare(chain([6, 6, 3], layer), (json) => {
      layerConfig(json, 1).groups = 1;
    });
  });

  it('joins branches: Add, Average, Maximum, Concatenate', async () => {
    const input = tf.input({ shape: [4, 4, 2] });
    const branch = () =>
      L.conv2d({ filters: 2, kernelSize: 3, padding: 'same' }).apply(input) as tf.SymbolicTensor;
    const [a, b, c] = [branch(), branch(), branch()];
    const joined = [
      L.add().apply([a, b, c]),
      L.average().apply([a, b, c]),
      L.maximum().apply([a, b]),
      L.concatenate({ axis: -1 }).apply([a, b]),
      L.concatenate({ axis: 3 }).apply([b, input]),
    ] as tf.SymbolicTensor[];
    const all = L.concatenate().apply(joined) as tf.SymbolicTensor;
    await compare(tf.model({ inputs: input, outputs: all }));
    await compare(
      tf.model({ inputs: input, outputs: L.concatenate({ axis: 1 }).apply([a, c]) as tf.SymbolicTensor }),
    );
  });

  it('joins branches: Multiply, also of one factor per channel, and Minimum', async () => {
    const input = tf.input({ shape: [4, 4, 2] });
    const branch = () =>
      L.conv2d({ filters: 2, kernelSize: 3, padding: 'same' }).apply(input) as tf.SymbolicTensor;
    const [a, b] = [branch(), branch()];
    const pooled = L.globalAveragePooling2d({}).apply(a) as tf.SymbolicTensor;
    const gate = L.reshape({ targetShape: [1, 1, 2] }).apply(pooled) as tf.SymbolicTensor;
    const joined = [
      L.multiply().apply([a, b]),
      L.multiply().apply([a, gate]),
      L.minimum().apply([a, b]),
    ] as tf.SymbolicTensor[];
    const outputs = L.concatenate().apply(joined) as tf.SymbolicTensor;
    await compare(tf.model({ inputs: input, outputs }));
  });

  it('runs a shared layer at each of its calls', async () => {
    const input = tf.input({ shape: [4] });
    const shared = L.dense({ units: 4, activation: 'relu' });
    const once = shared.apply(input) as tf.SymbolicTensor;
    const twice = shared.apply(once) as tf.SymbolicTensor;
    const outputs = L.concatenate().apply([twice, once]) as tf.SymbolicTensor;
    await compare(tf.model({ inputs: input, outputs }));
  });
});

describe('a final sigmoid or softmax', () => {
  it.each<[string, Layer[], string]>([
    ['as an activation', [L.dense({ units: 3, activation: 'softmax' })], 'softmax'],
    ['as a layer', [L.dense({ units: 3 }), L.softmax()], 'softmax'],
    ['as a sigmoid', [L.dense({ units: 1, activation: 'sigmoid' })], 'sigmoid'],
    [
      'before a reshape',
      [L.dense({ units: 4, activation: 'softmax' }), L.reshape({ targetShape: [2, 2] })],
      'softmax',
    ],
  ])('is left out, %s', async (_, layers, head) => {
    const { json, weights } = await saved(chain([5], ...layers));
    const graph = await withModelFolder(json, { 'weights.bin': weights }, importTfjs);
    expect(graph.outputs[0]!.head).toBe(head);
    expect(graph.nodes.map((node) => node.op)).toEqual(['linear']);
  });

  it.each<[string, Layer[]]>([
    ['before a layer', [L.dense({ units: 3, activation: 'softmax' }), L.dense({ units: 3 })]],
    [
      'over part of a value',
      [L.reshape({ targetShape: [5, 1] }), L.dense({ units: 3, activation: 'softmax' })],
    ],
    [
      'of values that are reshaped before a layer',
      [
        L.dense({ units: 6, activation: 'softmax' }),
        L.reshape({ targetShape: [2, 3] }),
        L.dense({ units: 2 }),
      ],
    ],
  ])('is computed, %s', async (_, layers) => {
    await compare(chain([5], ...layers));
  });
});
