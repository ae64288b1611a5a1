import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { FLOAT } from '../onnx/data-types.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { ConstValue, ViewValue } from '../onnx/value.ts';
import { rearrangeConst, rearrangeView } from '../rearrange.ts';
import type { TensorView } from '../tensor.ts';
import { addLookup } from './lookup.ts';
import { preimageOf } from './preimage.ts';
import { type Comparison, intervalsOf, passing, type RankSet } from './rank-set.ts';

const REVERSED: Readonly<Partial<Record<Comparison, Comparison>>> = {
  LT: 'GT',
  LEQ: 'GTE',
  GT: 'LT',
  GTE: 'LEQ',
};

/**
 * Comparisons of inputs with constants, as tests of trees: they compare float32 numbers as the runtime does, and all tests of
 * an input share their work. Undefined where an operand is anything else than float32 inputs, perhaps scaled.
 */
export function inputTests(context: OperatorContext, mode: Comparison): TensorView | undefined {
  if (!context.builder.exact.isNeeded) return undefined;
  const [a, b] = [context.input(0), context.input(1)];
  if (a.kind === 'view' && b.kind === 'const') return testsOf(context, a, b, mode);
  if (a.kind === 'const' && b.kind === 'view') return testsOf(context, b, a, REVERSED[mode] ?? mode);
  return undefined;
}

function testsOf(
  context: OperatorContext,
  { view, dataType }: ViewValue,
  { tensor }: ConstValue,
  mode: Comparison,
): TensorView | undefined {
  const shape = broadcastShape(view.shape, tensor.shape);
  if (dataType !== FLOAT || shape === undefined) return undefined;
  const { ids } = rearrangeView(view, broadcastTo(view.shape, shape));
  const { data } = rearrangeConst(tensor, broadcastTo(tensor.shape, shape));
  if (data.some(Number.isNaN)) return undefined;
  const tests = Array.from(ids, (id, i) => testOf(context, id, passing(mode, data[i]!, false)));
  if (!tests.every((test) => test !== undefined)) return undefined;
  const results = tests.map(({ source, set }) => {
    const entry = { passes: intervalsOf(set), missingPasses: set.holdsNaN, target: 0, weight: 1 };
    return addLookup(context, source, [entry], new Float64Array(1))[0]!;
  });
  return { shape, ids: Int32Array.from(results) };
}

/** The input that a value is computed from, and which values of it make the value one of a set; undefined if not known. */
export function testOf(
  { builder }: OperatorContext,
  id: number,
  set: RankSet,
): { readonly source: number; readonly set: RankSet } | undefined {
  const { source, steps } = builder.exact.chainOf(id);
  const before = builder.isInput(source) ? preimageOf(steps, set) : undefined;
  return before && { source, set: before };
}
