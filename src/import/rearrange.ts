import { ZERO } from '../graph/float-graph.ts';
import { type ConstTensor, sizeOf, stridesOf, type TensorView } from './tensor.ts';

/**
 * A shape operator: element i of the result is element `index[i]` of the operand, or a fill value if that is −1.
 * Reshape, transpose, slice, pad and broadcast all take this form, so they add nothing to the graph.
 */
export interface Rearrangement {
  readonly shape: readonly number[];
  readonly index: Int32Array;
}

/** Applies a rearrangement to activations. @param fill id for index −1; an exact zero by default */
export function rearrangeView(view: TensorView, { shape, index }: Rearrangement, fill = ZERO): TensorView {
  const ids = new Int32Array(index.length);
  for (let i = 0; i < index.length; i += 1) ids[i] = index[i]! < 0 ? fill : view.ids[index[i]!]!;
  return { shape, ids };
}

/** Applies a rearrangement to constants. */
export function rearrangeConst(tensor: ConstTensor, { shape, index }: Rearrangement, fill = 0): ConstTensor {
  const data = new Float64Array(index.length);
  for (let i = 0; i < index.length; i += 1) data[i] = index[i]! < 0 ? fill : tensor.data[index[i]!]!;
  return { shape, data };
}

/** Result position p along an axis reads operand position `start + p · step`; outside the operand it is filled. */
export interface AxisWalk {
  readonly size: number;
  readonly start: number;
  readonly step: number;
}

/** Slice, flip, pad and broadcast: an affine walk along every axis of the operand. */
export function walkAxes(shape: readonly number[], walks: readonly AxisWalk[]): Rearrangement {
  const strides = stridesOf(shape);
  const outShape = walks.map((walk) => walk.size);
  let index = new Int32Array([0]);
  for (let axis = 0; axis < shape.length; axis += 1) {
    index = extend(index, walks[axis]!, shape[axis]!, strides[axis]!);
  }
  return { shape: outShape, index };
}

/** Adds one inner axis: combines every index so far with every step of the walk. */
function extend(outer: Int32Array, walk: AxisWalk, dim: number, stride: number): Int32Array<ArrayBuffer> {
  const index = new Int32Array(outer.length * walk.size);
  let at = 0;
  for (const base of outer) {
    for (let p = 0; p < walk.size; p += 1) {
      const position = walk.start + p * walk.step;
      index[at] = base < 0 || position < 0 || position >= dim ? -1 : base + position * stride;
      at += 1;
    }
  }
  return index;
}

/** Position p of the result along an axis reads the operand at `picks[axis][p]`, or is filled where that is −1. */
export function pickAxes(shape: readonly number[], picks: readonly (readonly number[])[]): Rearrangement {
  const strides = stridesOf(shape);
  let index: number[] = [0];
  for (const [axis, own] of picks.entries()) {
    const stride = strides[axis]!;
    index = index.flatMap((base) => own.map((place) => (base < 0 || place < 0 ? -1 : base + place * stride)));
  }
  return { shape: picks.map((own) => own.length), index: Int32Array.from(index) };
}

/** Axis `a` of the result is axis `perm[a]` of the operand. */
export function permuteAxes(shape: readonly number[], perm: readonly number[]): Rearrangement {
  const strides = stridesOf(shape);
  let index = new Int32Array([0]);
  for (const axis of perm) {
    index = extend(index, { size: shape[axis]!, start: 0, step: 1 }, shape[axis]!, strides[axis]!);
  }
  return { shape: perm.map((axis) => shape[axis]!), index };
}

/** The same elements with another shape of the same size. */
export function reshapeView(view: TensorView, shape: readonly number[]): TensorView {
  return { shape, ids: view.ids };
}

/** Transposes activations, e.g. channels last to channels first: `permuteView(x, [0, 3, 1, 2])`. */
export function permuteView(view: TensorView, perm: readonly number[]): TensorView {
  return rearrangeView(view, permuteAxes(view.shape, perm));
}

/** Transposes constants. */
export function permuteConst(tensor: ConstTensor, perm: readonly number[]): ConstTensor {
  return rearrangeConst(tensor, permuteAxes(tensor.shape, perm));
}

/** Applies an operator of one row to each row of a batch. */
export function byRow(x: TensorView, operator: (row: TensorView) => TensorView): TensorView {
  const [rows, ...shape] = x.shape as [number, ...number[]];
  const size = x.ids.length / rows;
  const results = Array.from({ length: rows }, (_, k) => {
    return operator({ shape: [1, ...shape], ids: x.ids.subarray(k * size, (k + 1) * size) });
  });
  return concatViews(results, 0);
}

/** Concatenates activations along an axis. The caller checks that all other dimensions agree. */
export function concatViews(views: readonly TensorView[], axis: number): TensorView {
  const first = views[0]!;
  const outer = sizeOf(first.shape.slice(0, axis));
  const shape = first.shape.with(
    axis,
    views.reduce((sum, view) => sum + view.shape[axis]!, 0),
  );
  const ids = new Int32Array(sizeOf(shape));
  let at = 0;
  for (let o = 0; o < outer; o += 1) {
    for (const view of views) {
      const run = view.ids.length / outer;
      ids.set(view.ids.subarray(o * run, (o + 1) * run), at);
      at += run;
    }
  }
  return { shape, ids };
}
