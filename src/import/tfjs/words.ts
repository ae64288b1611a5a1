import {
  ATTENTION,
  type Description,
  group,
  NORMALIZED,
  OUTSIDE,
  RECURRENT,
  TEXT,
  type Words,
} from '../onnx/operator-words.ts';

/** Layers of Keras that cannot be proved, by class name. */
const LAYER_WORDS: Words = {
  __proto__: null as never,
  ...group(
    'a recurrent layer',
    RECURRENT,
    'Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM2DCell ConvLSTM3D GRU GRUCell LSTM LSTMCell RNN SimpleRNN SimpleRNNCell',
  ),
  ...group(
    'a normalization by the mean and variance of the row itself',
    NORMALIZED,
    'GroupNormalization LayerNormalization UnitNormalization',
  ),
  ...group('attention', ATTENTION, 'AdditiveAttention Attention MultiHeadAttention'),
  ...group('a product of two values', undefined, 'Dot'),
  ...group('a mask over steps', undefined, 'Masking'),
  ...group(
    'code of its own',
    'Save the model as a SavedModel and convert it to a graph model',
    'Lambda TFOpLambda SlicingOpLambda',
  ),
  ...group('a step before the model', OUTSIDE, 'CategoryEncoding CenterCrop Discretization Hashing Resizing'),
  ...group('a step on texts', TEXT, 'StringLookup TextVectorization'),
};

/** Operations of TensorFlow that cannot be proved, by name. */
const OPERATION_WORDS: Words = {
  __proto__: null as never,
  ...group(
    'a loop, as of a recurrent layer',
    RECURRENT,
    `Enter Exit LoopCond NextIteration StatelessWhile While TensorListFromTensor TensorListGetItem TensorListReserve
    TensorListSetItem TensorListStack`,
  ),
  ...group('a branch that depends on data', undefined, 'If Merge StatelessIf Switch'),
  ...group('a reciprocal of a root, as in a normalization by the row itself', NORMALIZED, 'Rsqrt'),
  ...group('a product of matrices', undefined, 'BatchMatMul BatchMatMulV2 Einsum'),
  ...group('a trigonometric function', undefined, 'Acos Asin Atan Atan2 Tan'),
  ...group('a hyperbolic function', undefined, 'Acosh Asinh Atanh Cosh Sinh'),
  ...group('a sum over positions', undefined, 'Cumsum'),
  ...group('a choice of the k largest values', undefined, 'TopK TopKV2'),
  ...group('a choice of the smallest score', undefined, 'ArgMin'),
  ...group('a division of whole numbers', undefined, 'FloorDiv FloorMod Mod'),
  ...group('several parts of a value', undefined, 'Split SplitV Unpack'),
};

const UNKNOWN_LAYER: Description = { what: 'a layer that Quietproof does not know' };
const UNKNOWN_OPERATION: Description = { what: 'an operation that Quietproof does not know' };

/** What a layer is that cannot be proved, and what to do about it. */
export const layerWords = (className: string): Description => LAYER_WORDS[className] ?? UNKNOWN_LAYER;

export const operationWords = (op: string): Description => OPERATION_WORDS[op] ?? UNKNOWN_OPERATION;

/** The refusal of one or more kinds, each with what it is; its fix is the first that there is. */
export function refusal(
  kinds: Iterable<string>,
  wordsOf: (kind: string) => Description,
): { what: string; fix: string | undefined } {
  const [first, ...others] = Array.from(new Set(kinds), (name) => ({ name, ...wordsOf(name) }));
  const more = others.map(({ name, what }) => `, nor can ${name}, ${what}`).join('');
  const fix = [first!, ...others].find((kind) => kind.fix !== undefined)?.fix;
  return { what: `${first!.name}, ${first!.what}, cannot be proved${more}`, fix };
}
