import { type InputMode, saltFor } from '@quietproof/verify';
import type { WitnessCalculator } from '../circuit/witness-calculator.ts';
import { readElement, SCALAR_FIELD } from '../field/bn254.ts';
import type { ConstraintSystem } from './constraint-system.ts';

/** Context and salt of the witnesses: any values will do. */
const CONTEXT = 123_456_789n;
const SALT = 2n ** 127n + 41n;

/** Checks the executor's witness of each row against the r1cs. @returns the first violation */
export function checkRows(
  system: ConstraintSystem,
  calculator: WitnessCalculator,
  rows: readonly Float64Array[],
  input: InputMode,
): { readonly row: number; readonly constraint: number } | undefined {
  const salt = saltFor(input, () => SALT);
  for (const [k, row] of rows.entries()) {
    const { witness } = calculator.calculate(row, salt, CONTEXT);
    const constraint = firstViolation(system, witness);
    if (constraint !== -1) return { row: k, constraint };
  }
  return undefined;
}

/**
 * The first row that a witness violates, or −1 if it satisfies all. Rows of small numbers are decided in doubles. If
 * every partial sum and the product stay below 2^53, they are exact. Equal integers are equal modulo r; unequal
 * integers of that size differ by less than r, so they are unequal modulo r.
 *
 * @param witness 32 little-endian bytes per wire
 */
export function firstViolation(system: ConstraintSystem, witness: Uint8Array): number {
  const { nWires, nConstraints } = system.r1cs;
  const small = new Float64Array(nWires);
  const words = new DataView(witness.buffer, witness.byteOffset, witness.byteLength);
  for (let wire = 0; wire < nWires; wire += 1) small[wire] = smallElement(words, wire * 32);
  for (let row = 0; row < nConstraints; row += 1) {
    const [a, b, c] = [0, 1, 2].map((side) => smallSum(system, side as 0 | 1 | 2, row, small));
    const product = a! * b!;
    const exact = Math.abs(product) < EXACT && Math.abs(c!) < EXACT;
    if (exact ? product !== c : !holdsExactly(system, row, witness)) return row;
  }
  return -1;
}

const EXACT = 2 ** 53;

/** The element as a double; NaN from 2^53 on. */
function smallElement(words: DataView, at: number): number {
  for (let word = 2; word < 8; word += 1) if (words.getUint32(at + 4 * word, true) !== 0) return Number.NaN;
  const high = words.getUint32(at + 4, true);
  return high >= 2 ** 21 ? Number.NaN : high * 2 ** 32 + words.getUint32(at, true);
}

/** One side of a row; NaN if a partial sum may have been rounded. */
function smallSum(system: ConstraintSystem, side: 0 | 1 | 2, row: number, wires: Float64Array): number {
  const { rowStart, wire, coefficient } = system.matrices[side];
  let sum = 0;
  let magnitude = 0;
  for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
    const term = system.small[coefficient[at]!]! * wires[wire[at]!]!;
    sum += term;
    magnitude += Math.abs(term);
  }
  return magnitude < EXACT ? sum : Number.NaN;
}

function holdsExactly(system: ConstraintSystem, row: number, witness: Uint8Array): boolean {
  const [a, b, c] = system.matrices.map((matrix) => {
    let sum = 0n;
    for (const { wire, value } of system.terms(matrix, row)) sum += value * readElement(witness, wire * 32);
    return sum;
  });
  return (a! * b! - c!) % SCALAR_FIELD === 0n;
}
