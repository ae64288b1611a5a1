import { type InputMode, saltFor } from '@quietproof/verify';
import type { WitnessCalculator } from '../circuit/witness-calculator.ts';
import { ELEMENT_BYTES, readElement, SCALAR_FIELD } from '../field/bn254.ts';
import type { SparseMatrix } from '../formats/r1cs.ts';
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
  const { nConstraints } = system.r1cs;
  const [a, b, c] = system.matrices;
  const wires = new Wires(witness);
  const { small } = wires;
  for (let row = 0; row < nConstraints; row += 1) {
    const product = smallSum(system.small, a, row, small) * smallSum(system.small, b, row, small);
    const sum = smallSum(system.small, c, row, small);
    const exact = Math.abs(product) < EXACT && Math.abs(sum) < EXACT;
    if (exact ? product !== sum : !holdsExactly(system, row, wires)) return row;
  }
  return -1;
}

/** The values of a witness: as doubles below 2^53, and as integers where they are asked for. */
class Wires {
  /** NaN from 2^53 on. */
  readonly small: Float64Array;
  readonly #witness: Uint8Array;
  readonly #known = new Map<number, bigint>();

  constructor(witness: Uint8Array) {
    this.#witness = witness;
    const words = new DataView(witness.buffer, witness.byteOffset, witness.byteLength);
    this.small = new Float64Array(witness.byteLength / ELEMENT_BYTES);
    for (let wire = 0; wire < this.small.length; wire += 1) {
      this.small[wire] = smallElement(words, wire * ELEMENT_BYTES);
    }
  }

  /** Rows of large numbers share their wires: those of a digest. */
  value(wire: number): bigint {
    const known = this.#known.get(wire) ?? readElement(this.#witness, wire * ELEMENT_BYTES);
    this.#known.set(wire, known);
    return known;
  }
}

const EXACT = 2 ** 53;

/** The element as a double; NaN from 2^53 on. */
function smallElement(words: DataView, at: number): number {
  for (let word = 2; word < 8; word += 1) if (words.getUint32(at + 4 * word, true) !== 0) return Number.NaN;
  const high = words.getUint32(at + 4, true);
  return high >= 2 ** 21 ? Number.NaN : high * 2 ** 32 + words.getUint32(at, true);
}

/** One side of a row; NaN if a partial sum may have been rounded. @param small the coefficients */
function smallSum(small: Float64Array, matrix: SparseMatrix, row: number, wires: Float64Array): number {
  const { rowStart, wire, coefficient } = matrix;
  const end = rowStart[row + 1]!;
  let sum = 0;
  let magnitude = 0;
  for (let at = rowStart[row]!; at < end; at += 1) {
    const term = small[coefficient[at]!]! * wires[wire[at]!]!;
    sum += term;
    magnitude += Math.abs(term);
  }
  return magnitude < EXACT ? sum : Number.NaN;
}

function holdsExactly(system: ConstraintSystem, row: number, wires: Wires): boolean {
  const [a, b, c] = system.matrices.map(({ rowStart, wire, coefficient }) => {
    let sum = 0n;
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
      sum += system.coefficient(coefficient[at]!) * wires.value(wire[at]!);
    }
    return sum;
  });
  return (a! * b! - c!) % SCALAR_FIELD === 0n;
}
