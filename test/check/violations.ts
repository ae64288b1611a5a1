import { readElement, SCALAR_FIELD } from '../../src/field/bn254.ts';
import type { R1cs, SparseMatrix } from '../../src/formats/r1cs.ts';

/**
 * The indices of the constraints that a witness violates; none if it satisfies all.
 *
 * @param witness 32 little-endian bytes per wire
 * @param most stop after this many violations
 */
export function violatedConstraints(
  r1cs: R1cs,
  witness: Uint8Array,
  most = Number.POSITIVE_INFINITY,
): number[] {
  const wires = Array.from({ length: r1cs.nWires }, (_, wire) => readElement(witness, wire * 32));
  const coefficients = Array.from({ length: r1cs.coefficients.length / 32 }, (_, i) => {
    const value = readElement(r1cs.coefficients, i * 32);
    // Signed, so that small negative coefficients stay small: products of 254-bit numbers would dominate the run time.
    return value > SCALAR_FIELD / 2n ? value - SCALAR_FIELD : value;
  });
  const sum = (matrix: SparseMatrix, row: number) => {
    let total = 0n;
    for (let term = matrix.rowStart[row]!; term < matrix.rowStart[row + 1]!; term += 1) {
      total += coefficients[matrix.coefficient[term]!]! * wires[matrix.wire[term]!]!;
    }
    return total;
  };
  const violated: number[] = [];
  for (let row = 0; row < r1cs.nConstraints && violated.length < most; row += 1) {
    if ((sum(r1cs.a, row) * sum(r1cs.b, row) - sum(r1cs.c, row)) % SCALAR_FIELD !== 0n) violated.push(row);
  }
  return violated;
}
