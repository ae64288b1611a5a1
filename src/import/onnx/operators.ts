import { ACTIVATION_OPERATORS } from './activations.ts';
import { batchNormalization } from './batch-normalization.ts';
import { constant, constantOfShape, mapConstant, reduceProd, shape, size } from './constants.ts';
import { conv } from './conv.ts';
import { add, div, mul, sub } from './elementwise.ts';
import { gemm, matMul } from './gemm.ts';
import { argMax, sigmoid, softmax } from './heads.ts';
import type { Operator } from './operator.ts';
import { cast, dropout, identity } from './pass-through.ts';
import { averagePoolOperator, globalPool, maxPoolOperator, reduce } from './pool.ts';
import { flatten, reshape, squeeze, transpose, unsqueeze } from './shape-operators.ts';
import { concat, gather, pad, slice } from './slicing.ts';

/** All supported operators, by name in the standard domain. Those of activations are listed in `activations.ts`. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  __proto__: null as never,

  // affine
  Gemm: gemm,
  MatMul: matMul,
  Conv: conv,
  BatchNormalization: batchNormalization,
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  AveragePool: averagePoolOperator,
  GlobalAveragePool: globalPool('mean'),
  ReduceMean: reduce('mean', 18),
  ReduceSum: reduce('sum', 13),

  // nonlinear
  ...ACTIVATION_OPERATORS,
  MaxPool: maxPoolOperator,
  GlobalMaxPool: globalPool('max'),

  // rearrangements
  Flatten: flatten,
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Slice: slice,
  Gather: gather,
  Pad: pad,
  Identity: identity,
  Dropout: dropout,
  Cast: cast,

  // only at the end of the model
  Sigmoid: sigmoid,
  Softmax: softmax,
  LogSoftmax: softmax,
  ArgMax: argMax,

  // constants, and arithmetic on shapes
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Shape: shape,
  Size: size,
  ReduceProd: reduceProd,
  Neg: mapConstant((value) => -value),
  Sqrt: mapConstant(Math.sqrt),
  Floor: mapConstant(Math.floor),
  Ceil: mapConstant(Math.ceil),
};
