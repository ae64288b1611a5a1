import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { dataTypeName, fromTypedField } from '../../../src/import/onnx/data-types.ts';
import type { TensorProto } from '../../../src/import/onnx/decode-model.ts';
import { readTensor } from '../../../src/import/onnx/read-tensor.ts';

const { TensorProto: Proto } = onnxProto.onnx;
type Fields = Parameters<typeof Proto.create>[0];

/** Encodes and decodes the tensor, as if it came from a file. */
function read(fields: Fields): number[] {
  const proto = Proto.decode(Proto.encode(Proto.create(fields)).finish()) as TensorProto;
  return [...readTensor(proto, new Map(), 'tensor "w"').tensor.data];
}

const raw = (dataType: number, array: ArrayBufferView) => {
  const rawData = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return read({ dims: [2], dataType, rawData });
};

describe('data types', () => {
  it('reads raw bytes of every width, floats exactly', () => {
    expect(raw(1, Float32Array.of(0.1, -3))).toEqual([Math.fround(0.1), -3]);
    expect(raw(11, Float64Array.of(0.1, -3))).toEqual([0.1, -3]);
    expect(raw(2, Uint8Array.of(0, 255))).toEqual([0, 255]);
    expect(raw(3, Int8Array.of(-128, 127))).toEqual([-128, 127]);
    expect(raw(4, Uint16Array.of(1, 65535))).toEqual([1, 65535]);
    expect(raw(5, Int16Array.of(-32768, 1))).toEqual([-32768, 1]);
    expect(raw(6, Int32Array.of(-(2 ** 31), 1))).toEqual([-(2 ** 31), 1]);
    expect(raw(7, BigInt64Array.of(-5n, 2n ** 40n))).toEqual([-5, 2 ** 40]);
    expect(raw(9, Uint8Array.of(0, 1))).toEqual([0, 1]);
    expect(raw(12, Uint32Array.of(0, 2 ** 32 - 1))).toEqual([0, 2 ** 32 - 1]);
    expect(raw(13, BigUint64Array.of(0n, 2n ** 50n))).toEqual([0, 2 ** 50]);
  });

  it('reads 16-bit floats: normal, subnormal, signed and infinite', () => {
    expect(raw(10, Uint16Array.of(0x3c00, 0xc500))).toEqual([1, -5]);
    expect(raw(10, Uint16Array.of(0x0001, 0x7bff))).toEqual([2 ** -24, 65504]);
    expect(raw(10, Uint16Array.of(0x7c00, 0x7e00))).toEqual([Infinity, Number.NaN]);
    expect(raw(16, Uint16Array.of(0x3f80, 0xc0a0))).toEqual([1, -5]);
    expect(fromTypedField(10, 0x3555)).toBeCloseTo(1 / 3, 3);
    expect(fromTypedField(16, 0x4049)).toBeCloseTo(Math.PI, 2);
  });

  it('reads typed fields', () => {
    expect(read({ dims: [2], dataType: 1, floatData: [0.1, 2] })).toEqual([Math.fround(0.1), 2]);
    expect(read({ dims: [1, 2], dataType: 11, doubleData: [0.1, 2] })).toEqual([0.1, 2]);
    expect(read({ dims: [2], dataType: 7, int64Data: [-1, 9] })).toEqual([-1, 9]);
    expect(read({ dims: [2], dataType: 3, int32Data: [-1, 9] })).toEqual([-1, 9]);
    expect(read({ dims: [2], dataType: 10, int32Data: [0x3c00, 0xbc00] })).toEqual([1, -1]);
    expect(read({ dims: [0], dataType: 7 })).toEqual([]);
    expect(read({ dims: [], dataType: 1, floatData: [3] })).toEqual([3]);
  });

  it('refuses data that does not fill the shape, and types that are not numeric', () => {
    expect(() => read({ dims: [3], dataType: 1, floatData: [1] })).toThrow(
      /QP2001 1 values do not fill the shape 3/,
    );
    expect(() => read({ dims: [2], dataType: 1, rawData: new Uint8Array(7) })).toThrow(/QP2001/);
    expect(() => read({ dims: [-1], dataType: 1 })).toThrow(/QP2001 the shape -1 is impossible/);
    expect(() => read({ dims: [2 ** 40, 2 ** 40], dataType: 1 })).toThrow(/QP2001/);
    expect(() => read({ dims: [1], dataType: 8, stringData: [Buffer.from('a')] })).toThrow(/QP2105 string/);
    expect(dataTypeName(17)).toBe('data type 17');
  });
});
