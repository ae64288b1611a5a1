import { describe, expect, it } from 'vitest';
import { elementBytes, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { decodeWitnessFile, encodeWitnessFile } from '../../src/formats/wtns.ts';

const wires = new Uint8Array([...elementBytes(1n), ...elementBytes(SCALAR_FIELD - 1n)]);

describe('decodeWitnessFile', () => {
  it('decodes what was encoded', () => {
    expect(decodeWitnessFile(encodeWitnessFile(wires))).toEqual(wires);
  });

  it('refuses every shorter file', () => {
    const file = encodeWitnessFile(wires);
    for (let length = 0; length < file.length; length += 1) {
      expect(() => decodeWitnessFile(file.subarray(0, length)), `${length} bytes`).toThrow(/QP5012/);
    }
  });

  it('refuses a wire that is not below r, another field, and a wrong count', () => {
    const edited = (edit: (file: Uint8Array) => void) => {
      const file = encodeWitnessFile(wires);
      edit(file);
      return file;
    };
    expect(() => decodeWitnessFile(edited((file) => file.set(elementBytes(SCALAR_FIELD), 76)))).toThrow(
      'wire 0',
    );
    expect(() => decodeWitnessFile(edited((file) => file.fill(0, 28, 60)))).toThrow('field');
    expect(() => decodeWitnessFile(edited((file) => file.fill(0xff, 60, 64)))).toThrow('do not fit');
  });
});
