import { ELEMENT_BYTES, elementBytes, SCALAR_FIELD } from '../../../src/field/bn254.ts';
import { allocateSections } from '../../../src/formats/iden3-container.ts';

/** Maps wires to coefficients; any integer, reduced mod r. */
type Combination = ReadonlyMap<number, bigint>;
export type Constraint = readonly [a: Combination, b: Combination, c: Combination];

export interface SyntheticShape {
  readonly nWires: number;
  readonly nOutputs: number;
  readonly nPublicInputs: number;
  readonly nPrivateInputs: number;
}

/** The bytes of an .r1cs file with these constraints, in circom's format. */
export function synthesizeR1cs(shape: SyntheticShape, constraints: readonly Constraint[]): Uint8Array {
  const terms = constraints.reduce((sum, row) => sum + row[0].size + row[1].size + row[2].size, 0);
  const { file, section } = allocateSections('r1cs', 1, [
    [1, 64],
    [2, constraints.length * 12 + terms * (4 + ELEMENT_BYTES)],
    [3, shape.nWires * 8],
  ]);
  const header = new DataView(section(1).buffer, section(1).byteOffset);
  header.setUint32(0, ELEMENT_BYTES, true);
  section(1).set(elementBytes(SCALAR_FIELD), 4);
  const counts = [shape.nWires, shape.nOutputs, shape.nPublicInputs, shape.nPrivateInputs];
  for (const [i, count] of counts.entries()) header.setUint32(36 + 4 * i, count, true);
  header.setBigUint64(52, BigInt(shape.nWires), true);
  header.setUint32(60, constraints.length, true);
  writeConstraints(section(2), constraints);
  const labels = new DataView(section(3).buffer, section(3).byteOffset);
  for (let wire = 0; wire < shape.nWires; wire += 1) labels.setBigUint64(8 * wire, BigInt(wire), true);
  return file;
}

function writeConstraints(bytes: Uint8Array, constraints: readonly Constraint[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const cache = new Map<bigint, Uint8Array>();
  let at = 0;
  for (const combination of constraints.flat()) {
    view.setUint32(at, combination.size, true);
    at += 4;
    for (const [wire, coefficient] of combination) {
      view.setUint32(at, wire, true);
      let element = cache.get(coefficient);
      if (element === undefined) {
        element = elementBytes(((coefficient % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD);
        cache.set(coefficient, element);
      }
      bytes.set(element, at + 4);
      at += 4 + ELEMENT_BYTES;
    }
  }
}

/**
 * A satisfiable circuit with the cost profile of a quantized network: `units` accumulators, each a weighted sum of
 * earlier values decomposed into `bits` bits and then rectified. Wires: 1, outputs, inputs, then per unit its bits.
 */
export function networkLikeR1cs(units: number, bits: number, fanIn: number, inputs: number): Uint8Array {
  const perUnit = bits + 1;
  const nWires = 2 + inputs + units * perUnit;
  const constraints: Constraint[] = [];
  for (let unit = 0; unit < units; unit += 1) {
    const first = 2 + inputs + unit * perUnit;
    const sum = new Map<number, bigint>();
    for (let i = 0; i < fanIn; i += 1)
      sum.set(2 + ((unit * 31 + i * 7) % (first - 2)), BigInt((unit + i) % 127) + 1n);
    const total = new Map<number, bigint>();
    for (let bit = 0; bit < bits; bit += 1) {
      const wire = first + bit;
      total.set(wire, 1n << BigInt(bit));
      constraints.push([
        new Map([[wire, 1n]]),
        new Map([
          [wire, 1n],
          [0, -1n],
        ]),
        new Map(),
      ]);
    }
    constraints.push([sum, new Map([[0, 1n]]), total]);
    constraints.push([new Map([[first + bits - 1, 1n]]), total, new Map([[first + bits, 1n]])]);
  }
  constraints.push([new Map([[nWires - 1, 1n]]), new Map([[0, 1n]]), new Map([[1, 1n]])]);
  return synthesizeR1cs({ nWires, nOutputs: 1, nPublicInputs: inputs, nPrivateInputs: 0 }, constraints);
}
