import { QuietproofError } from '../../errors/quietproof-error.ts';
import { shapeText, sizeOf } from '../tensor.ts';
import { DATA_TYPES, dataTypeName, fromTypedField, STRING } from './data-types.ts';
import { type TensorProto, toInteger } from './decode-model.ts';
import { type ExternalFiles, isExternal, sliceExternal } from './external-data.ts';
import type { ConstValue } from './value.ts';

/** Of one tensor. Limits memory before anything is allocated. */
export const MAX_ELEMENTS = 2 ** 27;

/**
 * Reads a constant tensor from raw bytes, a typed field or an external file. Converting float32 to double is exact.
 *
 * @param where the tensor and the file, for error messages
 * @throws QuietproofError QP2001 if data and shape disagree, QP2004 for missing external data,
 *   QP2105 for a data type that is not a number
 */
export function readTensor(tensor: TensorProto, external: ExternalFiles, where: string): ConstValue {
  const type = DATA_TYPES[tensor.dataType];
  if (type === undefined || tensor.segment) {
    const what = tensor.segment
      ? 'segmented tensors are not supported'
      : `${dataTypeName(tensor.dataType)} is not supported`;
    throw new QuietproofError('QP2105', { what, where, fix: 'Export the model with float32 weights' });
  }
  const shape = tensor.dims.map(toInteger);
  const count = sizeOf(shape);
  if (shape.some((dim) => !Number.isSafeInteger(dim) || dim < 0) || count > MAX_ELEMENTS) {
    throw new QuietproofError('QP2001', { what: `the shape ${shapeText(shape)} is impossible`, where });
  }
  const bytes = isExternal(tensor)
    ? sliceExternal(tensor, external, count * type.bytes, where)
    : tensor.rawData;
  const typed = tensor[type.field] as readonly unknown[];
  const data =
    bytes?.length || typed.length === 0
      ? fromBytes(bytes, tensor.dataType)
      : fromTyped(typed, tensor.dataType);
  if (data.length !== count) {
    const what = `${data.length} values do not fill the shape ${shapeText(shape)}`;
    throw new QuietproofError('QP2001', { what, where, fix: 'The file is corrupt: export the model again' });
  }
  return { kind: 'const', tensor: { shape, data }, dataType: tensor.dataType };
}

/**
 * Reads a tensor of strings, such as the names of classes: each element is its place in `texts`, which grows.
 *
 * @throws QuietproofError QP2001 if data and shape disagree
 */
export function readStrings({ stringData, dims }: TensorProto, texts: string[], where: string): ConstValue {
  const shape = dims.map(toInteger);
  if (stringData.length !== sizeOf(shape)) {
    const what = `${stringData.length} strings do not fill the shape ${shapeText(shape)}`;
    throw new QuietproofError('QP2001', { what, where });
  }
  const data = Float64Array.from(stringData, (bytes) => texts.push(Buffer.from(bytes).toString('utf8')) - 1);
  return { kind: 'const', tensor: { shape, data }, dataType: STRING };
}

function fromBytes(bytes: Uint8Array | null | undefined, dataType: number): Float64Array {
  const type = DATA_TYPES[dataType]!;
  if (!bytes || bytes.length % type.bytes !== 0) return new Float64Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float64Array(bytes.length / type.bytes);
  for (let i = 0; i < data.length; i += 1) data[i] = type.read(view, i * type.bytes);
  return data;
}

function fromTyped(values: readonly unknown[], dataType: number): Float64Array {
  return Float64Array.from(values, (value) => fromTypedField(dataType, toInteger(value)));
}
