import { OPERATORS } from './operators.ts';

const ACTIVATION = 'Train with Relu, LeakyRelu or Clip (Relu6) instead';
const TREES = 'Tree models cannot be proved yet; train a small neural network on the same data';
const QUANTIZED = 'Pass the float model: Quietproof quantizes it itself';
const LINEAR = 'Write the same weights as Gemm (for example a one-layer PyTorch model) and export that';
const SEQUENCE = 'Recurrent layers cannot be proved yet; use convolutions or dense layers';
const ATTENTION = 'Transformers cannot be proved yet; use convolutions or dense layers';

const HINTS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ...group(
    ACTIVATION,
    'Tanh Elu Selu Gelu Celu Erf HardSigmoid HardSwish Mish Softplus Softsign PRelu ThresholdedRelu',
  ),
  ...group(TREES, 'TreeEnsembleClassifier TreeEnsembleRegressor TreeEnsemble'),
  ...group(
    QUANTIZED,
    'QuantizeLinear DequantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul QGemm',
  ),
  ...group(QUANTIZED, 'ConvInteger MatMulInteger QLinearAdd QLinearMul QLinearAveragePool'),
  ...group(LINEAR, 'LinearClassifier LinearRegressor Normalizer Scaler'),
  ...group(SEQUENCE, 'LSTM GRU RNN Scan Loop'),
  ...group(ATTENTION, 'LayerNormalization Attention MultiHeadAttention SimplifiedLayerNormalization'),
  ZipMap: 'Export with options={"zipmap": False}',
  SVMClassifier: 'Kernel machines cannot be proved; use a linear model or a small neural network',
  SVMRegressor: 'Kernel machines cannot be proved; use a linear model or a small neural network',
};

/** What a user can do about an unsupported operator. */
export function hintFor(operator: string): string {
  return HINTS[operator] ?? `Operators that can be proved: ${Object.keys(OPERATORS).sort().join(', ')}`;
}

function group(hint: string, operators: string): Record<string, string> {
  return Object.fromEntries(operators.split(' ').map((operator) => [operator, hint]));
}
