import {
  ATTENTION,
  group,
  NORMALIZED,
  OUTSIDE,
  QUANTIZED,
  RECURRENT,
  TEXT,
  TRAINING,
  type Words,
} from './operator-words.ts';

const KERNEL = 'Train a linear model, a tree ensemble or a small neural network on the same data';
const UNOPTIMIZED = "Pass the file as exported, not as ONNX Runtime's optimizer wrote it";

/** ai.onnx.ml: what scikit-learn and its relatives export. */
export const LEARNED: Words = {
  __proto__: null as never,
  ...group('a choice of columns', undefined, 'ArrayFeatureExtractor'),
  ...group('a comparison with a threshold', undefined, 'Binarizer'),
  ...group('a dictionary', TEXT, 'CastMap DictVectorizer'),
  ...group('a table from names to numbers', TEXT, 'CategoryMapper LabelEncoder'),
  ...group('a concatenation of columns', undefined, 'FeatureVectorizer'),
  ...group('a replacement of missing values', OUTSIDE, 'Imputer'),
  ...group('a linear model', undefined, 'LinearClassifier LinearRegressor'),
  ...group('a normalization by the norm of the row itself', undefined, 'Normalizer'),
  ...group('a one-hot encoding', OUTSIDE, 'OneHotEncoder'),
  ...group('a scale per column', undefined, 'Scaler'),
  ...group('a support vector machine', undefined, 'SVMClassifier SVMRegressor'),
  ...group('a tree ensemble', undefined, 'TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor'),
  ...group('a list of scores by name', 'Export with options={"zipmap": False}', 'ZipMap'),
};

/** com.microsoft: what ONNX Runtime's own optimizer and quantizer write, and what its converters use. */
export const CONTRIBUTED: Words = {
  __proto__: null as never,
  ...group(
    'attention',
    ATTENTION,
    'Attention DecoderMaskedMultiHeadAttention DecoderMaskedSelfAttention GroupQueryAttention',
  ),
  ...group(
    'attention',
    ATTENTION,
    'LinearAttention LongformerAttention MultiHeadAttention PackedAttention PackedMultiHeadAttention',
  ),
  ...group(
    'attention',
    ATTENTION,
    'PagedAttention RelativePositionBias GatedRelativePositionBias RotaryEmbedding SparseAttention',
  ),
  ...group(
    'a step of text generation',
    ATTENTION,
    'BeamSearch GreedySearch NGramRepeatBlock Sampling WhisperBeamSearch',
  ),
  ...group('distances to stored rows, as of a Gaussian process', KERNEL, 'CDist'),
  ...group('a fused activation function', UNOPTIMIZED, 'BiasGelu BiasSplitGelu FastGelu Gelu QuickGelu'),
  ...group(
    'a fused layer',
    UNOPTIMIZED,
    'BiasAdd BiasDropout BiasSoftmax BitmaskBiasDropout BitmaskDropout FusedConv FusedGemm',
  ),
  ...group(
    'a fused layer',
    UNOPTIMIZED,
    'FusedMatMul FusedMatMulActivation GemmFloat8 NhwcFusedConv NhwcMaxPool NhwcConv',
  ),
  ...group(
    'a fused layer',
    UNOPTIMIZED,
    'ExpandDims Irfft Rfft TransposeMatMul Trilu GemmFastGelu ComplexMul ComplexMulConj',
  ),
  ...group(
    'a fused normalization',
    UNOPTIMIZED,
    'EmbedLayerNormalization GroupNorm SkipGroupNorm SkipLayerNormalization',
  ),
  ...group(
    'a normalization by the norm of the row itself',
    NORMALIZED,
    'SimplifiedLayerNormalization SkipSimplifiedLayerNormalization',
  ),
  ...group('a mixture of experts', ATTENTION, 'MoE QMoE'),
  ...group('an inverse of a matrix', OUTSIDE, 'Inverse'),
  ...group('a rearrangement of values', undefined, 'CropAndResize GatherND Pad Range UnfoldTensor'),
  ...group('a resampling at places that depend on data', OUTSIDE, 'GridSample'),
  ...group('a maximum with a mask', undefined, 'MaxpoolWithMask'),
  ...group('text processing', TEXT, 'MurmurHash3 Tokenizer WordConvEmbedding'),
  ...group('a recurrent layer', RECURRENT, 'AttnLSTM DynamicQuantizeLSTM'),
  ...group('a part of a batch of texts', TEXT, 'RemovePadding RestorePadding'),
  ...group('a part compiled for one device', UNOPTIMIZED, 'EPContext Snpe'),
  ...group('a table read at places that depend on data', undefined, 'TorchEmbedding'),
  ...group('a selection whose size depends on data', OUTSIDE, 'Unique'),
  ...group('a layer quantized elsewhere', QUANTIZED, 'BiasQuantizeLinear DequantizeBFP DequantizeLinear'),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'DynamicQuantizeMatMul GatherBlockQuantized MatMulBnb4 MatMulFpQ4 MatMulInteger16',
  ),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'MatMulIntegerToFloat MatMulNBits MulInteger QAttention QEmbedLayerNormalization',
  ),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearConv',
  ),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearReduceMean',
  ),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'QLinearSigmoid QLinearSoftmax QLinearWhere QOrderedAttention QOrderedGelu',
  ),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'QOrderedLayerNormalization QOrderedLongformerAttention QOrderedMatMul',
  ),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'QuantizeBFP QuantizeLinear QuantizeWithOrder DequantizeWithOrder ReduceSumInteger',
  ),
};

/** Operators that ONNX is still trying out, and those of training. */
export const PREVIEW: Words = {
  __proto__: null as never,
  ...group('attention', ATTENTION, 'FlexAttention'),
  ...group('a step of training', TRAINING, 'Adagrad Adam Gradient Momentum'),
};
