import { LEARNED_OPERATORS } from '../ml/operators.ts';
import { ACTIVATION_OPERATORS } from './activations.ts';
import { batchNormalization } from './batch-normalization.ts';
import { branch } from './branch.ts';
import { colToImage } from './col-to-image.ts';
import { COMPARISONS } from './comparisons.ts';
import { constant, shape, size } from './constants.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { centerCropPad, reverseSequence } from './crops.ts';
import { cumulativeSum } from './cumulative-sum.ts';
import { isStandardDomain, LEARNED_DOMAIN } from './decode-model.ts';
import { depthToSpace, spaceToDepth } from './depth-to-space.ts';
import { einsum } from './einsum.ts';
import { add, div, mul, sub } from './elementwise.ts';
import { max, mean, min, REDUCTIONS, sum } from './extremes.ts';
import { gemm, matMul } from './gemm.ts';
import { argMax, argMin, sigmoid, softmax } from './heads.ts';
import { compress, gatherElements, gatherNd, trilu } from './indexed.ts';
import type { Operator } from './operator.ts';
import { pad } from './pad.ts';
import { cast, castLike, dropout, identity } from './pass-through.ts';
import { averagePoolOperator, globalPool, maxPoolOperator, reduce, reduceBy } from './pool.ts';
import { hardmax, topK } from './rankings.ts';
import { expand, tile } from './repeats.ts';
import { resize } from './resize.ts';
import { ROW_NORMALIZATIONS } from './row-normalizations.ts';
import { scatterElements, scatterNd } from './scatter.ts';
import { flatten, reshape, squeeze, transpose, unsqueeze } from './shape-operators.ts';
import { concat, gather, slice } from './slicing.ts';
import { split } from './split.ts';

/** Operators that take constants as they are: rearrangements, and what is known at import. */
export const REARRANGING: Readonly<Record<string, Operator>> = {
  __proto__: null as never,

  Flatten: flatten,
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Slice: slice,
  Expand: expand,
  Tile: tile,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  Compress: compress,
  Trilu: trilu,
  Pad: pad,
  CenterCropPad: centerCropPad,
  ReverseSequence: reverseSequence,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Identity: identity,
  Dropout: dropout,
  Cast: cast,
  CastLike: castLike,
  If: branch,

  Constant: constant,
  Shape: shape,
  Size: size,
};

/** All supported operators, by name in the standard domain. Those of activations are listed in `activations.ts`. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  __proto__: null as never,

  ...REARRANGING,

  // affine
  Gemm: gemm,
  MatMul: matMul,
  Einsum: einsum,
  Conv: conv,
  ConvTranspose: convTranspose,
  Col2Im: colToImage,
  BatchNormalization: batchNormalization,
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  AveragePool: averagePoolOperator,
  GlobalAveragePool: globalPool('mean'),
  ReduceMean: reduce('mean', 18),
  ReduceSum: reduce('sum', 13),
  Sum: sum,
  Mean: mean,
  CumSum: cumulativeSum,
  Resize: resize,
  Upsample: resize,

  // nonlinear
  ...ACTIVATION_OPERATORS,
  MaxPool: maxPoolOperator,
  GlobalMaxPool: globalPool('max'),
  Max: max,
  Min: min,
  Hardmax: hardmax,
  TopK: topK,
  ReduceMax: reduceBy(REDUCTIONS.max, 18),
  ReduceMin: reduceBy(REDUCTIONS.min, 18),
  ReduceL1: reduceBy(REDUCTIONS.l1, 18),
  ReduceProd: reduceBy(REDUCTIONS.product, 18),
  ReduceSumSquare: reduceBy(REDUCTIONS.squares, 18),
  ReduceL2: reduceBy(REDUCTIONS.l2, 18),
  ReduceLogSum: reduceBy(REDUCTIONS.logSum, 18),
  ReduceLogSumExp: reduceBy(REDUCTIONS.logSumExp, 18),
  ...ROW_NORMALIZATIONS,
  ...COMPARISONS,

  // only at the end of the model
  Sigmoid: sigmoid,
  Softmax: softmax,
  LogSoftmax: softmax,
  ArgMax: argMax,
  ArgMin: argMin,
};

/** The importer of an operator; undefined if there is none. */
export function operatorOf(domain: string | null | undefined, opType: string): Operator | undefined {
  if (isStandardDomain(domain)) return OPERATORS[opType];
  return domain === LEARNED_DOMAIN ? LEARNED_OPERATORS[opType] : undefined;
}
