import type onnxProto from 'onnx-proto';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { sizeOf } from '../tensor.ts';
import { type GraphProto, type TensorProto, toInteger } from './decode-model.ts';
import type { ConstValue } from './value.ts';

export type SparseTensorProto = InstanceType<typeof onnxProto.onnx.SparseTensorProto>;

/** A sparse initializer has the name of its values. */
export function sparseInitializers(graph: GraphProto): ReadonlyMap<string, SparseTensorProto> {
  const sparse = graph.sparseInitializer as SparseTensorProto[];
  return new Map(sparse.map((tensor) => [tensor.values?.name ?? '', tensor]));
}

/** Every tensor whose data a graph stores: initializers, and the values and indices of sparse ones. */
export function storedTensors(graph: GraphProto): TensorProto[] {
  const parts = (graph.sparseInitializer as SparseTensorProto[]).flatMap(({ values, indices }) => [
    values,
    indices,
  ]);
  return [...graph.initializer, ...parts].filter((tensor) => tensor != null) as TensorProto[];
}

/**
 * The dense form of a sparse initializer. ONNX lists either positions in the flattened tensor, or one index per
 * dimension for each value; in both, entries are sorted and none occurs twice.
 *
 * @param read reads one of its two dense parts
 * @throws QuietproofError QP2001 if values, indices and shape do not fit together
 */
export function densify(
  sparse: SparseTensorProto,
  read: (tensor: TensorProto) => ConstValue,
  maxElements: number,
  where: string,
): ConstValue {
  const shape = sparse.dims.map(toInteger);
  const count = sizeOf(shape);
  const refuse = (what: string) =>
    new QuietproofError('QP2001', { what, where, fix: 'Export the model again' });
  const isShape = shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
  if (!isShape || count > maxElements) throw refuse(`the shape [${shape}] is impossible`);
  if (!sparse.values || !sparse.indices) throw refuse('the sparse tensor has no values or no indices');
  const values = read(sparse.values as TensorProto);
  const indices = read(sparse.indices as TensorProto).tensor;
  const stored = values.tensor.data.length;
  const perValue = indices.shape.length === 1 ? 1 : shape.length;
  if (indices.shape[0] !== stored || indices.data.length !== stored * perValue || indices.shape.length > 2) {
    throw refuse(`the sparse tensor has ${stored} values but indices of shape [${indices.shape}]`);
  }
  const data = new Float64Array(count);
  let last = -1;
  for (let entry = 0; entry < stored; entry += 1) {
    const own = indices.data.subarray(entry * perValue, (entry + 1) * perValue);
    const at = perValue === 1 && indices.shape.length === 1 ? own[0]! : flatIndex(own, shape);
    if (!Number.isInteger(at) || at <= last || at >= count) {
      throw refuse('the indices of the sparse tensor are out of range, or not in order');
    }
    data[at] = values.tensor.data[entry]!;
    last = at;
  }
  return { ...values, tensor: { shape, data } };
}

/** Row-major; NaN if an index is outside its dimension. */
function flatIndex(index: Float64Array, shape: readonly number[]): number {
  return index.reduce(
    (flat, at, axis) => (at >= 0 && at < shape[axis]! ? flat * shape[axis]! + at : Number.NaN),
    0,
  );
}
