import { describe, expect, it } from 'vitest';
import { elementBytes, readElement, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { type Constraint, networkLikeR1cs, synthesizeR1cs } from './support/synthetic-r1cs.ts';

const row = (...terms: Array<[number, bigint]>) => new Map(terms);
const shape = { nWires: 5, nOutputs: 1, nPublicInputs: 1, nPrivateInputs: 1 };
const constraints: Constraint[] = [
  [row([3, 1n]), row([2, -1n], [0, 7n]), row([4, 1n])],
  [row(), row(), row([1, 1n], [4, -7n])],
];
const valid = () => synthesizeR1cs(shape, constraints);

/** Offsets in `valid()`: container 12, section 1 at 24 (64 bytes), section 2 at 100. */
const HEADER = 24;
const CONSTRAINTS = 100;

function changed(edit: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = valid();
  edit(new DataView(bytes.buffer), bytes);
  return bytes;
}

describe('readR1cs', () => {
  it('reads counts, terms and labels', () => {
    const r1cs = readR1cs(valid());
    expect(r1cs).toMatchObject({ ...shape, nConstraints: 2, nLabels: 5 });
    expect([...r1cs.a.rowStart]).toEqual([0, 1, 1]);
    expect([...r1cs.b.rowStart]).toEqual([0, 2, 2]);
    expect([...r1cs.c.rowStart]).toEqual([0, 1, 3]);
    expect([...r1cs.c.wire]).toEqual([4, 1, 4]);
    const value = (index: number) => readElement(r1cs.coefficients, 32 * index);
    expect([...r1cs.b.coefficient].map(value)).toEqual([SCALAR_FIELD - 1n, 7n]);
    expect([...r1cs.c.coefficient].map(value)).toEqual([1n, 1n, SCALAR_FIELD - 7n]);
    expect([...r1cs.wireToLabel]).toEqual([0, 1, 2, 3, 4]);
  });

  it('stores every distinct coefficient once, even if there are many', () => {
    const many = Array.from(
      { length: 3000 },
      (_, i): Constraint => [row([1, BigInt(i % 1500) * 0x1_0000_0001n]), row(), row()],
    );
    const r1cs = readR1cs(synthesizeR1cs(shape, many));
    expect(r1cs.coefficients.length).toBe(1500 * 32);
    const values = [...r1cs.a.coefficient].map((index) => readElement(r1cs.coefficients, 32 * index));
    expect(values).toEqual(many.map(([a]) => a.get(1)));
  });

  it('reads from the middle of a larger buffer', () => {
    const bytes = valid();
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    expect(readR1cs(padded.subarray(3))).toEqual(readR1cs(bytes));
  });

  it('refuses every shorter file, and a longer one', () => {
    const bytes = valid();
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => readR1cs(bytes.subarray(0, length)), `${length} bytes`).toThrow(/QP5011/);
    }
    expect(() => readR1cs(Uint8Array.from([...bytes, 0]))).toThrow(/left over/);
  });

  it.each<[string, RegExp, (view: DataView, bytes: Uint8Array) => void]>([
    ['another magic', /not a .r1cs/, (_, bytes) => bytes.set([1])],
    ['another version', /version 2/, (view) => view.setUint32(4, 2, true)],
    ['a huge section count', /sections is impossible/, (view) => view.setUint32(8, 0xffffffff, true)],
    ['a section twice', /occurs twice/, (view) => view.setUint32(CONSTRAINTS - 12, 1, true)],
    ['a missing section', /missing/, (view) => view.setUint32(CONSTRAINTS - 12, 9, true)],
    [
      'a section length beyond the file',
      /ends early/,
      (view) => view.setBigUint64(CONSTRAINTS - 8, 1n << 40n, true),
    ],
    [
      'a section length beyond any file',
      /is impossible/,
      (view) => view.setBigUint64(CONSTRAINTS - 8, 1n << 63n, true),
    ],
    ['another field', /field/, (view) => view.setUint8(HEADER + 4, 2)],
    ['4 billion wires', /label table/, (view) => view.setUint32(HEADER + 36, 0xffffffff, true)],
    ['more inputs than wires', /cannot hold/, (view) => view.setUint32(HEADER + 48, 9, true)],
    ['4 billion constraints', /too short/, (view) => view.setUint32(HEADER + 60, 0xffffffff, true)],
    ['one constraint fewer', /left over/, (view) => view.setUint32(HEADER + 60, 1, true)],
    ['4 billion terms', /ends early/, (view) => view.setUint32(CONSTRAINTS, 0xffffffff, true)],
    [
      'a wire that does not exist',
      /wire 5 does not exist/,
      (view) => view.setUint32(CONSTRAINTS + 4, 5, true),
    ],
    ['a wire twice', /wire 2 occurs twice/, (view) => view.setUint32(CONSTRAINTS + 80, 2, true)],
    [
      'a coefficient of r',
      /not below the field/,
      (_, bytes) => bytes.set(elementBytes(SCALAR_FIELD), CONSTRAINTS + 8),
    ],
    ['a label out of range', /label 99/, (view, bytes) => view.setBigUint64(bytes.length - 8, 99n, true)],
  ])('refuses %s', (_, message, edit) => {
    expect(() => readR1cs(changed(edit))).toThrow(message);
    expect(() => readR1cs(changed(edit))).toThrow(/QP5011/);
  });

  it('reads a hundred thousand constraints in moderate time and memory', () => {
    const bytes = networkLikeR1cs(6000, 15, 30, 784);
    const before = process.memoryUsage().arrayBuffers;
    const started = performance.now();
    const r1cs = readR1cs(bytes);
    expect(r1cs.nConstraints).toBe(6000 * 17 + 1);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30e6);
  });
});
