import { readElement, SCALAR_FIELD } from '../field/bn254.ts';
import type { R1cs, SparseMatrix } from '../formats/r1cs.ts';

/** Integers up to this magnitude are exact in doubles. */
const SMALL = 2n ** 53n;
const HALF = SCALAR_FIELD / 2n;

/**
 * A constraint system in the form that proofs need: coefficients as signed integers (between −r/2 and r/2), small ones
 * as doubles, and for every wire the rows that it occurs in.
 */
export class ConstraintSystem {
  readonly r1cs: R1cs;
  /** By coefficient index: the signed value where its magnitude is at most 2^53, else NaN. */
  readonly small: Float64Array;
  /** A, B and C. */
  readonly matrices: readonly [SparseMatrix, SparseMatrix, SparseMatrix];
  /** Wire w occurs in rows[start[w] … start[w + 1] − 1]: one entry per term, so a row may be listed several times. */
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
  readonly #big: (bigint | undefined)[];

  constructor(r1cs: R1cs) {
    this.r1cs = r1cs;
    this.matrices = [r1cs.a, r1cs.b, r1cs.c];
    const count = r1cs.coefficients.length / 32;
    this.small = new Float64Array(count);
    this.#big = new Array(count);
    for (let i = 0; i < count; i += 1) {
      const value = this.coefficient(i);
      this.small[i] = value <= SMALL && value >= -SMALL ? Number(value) : Number.NaN;
    }
    ({ start: this.start, rows: this.rows } = transpose(r1cs));
  }

  /** The signed integer of a coefficient. */
  coefficient(index: number): bigint {
    const known = this.#big[index];
    if (known !== undefined) return known;
    const value = readElement(this.r1cs.coefficients, 32 * index);
    const signed = value > HALF ? value - SCALAR_FIELD : value;
    this.#big[index] = signed;
    return signed;
  }

  /** The terms of one side of a row, without zero coefficients. */
  terms(matrix: SparseMatrix, row: number): Term[] {
    const terms: Term[] = [];
    for (let at = matrix.rowStart[row]!; at < matrix.rowStart[row + 1]!; at += 1) {
      const value = this.coefficient(matrix.coefficient[at]!);
      if (value !== 0n) terms.push({ wire: matrix.wire[at]!, value });
    }
    return terms;
  }

  /** The first input wire: wires are ordered constant, outputs, inputs, then the rest. */
  get firstInput(): number {
    return 1 + this.r1cs.nOutputs;
  }

  get inputCount(): number {
    return this.r1cs.nPublicInputs + this.r1cs.nPrivateInputs;
  }
}

export interface Term {
  readonly wire: number;
  readonly value: bigint;
}

function transpose({ nWires, nConstraints, a, b, c }: R1cs): { start: Uint32Array; rows: Uint32Array } {
  const start = new Uint32Array(nWires + 1);
  for (const { wire } of [a, b, c]) for (let at = 0; at < wire.length; at += 1) start[wire[at]! + 1]! += 1;
  for (let w = 0; w < nWires; w += 1) start[w + 1]! += start[w]!;
  const next = start.slice();
  const rows = new Uint32Array(start[nWires]!);
  for (const { wire, rowStart } of [a, b, c]) {
    for (let row = 0; row < nConstraints; row += 1) {
      for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
        const own = wire[at]!;
        rows[next[own]!] = row;
        next[own]! += 1;
      }
    }
  }
  return { start, rows };
}
