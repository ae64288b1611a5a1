import { beforeAll, describe, expect, it } from 'vitest';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { coefficientsEqual } from '../../src/formats/zkey-coefficients.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';
import { networkLikeR1cs } from './support/synthetic-r1cs.ts';

const r1cs = readR1cs(networkLikeR1cs(2, 4, 3, 5));
let bytes: Uint8Array;
beforeAll(async () => {
  bytes = await developmentSetup(r1cs);
});

/** Sections are written in the order 1, 2, 4, 3, 9, 8, 5, 6, 7, 10; the header's content starts at 40. */
const HEADER = 40;
const COEFFICIENTS = HEADER + 84 + 3 * 64 + 3 * 128 + 12;

function changed(edit: (view: DataView, copy: Uint8Array) => void): Uint8Array {
  const copy = Uint8Array.from(bytes);
  edit(new DataView(copy.buffer), copy);
  return copy;
}

describe('readZkey', () => {
  it('gives the sections the sizes of the circuit', () => {
    const zkey = readZkey(bytes);
    expect(zkey).toMatchObject({ nWires: r1cs.nWires, nPublic: 6, domainSize: 32 });
    expect(zkey.ic.length).toBe(7 * 64);
    expect(zkey.a.length).toBe(r1cs.nWires * 64);
    expect(zkey.b1.length).toBe(r1cs.nWires * 64);
    expect(zkey.b2.length).toBe(r1cs.nWires * 128);
    expect(zkey.c.length).toBe((r1cs.nWires - 7) * 64);
    expect(zkey.h.length).toBe(32 * 64);
    expect(zkey.transcript.contributions).toEqual([]);
    expect(zkey.transcript.circuitHash.length).toBe(64);
  });

  it('has exactly the coefficients of the circuit', () => {
    const { coefficients } = readZkey(bytes);
    expect(coefficientsEqual(coefficients, r1cs)).toBe(true);
    for (const at of [0, 4, 8, 12, 43, coefficients.length - 1]) {
      const other = Uint8Array.from(coefficients);
      other[at]! ^= 1;
      expect(coefficientsEqual(other, r1cs), `byte ${at}`).toBe(false);
    }
    expect(coefficientsEqual(coefficients.subarray(44), r1cs)).toBe(false);
  });

  it('refuses every shorter file', () => {
    for (let length = 0; length < bytes.length; length += length < 1000 ? 1 : 97) {
      expect(() => readZkey(bytes.subarray(0, length)), `${length} bytes`).toThrow(/QP5013/);
    }
  });

  it.each<[string, RegExp, (view: DataView, copy: Uint8Array) => void]>([
    ['another protocol', /not a Groth16 key/, (view) => view.setUint32(24, 2, true)],
    ['another base field', /not on BN254/, (view) => view.setUint8(HEADER + 4, 0)],
    ['4 billion wires', /instead of/, (view) => view.setUint32(HEADER + 72, 0xffffffff, true)],
    [
      'more public signals than wires',
      /more public signals/,
      (view) => view.setUint32(HEADER + 76, 99, true),
    ],
    ['a domain that is not a power of two', /impossible/, (view) => view.setUint32(HEADER + 80, 33, true)],
    ['a domain of zero', /impossible/, (view) => view.setUint32(HEADER + 80, 0, true)],
    ['another domain', /instead of/, (view) => view.setUint32(HEADER + 80, 64, true)],
    ['too many coefficients', /do not fit/, (view) => view.setUint32(COEFFICIENTS, 0xffffffff, true)],
    ['a matrix that does not exist', /out of range/, (view) => view.setUint32(COEFFICIENTS + 4, 2, true)],
    ['a row that does not exist', /out of range/, (view) => view.setUint32(COEFFICIENTS + 8, 32, true)],
    ['a wire that does not exist', /out of range/, (view) => view.setUint32(COEFFICIENTS + 12, 99, true)],
    [
      'a coefficient above r',
      /out of range/,
      (view) => view.setUint32(COEFFICIENTS + 16 + 28, 0xffffffff, true),
    ],
    [
      'a contribution that is not there',
      /ends early/,
      (view, copy) => view.setUint32(copy.length - 4, 1, true),
    ],
  ])('refuses %s', (_, message, edit) => {
    expect(() => readZkey(changed(edit))).toThrow(message);
    expect(() => readZkey(changed(edit))).toThrow(/QP5013/);
  });
});

describe('readZkey on damaged files', () => {
  it('either reads them or refuses them with a code', () => {
    let refused = 0;
    for (let i = 0; i < 2000; i += 1) {
      const damaged = Uint8Array.from(bytes);
      const at = (i * 7919) % damaged.length;
      damaged[at] = (damaged[at]! + 1 + (i % 255)) & 0xff;
      try {
        readZkey(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'QP5013' });
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
