import { ConstraintSystem } from '../../src/check/constraint-system.ts';
import { elementBytes, SCALAR_FIELD } from '../../src/field/bn254.ts';
import type { R1cs, SparseMatrix } from '../../src/formats/r1cs.ts';

/** Σ coefficient · wire by wire number; wire 0 is the constant 1. */
export type Sum = Readonly<Record<number, bigint | number>>;

export interface SystemShape {
  readonly wires: number;
  readonly outputs?: number;
  /** Public inputs. */
  readonly inputs?: number;
  readonly privateInputs?: number;
  /** The signal that each wire carries; default: wire i carries signal i. */
  readonly labels?: readonly number[];
}

function wireLabels(wires: number): readonly number[] {
  return Array.from({ length: wires }, (_, wire) => wire);
}

/** A handwritten constraint system with rows a · b = c. Wires are ordered: constant, outputs, inputs, the rest. */
export function systemOf(
  { wires, outputs = 0, inputs = 1, privateInputs = 0, labels = wireLabels(wires) }: SystemShape,
  ...rows: readonly (readonly [a: Sum, b: Sum, c: Sum])[]
): ConstraintSystem {
  const table: Uint8Array[] = [];
  const matrix = (side: 0 | 1 | 2): SparseMatrix => {
    const rowStart = [0];
    const wire: number[] = [];
    const coefficient: number[] = [];
    for (const row of rows) {
      for (const [own, value] of Object.entries(row[side])) {
        const residue = ((BigInt(value) % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;
        wire.push(Number(own));
        coefficient.push(table.push(elementBytes(residue)) - 1);
      }
      rowStart.push(wire.length);
    }
    return {
      rowStart: Uint32Array.from(rowStart),
      wire: Uint32Array.from(wire),
      coefficient: Uint32Array.from(coefficient),
    };
  };
  const [a, b, c] = [matrix(0), matrix(1), matrix(2)];
  const coefficients = new Uint8Array(32 * table.length);
  table.forEach((bytes, i) => {
    coefficients.set(bytes, 32 * i);
  });
  const r1cs: R1cs = {
    nWires: wires,
    nOutputs: outputs,
    nPublicInputs: inputs,
    nPrivateInputs: privateInputs,
    nLabels: Math.max(...labels) + 1,
    nConstraints: rows.length,
    a,
    b,
    c,
    coefficients,
    wireToLabel: Float64Array.from(labels),
  };
  return new ConstraintSystem(r1cs);
}

/** x · (x − 1) = 0 */
export function boolean(wire: number): readonly [Sum, Sum, Sum] {
  return [{ [wire]: 1 }, { [wire]: 1, 0: -1 }, {}];
}
