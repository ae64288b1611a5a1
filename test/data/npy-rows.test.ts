import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readNpyRows } from '../../src/data/npy-rows.ts';

/** A file in the format of numpy.save: magic, version, header length, dictionary padded to 64 bytes, numbers. */
function npy(
  descr: string,
  shape: string,
  data: Uint8Array,
  { version = 1, fortran = false, header = '' } = {},
) {
  const order = fortran ? 'True' : 'False';
  const text = header || `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const prefix = version === 1 ? 10 : 12;
  const padded = `${text.padEnd(Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix - 1)}\n`;
  const start = Buffer.alloc(prefix);
  start.write('\u0093NUMPY', 'latin1');
  start[6] = version;
  if (version === 1) start.writeUInt16LE(padded.length, 8);
  else start.writeUInt32LE(padded.length, 8);
  return Buffer.concat([start, Buffer.from(padded), data]);
}

/** 1, −2, 3, −4, … or only positive numbers for an unsigned type. */
function numbers(type: string, count: number, little: boolean): Uint8Array {
  const size = Number(type.slice(1));
  const view = new DataView(new ArrayBuffer(count * size));
  for (let i = 0; i < count; i += 1) {
    const value = type === 'b1' ? i % 2 : type.startsWith('u') || i % 2 === 0 ? i + 1 : -(i + 1);
    const at = i * size;
    if (type === 'f4') view.setFloat32(at, value, little);
    else if (type === 'f8') view.setFloat64(at, value, little);
    else if (type === 'i8') view.setBigInt64(at, BigInt(value), little);
    else if (size === 4) view.setInt32(at, value, little);
    else if (size === 2) view.setInt16(at, value, little);
    else view.setInt8(at, value);
  }
  return new Uint8Array(view.buffer);
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const read = (bytes: Buffer, count = 2, shape?: number[]) =>
  readNpyRows(bytes, shape === undefined ? { count } : { count, shape }, 'rows.npy').rows;

describe('rows from NumPy files', () => {
  it.each(['f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'b1'])(
    'reads %s in both byte orders',
    (type) => {
      const signed = [Float64Array.of(1, -2), Float64Array.of(3, -4)];
      const unsigned = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
      const booleans = [Float64Array.of(0, 1), Float64Array.of(0, 1)];
      const expected = type === 'b1' ? booleans : type.startsWith('u') ? unsigned : signed;
      expect(read(npy(`<${type}`, '(2, 2)', numbers(type, 4, true)))).toEqual(expected);
      expect(read(npy(`>${type}`, '(2, 2)', numbers(type, 4, false)))).toEqual(expected);
    },
  );

  it.each([1, 2, 3])('reads format version %i', (version) => {
    expect(read(npy('|i1', '(1, 2)', Uint8Array.of(1, 2), { version }))).toEqual([Float64Array.of(1, 2)]);
  });

  it('reads rows nested like the shape, flat rows, and one row as a vector', () => {
    const row = Float64Array.of(1, 2, 3, 4);
    const data = floats(1, 2, 3, 4);
    expect(read(npy('<f4', '(1, 1, 2, 2)', data), 4, [1, 2, 2])).toEqual([row]);
    expect(read(npy('<f4', '(1, 4)', data), 4, [1, 2, 2])).toEqual([row]);
    expect(read(npy('<f4', '(4,)', data), 4, [1, 2, 2])).toEqual([row]);
  });

  it('reorders Fortran order', () => {
    // numpy.arange(12).reshape(2, 2, 3) in memory order of its Fortran copy.
    const data = floats(0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11);
    expect(read(npy('<f4', '(2, 2, 3)', data, { fortran: true }), 6, [2, 3])).toEqual([
      Float64Array.of(0, 1, 2, 3, 4, 5),
      Float64Array.of(6, 7, 8, 9, 10, 11),
    ]);
  });

  it('reads the first rows of a file NumPy wrote (UCI Wine, CC BY 4.0; its header now says three rows)', async () => {
    const bytes = await readFile(new URL('../fixtures/data/wine-first-rows.npy', import.meta.url));
    const rows = read(bytes, 13);
    expect(rows).toHaveLength(3);
    expect(rows[0]![0]).toBeCloseTo(1.13048172, 6);
  });

  const good = npy('<f4', '(1, 2)', floats(1, 2));
  it.each([
    ['cut in its numbers', good.subarray(0, -1), 'QP1110'],
    ['cut in its header', good.subarray(0, 40), 'QP1110'],
    ['cut in its first bytes', good.subarray(0, 8), 'QP1110'],
    ['continuing after its end', Buffer.concat([good, Buffer.of(0)]), 'QP1110'],
    ['of an unknown version', npy('<f4', '(1, 2)', floats(1, 2), { version: 4 }), 'QP1110'],
    [
      'with a broken header',
      npy('', '', floats(1, 2), { header: "{'descr': '<f4', 'shape': (1, 2)}" }),
      'QP1110',
    ],
    [
      'with an unknown key',
      npy('', '', floats(1, 2), {
        header: "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'x': 1}",
      }),
      'QP1110',
    ],
    ['of pickled objects', npy('|O', '(1, 2)', floats(1, 2)), 'QP1109'],
    ['of half precision', npy('<f2', '(1, 2)', new Uint8Array(4)), 'QP1109'],
    ['of complex numbers', npy('<c8', '(1, 2)', new Uint8Array(16)), 'QP1109'],
    ['of strings', npy('<U3', '(1, 2)', new Uint8Array(24)), 'QP1109'],
    [
      'of records',
      npy('', '', floats(1, 2), {
        header: "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
      }),
      'QP1109',
    ],
    ['of long rows', npy('<f4', '(1, 3)', floats(1, 2, 3)), 'QP1105'],
    ['without axes', npy('<f4', '()', floats(1)), 'QP1105'],
    ['of another nesting', npy('<f4', '(1, 2, 1)', floats(1, 2)), 'QP1106'],
    ['without rows', npy('<f4', '(0, 2)', new Uint8Array()), 'QP1104'],
    ['with NaN', npy('<f4', '(1, 2)', floats(1, Number.NaN)), 'QP1107'],
    ['with infinity', npy('<f4', '(1, 2)', floats(Number.POSITIVE_INFINITY, 1)), 'QP1107'],
  ])('refuses a file %s', (_, bytes, code) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it('reports the position of a NaN', () => {
    const bytes = npy('<f4', '(2, 2)', floats(1, 2, 3, Number.NaN));
    expect(() => read(bytes)).toThrow('row 1, value 1, counted from 0');
  });
});
