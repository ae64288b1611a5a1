import { readElement, SCALAR_FIELD } from '../../../src/field/bn254.ts';
import type { R1cs, SparseMatrix } from '../../../src/formats/r1cs.ts';

/** Σ coefficient · wire; coefficients between −r/2 and r/2. */
export type LinearCombination = readonly (readonly [wire: number, coefficient: bigint])[];

/** a · b = c */
export interface Constraint {
  readonly a: LinearCombination;
  readonly b: LinearCombination;
  readonly c: LinearCombination;
}

export function constraintsOf(r1cs: R1cs): Constraint[] {
  const coefficients = Array.from({ length: r1cs.coefficients.length / 32 }, (_, i) => {
    const value = readElement(r1cs.coefficients, 32 * i);
    return value > SCALAR_FIELD / 2n ? value - SCALAR_FIELD : value;
  });
  const row = (matrix: SparseMatrix, i: number): LinearCombination => {
    const terms: [number, bigint][] = [];
    for (let at = matrix.rowStart[i]!; at < matrix.rowStart[i + 1]!; at += 1) {
      terms.push([matrix.wire[at]!, coefficients[matrix.coefficient[at]!]!]);
    }
    return terms;
  };
  return Array.from({ length: r1cs.nConstraints }, (_, i) => ({
    a: row(r1cs.a, i),
    b: row(r1cs.b, i),
    c: row(r1cs.c, i),
  }));
}

/** Whether a witness satisfies a constraint. */
export function evaluate({ a, b, c }: Constraint, witness: readonly bigint[]): boolean {
  const sum = (terms: LinearCombination) => {
    let total = 0n;
    for (const [wire, coefficient] of terms) total += coefficient * witness[wire]!;
    return total;
  };
  return (sum(a) * sum(b) - sum(c)) % SCALAR_FIELD === 0n;
}
