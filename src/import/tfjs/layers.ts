import { ACTIVATION_LAYERS, activation, softmax } from './activations.ts';
import { conv, depthwiseConv2D, separableConv2D, transposedConv } from './convolutions.ts';
import { dense } from './dense.ts';
import { embeddingLayer } from './embedding.ts';
import type { LayerImporter } from './layer.ts';
import { add, average, concatenate, maximum, minimum, multiply, subtract } from './merges.ts';
import { batchNormalization, rescaling } from './normalization.ts';
import { globalPool, pool } from './pooling.ts';
import { preluLayer } from './prelu.ts';
import {
  cropping2D,
  flatten,
  permute,
  repeatVector,
  reshape,
  upSampling2D,
  zeroPadding2D,
} from './shape-layers.ts';
import { timeDistributed } from './time-distributed.ts';

/** A layer that does nothing outside training. */
const trainingOnly: LayerImporter = (layer) => {
  layer.config.ignore('rate', 'seed', 'noise_shape', 'stddev', 'data_format');
  return layer.anyInput();
};

/** All supported layers, by Keras class name. */
export const LAYERS: Readonly<Record<string, LayerImporter>> = {
  __proto__: null as never,
  ...ACTIVATION_LAYERS,
  Activation: activation,
  Add: add,
  AlphaDropout: trainingOnly,
  Average: average,
  AveragePooling1D: pool(1, 'mean'),
  AveragePooling2D: pool(2, 'mean'),
  AveragePooling3D: pool(3, 'mean'),
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Conv1D: conv(1),
  Conv2D: conv(2),
  Conv2DTranspose: transposedConv(2),
  Conv3D: conv(3),
  Conv3DTranspose: transposedConv(3),
  Cropping2D: cropping2D,
  Dense: dense,
  DepthwiseConv2D: depthwiseConv2D,
  Dropout: trainingOnly,
  Embedding: embeddingLayer,
  Flatten: flatten,
  GaussianDropout: trainingOnly,
  GaussianNoise: trainingOnly,
  GlobalAveragePooling1D: globalPool(1, 'mean'),
  GlobalAveragePooling2D: globalPool(2, 'mean'),
  GlobalMaxPooling1D: globalPool(1, 'max'),
  GlobalMaxPooling2D: globalPool(2, 'max'),
  MaxPooling1D: pool(1, 'max'),
  MaxPooling2D: pool(2, 'max'),
  MaxPooling3D: pool(3, 'max'),
  Maximum: maximum,
  Minimum: minimum,
  Multiply: multiply,
  PReLU: preluLayer,
  Permute: permute,
  RepeatVector: repeatVector,
  Rescaling: rescaling,
  Reshape: reshape,
  SeparableConv2D: separableConv2D,
  Softmax: softmax,
  SpatialDropout1D: trainingOnly,
  SpatialDropout2D: trainingOnly,
  Subtract: subtract,
  TimeDistributed: timeDistributed,
  UpSampling2D: upSampling2D,
  ZeroPadding2D: zeroPadding2D,
};
