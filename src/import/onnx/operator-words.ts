/** What an operator is, in words that follow its name, and the fix for a model that contains it, if there is one. */
export interface Description {
  readonly what: string;
  readonly fix?: string;
}

export type Words = Readonly<Record<string, Description>>;

export const RECURRENT = 'Replace the recurrent layer by convolutions or dense layers over a fixed window';
export const ATTENTION = 'Replace attention by convolutions or dense layers';
export const QUANTIZED = 'Pass the float model: Quietproof quantizes it itself';
export const TRAINING = 'Export the model for inference';
const RANDOM = 'Export in eval mode, so that the answer follows from the input alone';
export const OUTSIDE = 'Do this before the model, and prove the model on its result';
const AFTER = 'Do this after the model, on its proved output';
export const TEXT = 'Turn text into numbers before the model';
export const NORMALIZED = 'Use a BatchNormalization, whose factors are constants after training';

/** The standard domain, to operator set 28. */
export const STANDARD: Words = {
  __proto__: null as never,
  ...group('an absolute value', undefined, 'Abs'),
  ...group('a trigonometric function', undefined, 'Acos Asin Atan Cos Sin Tan'),
  ...group('a hyperbolic function', undefined, 'Acosh Asinh Atanh Cosh Sinh Tanh'),
  ...group('arithmetic', undefined, 'Add Sub Mul Div Neg Sum Mean Mod Reciprocal Pow'),
  ...group('a root', undefined, 'Sqrt'),
  ...group('an exponential or a logarithm', undefined, 'Exp Log'),
  ...group('an error function, as in GELU', undefined, 'Erf'),
  ...group('rounding', undefined, 'Ceil Floor Round'),
  ...group('the sign of a value', undefined, 'Sign'),
  ...group(
    'an activation function',
    undefined,
    'Celu Clip Elu Gelu HardSigmoid HardSwish LeakyRelu Mish PRelu',
  ),
  ...group(
    'an activation function',
    undefined,
    'Relu Selu Shrink Sigmoid Softplus Softsign Swish ThresholdedRelu',
  ),
  ...group('a product of two activations', undefined, 'SwiGLU'),
  ...group('a softmax', undefined, 'LogSoftmax Softmax'),
  ...group('a choice of the largest score', undefined, 'ArgMax ArgMin Hardmax'),
  ...group('a choice of the k largest values', undefined, 'TopK'),
  ...group('a maximum or minimum', undefined, 'Max Min ReduceMax ReduceMin'),
  ...group('a comparison', undefined, 'Equal Greater GreaterOrEqual Less LessOrEqual'),
  ...group('logic', undefined, 'And Not Or Xor'),
  ...group('a choice between two values', undefined, 'Where'),
  ...group(
    'arithmetic on the bits of whole numbers',
    undefined,
    'BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor',
  ),
  ...group('a test for infinite or missing numbers', undefined, 'IsInf IsNaN'),
  ...group('a sum over axes', undefined, 'CumSum ReduceMean ReduceSum'),
  ...group('a product over axes', undefined, 'CumProd ReduceProd'),
  ...group(
    'a norm or logarithm of sums',
    undefined,
    'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare',
  ),
  ...group('a product of matrices', undefined, 'Einsum Gemm MatMul'),
  ...group('a determinant', undefined, 'Det'),
  ...group('a convolution', undefined, 'Conv ConvTranspose'),
  ...group('a convolution that keeps a state', RECURRENT, 'CausalConvWithState'),
  ...group('a convolution whose places depend on data', 'Use Conv', 'DeformConv'),
  ...group('a pool', undefined, 'AveragePool GlobalAveragePool GlobalMaxPool MaxPool'),
  ...group('a pool by a power and a root', 'Use AveragePool or MaxPool', 'GlobalLpPool LpPool'),
  ...group('a pool over regions that depend on data', OUTSIDE, 'MaxRoiPool RoiAlign'),
  ...group(
    'the inverse of a MaxPool, whose places depend on data',
    'Use Resize or ConvTranspose',
    'MaxUnpool',
  ),
  ...group('a normalization with constant factors', undefined, 'BatchNormalization'),
  ...group(
    'a normalization by the mean and variance of the row itself',
    undefined,
    'GroupNormalization InstanceNormalization LayerNormalization',
  ),
  ...group(
    'a normalization by the mean and variance of the row itself',
    NORMALIZED,
    'MeanVarianceNormalization',
  ),
  ...group('a normalization by the norm of the row itself', undefined, 'LpNormalization RMSNormalization'),
  ...group('a normalization by the values of neighbouring channels', NORMALIZED, 'LRN'),
  ...group('attention', ATTENTION, 'Attention LinearAttention RotaryEmbedding'),
  ...group('a recurrent layer', RECURRENT, 'GRU LSTM RNN'),
  ...group(
    'a loop whose length depends on data',
    'Export with a fixed number of steps, so that the loop is unrolled',
    'Loop',
  ),
  ...group(
    'a loop over a sequence',
    'Export with a fixed number of steps, so that the loop is unrolled',
    'Scan SequenceMap',
  ),
  ...group('a branch', undefined, 'If'),
  ...group(
    'a rearrangement of values',
    undefined,
    'CenterCropPad Concat DepthToSpace Expand Flatten Gather GatherElements GatherND',
  ),
  ...group(
    'a rearrangement of values',
    undefined,
    'Identity Pad Reshape Scatter ScatterElements ScatterND Slice SpaceToDepth',
  ),
  ...group(
    'a rearrangement of values',
    undefined,
    'Compress Split Squeeze TensorScatter Tile Transpose Trilu Unsqueeze',
  ),
  ...group('a sum of overlapping blocks', undefined, 'Col2Im'),
  ...group('a reversal of sequences', undefined, 'ReverseSequence'),
  ...group('a resampling', undefined, 'Resize Upsample'),
  ...group('a resampling at places that depend on data', OUTSIDE, 'AffineGrid GridSample'),
  ...group('a selection whose size depends on data', OUTSIDE, 'NonZero Unique'),
  ...group('a selection of boxes, whose number depends on data', AFTER, 'NonMaxSuppression'),
  ...group('a conversion of types', undefined, 'Cast CastLike'),
  ...group('a one-hot encoding', undefined, 'OneHot'),
  ...group('a constant', undefined, 'Constant ConstantOfShape EyeLike Range Shape Size'),
  ...group(
    'a part of signal processing',
    OUTSIDE,
    'BlackmanWindow DFT HammingWindow HannWindow MelWeightMatrix STFT',
  ),
  ...group(
    'a list of tensors',
    'Export with fixed sizes, so that the list is resolved',
    'ConcatFromSequence SequenceAt SequenceConstruct',
  ),
  ...group(
    'a list of tensors',
    'Export with fixed sizes, so that the list is resolved',
    'SequenceEmpty SequenceErase SequenceInsert',
  ),
  ...group(
    'a list of tensors',
    'Export with fixed sizes, so that the list is resolved',
    'SequenceLength SplitToSequence',
  ),
  ...group(
    'a value that may be absent',
    'Export with all inputs given',
    'Optional OptionalGetElement OptionalHasElement',
  ),
  ...group(
    'random numbers',
    RANDOM,
    'Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike',
  ),
  ...group('a training loss', TRAINING, 'NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss'),
  ...group('dropout', undefined, 'Dropout'),
  ...group(
    'a layer quantized elsewhere',
    QUANTIZED,
    'ConvInteger DequantizeLinear DynamicQuantizeLinear MatMulInteger',
  ),
  ...group('a layer quantized elsewhere', QUANTIZED, 'QLinearConv QLinearMatMul QuantizeLinear'),
  ...group('a decoder of image files', OUTSIDE, 'ImageDecoder'),
  ...group(
    'text processing',
    TEXT,
    'RegexFullMatch StringConcat StringNormalizer StringSplit TfIdfVectorizer',
  ),
};

/** Several operators that are the same thing. */
export function group(what: string, fix: string | undefined, operators: string): Words {
  const description = fix === undefined ? { what } : { what, fix };
  return Object.fromEntries(operators.split(/\s+/).map((operator) => [operator, description]));
}
