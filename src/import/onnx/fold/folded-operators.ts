import { erf, sigmoid, tanh } from '../../../graph/functions/error-function.ts';
import { exp, log } from '../../../graph/functions/exponential.ts';
import type { Operator } from '../operator.ts';
import {
  binary,
  binaryOf,
  clipConstants,
  mean,
  power,
  quotient,
  remainder,
  roundEven,
  test,
  unary,
  where,
} from './elementwise.ts';
import { constantOfShape, eyeLike, nonZero, oneHot, range } from './generators.ts';
import {
  argOf,
  largest,
  logSumExp,
  meanOf,
  product,
  reduction,
  smallest,
  sum,
  sumOfMagnitudes,
  sumOfSquares,
} from './reductions.ts';
import { softmaxOfConstants } from './softmax.ts';

/**
 * What is computed on constants alone: shape arithmetic and masks, as exporters write them. Operators that are not here
 * but can be proved are computed on constants by running them (`fold.ts`). Functions of real numbers are our own, the
 * same on every machine, since the results end up in hashes.
 */
export const FOLDED: Readonly<Record<string, Operator>> = {
  __proto__: null as never,

  Abs: unary(Math.abs),
  Neg: unary((value) => -value),
  Sign: unary(Math.sign),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(roundEven),
  Sqrt: unary(Math.sqrt, (value) => value >= 0),
  Reciprocal: unary(
    (value) => 1 / value,
    (value) => value !== 0,
  ),
  Exp: unary(exp),
  Log: unary(log, (value) => value > 0),
  Tanh: unary(tanh),
  Sigmoid: unary(sigmoid),
  Erf: unary(erf),
  Not: unary((value) => Number(value === 0)),

  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binaryOf(quotient),
  Mod: binaryOf(remainder),
  Pow: power,
  Min: binary((a, b) => Math.min(a, b)),
  Max: binary((a, b) => Math.max(a, b)),
  Sum: binary((a, b) => a + b),
  Mean: mean,
  And: test((a, b) => a !== 0 && b !== 0),
  Or: test((a, b) => a !== 0 || b !== 0),
  Xor: test((a, b) => (a !== 0) !== (b !== 0)),
  Equal: test((a, b) => a === b),
  Less: test((a, b) => a < b),
  LessOrEqual: test((a, b) => a <= b),
  Greater: test((a, b) => a > b),
  GreaterOrEqual: test((a, b) => a >= b),
  Where: where,
  Clip: clipConstants,
  Softmax: softmaxOfConstants(false),
  LogSoftmax: softmaxOfConstants(true),

  ReduceSum: reduction(sum, 13),
  ReduceMean: reduction(meanOf),
  ReduceProd: reduction(product),
  ReduceMax: reduction(largest),
  ReduceMin: reduction(smallest),
  ReduceSumSquare: reduction(sumOfSquares),
  ReduceL1: reduction(sumOfMagnitudes),
  ReduceL2: reduction((values) => Math.sqrt(sumOfSquares(values))),
  ReduceLogSum: reduction((values) => log(sum(values))),
  ReduceLogSumExp: reduction(logSumExp),
  ArgMax: argOf((a, b) => a > b),
  ArgMin: argOf((a, b) => a < b),

  ConstantOfShape: constantOfShape,
  Range: range,
  NonZero: nonZero,
  EyeLike: eyeLike,
  OneHot: oneHot,
};
