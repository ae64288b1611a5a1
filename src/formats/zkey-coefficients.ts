import { ELEMENT_BYTES, readElement, SCALAR_FIELD, writeElement } from '../field/bn254.ts';
import type { R1cs } from './r1cs.ts';
import { COEFFICIENT_BYTES } from './zkey-layout.ts';

const A = 0;
const B = 1;

/** Number of records in section 4 of a key for this circuit. */
export function coefficientCount(r1cs: R1cs): number {
  const publicRows = r1cs.nOutputs + r1cs.nPublicInputs + 1;
  return r1cs.a.wire.length + r1cs.b.wire.length + publicRows;
}

/**
 * Fills section 4: A and B by constraint, then one row of A each for the constant wire and the public signals, which
 * snarkjs appends to the constraints.
 *
 * @param section of 4 + coefficientCount · COEFFICIENT_BYTES bytes
 */
export function writeCoefficients(section: Uint8Array, r1cs: R1cs): void {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  view.setUint32(0, coefficientCount(r1cs), true);
  const values = valueTable(r1cs);
  let at = 4;
  visitCoefficients(r1cs, (matrix, row, wire, value) => {
    view.setUint32(at, matrix, true);
    view.setUint32(at + 4, row, true);
    view.setUint32(at + 8, wire, true);
    section.set(values.subarray(value * ELEMENT_BYTES, (value + 1) * ELEMENT_BYTES), at + 12);
    at += COEFFICIENT_BYTES;
    return true;
  });
}

/** Whether a key's coefficient records equal those of this circuit, in snarkjs' order. */
export function coefficientsEqual(records: Uint8Array, r1cs: R1cs): boolean {
  if (records.length !== coefficientCount(r1cs) * COEFFICIENT_BYTES) return false;
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const values = valueTable(r1cs);
  const words = new Uint32Array(values.buffer);
  let at = 0;
  return visitCoefficients(r1cs, (matrix, row, wire, value) => {
    const position = at;
    at += COEFFICIENT_BYTES;
    if (view.getUint32(position, true) !== matrix) return false;
    if (view.getUint32(position + 4, true) !== row || view.getUint32(position + 8, true) !== wire)
      return false;
    for (let i = 0; i < 8; i += 1) {
      if (view.getUint32(position + 12 + 4 * i, true) !== words[value * 8 + i]) return false;
    }
    return true;
  });
}

type Visitor = (matrix: number, row: number, wire: number, value: number) => boolean;

/** Calls the visitor until it returns false. Returns whether it never did. The last value index stands for 1. */
function visitCoefficients(r1cs: R1cs, visit: Visitor): boolean {
  const { a, b, nConstraints } = r1cs;
  for (let row = 0; row < nConstraints; row += 1) {
    for (let t = a.rowStart[row]!; t < a.rowStart[row + 1]!; t += 1) {
      if (!visit(A, row, a.wire[t]!, a.coefficient[t]!)) return false;
    }
    for (let t = b.rowStart[row]!; t < b.rowStart[row + 1]!; t += 1) {
      if (!visit(B, row, b.wire[t]!, b.coefficient[t]!)) return false;
    }
  }
  const one = r1cs.coefficients.length / ELEMENT_BYTES;
  for (let wire = 0; wire <= r1cs.nOutputs + r1cs.nPublicInputs; wire += 1) {
    if (!visit(A, nConstraints + wire, wire, one)) return false;
  }
  return true;
}

/**
 * The distinct coefficients and then 1, each times 2^512 as in section 4. A Montgomery product of such a coefficient
 * with a plain wire value is in Montgomery form.
 */
function valueTable(r1cs: R1cs): Uint8Array {
  const table = new Uint8Array(r1cs.coefficients.length + ELEMENT_BYTES);
  for (let at = 0; at < r1cs.coefficients.length; at += ELEMENT_BYTES) {
    writeElement(table, at, (readElement(r1cs.coefficients, at) << 512n) % SCALAR_FIELD);
  }
  writeElement(table, r1cs.coefficients.length, (1n << 512n) % SCALAR_FIELD);
  return table;
}
