import { SCALAR_FIELD } from '../field/bn254.ts';
import type { SparseMatrix } from '../formats/r1cs.ts';
import type { ConstraintSystem } from './constraint-system.ts';

/** What the lemmas know when they read a row. */
export interface Unknowns {
  readonly system: ConstraintSystem;
  readonly known: Uint8Array;
  readonly boolean: Uint32Array;
}

const NONE: readonly number[] = [];
const ONE = 0;

/**
 * Lemma "unit". A row (A)(B) = (C) in which one wire x is unknown, and in which the factor of x, once the known wires
 * have their values, is a non-zero constant whatever those values are, leaves one value for x. Three cases:
 *   1. x is in neither A nor B and has coefficient c ≠ 0 in C: x = (A·B − C′)/c, a product of knowns;
 *   2. x is in A (coefficient a ≠ 0), not in B, and B is a constant b: the factor is a·b − c, required ≠ 0;
 *   3. as 2 with A and B exchanged.
 *
 * Proof. In each case the row reads (factor)·x = (expression of known wires) with factor ≠ 0 a fixed element of a
 * field, so x = expression/factor. ∎ Where x is in A and in B the row is quadratic in x, and where B holds a known
 * wire the factor may vanish (x·0 = 0 holds for all x): the lemma does not fire.
 */
export function unitLemma(unknowns: Unknowns, row: number): readonly number[] {
  const { system } = unknowns;
  const [a, b, c] = system.matrices;
  const wire = loneUnknown(unknowns, row);
  if (wire < 0) return NONE;
  const inA = coefficientOf(system, a, row, wire);
  const inB = coefficientOf(system, b, row, wire);
  const inC = coefficientOf(system, c, row, wire);
  if (inA !== 0n && inB !== 0n) return NONE;
  if (inA === 0n && inB === 0n) return inC === 0n ? NONE : [wire];
  const other = constantOf(system, inA === 0n ? a : b, row);
  if (other === undefined) return NONE;
  return ((inA + inB) * other - inC) % SCALAR_FIELD === 0n ? NONE : [wire];
}

/**
 * Lemma "digits". A linear row whose unknown wires x₁ … xₙ are all boolean, with integer coefficients (taken between
 * −r/2 and r/2) whose magnitudes, sorted, are superincreasing, |c_i| > |c_1| + … + |c_{i−1}| ≥ 0, and sum to less
 * than r, leaves one value for each.
 *
 * Proof. Two solutions differ by d_i ∈ {−1, 0, 1} with Σ c_i·d_i ≡ 0 (mod r). If some d is not zero, take the
 * largest i with d_i ≠ 0: |Σ c_i·d_i| ≥ |c_i| − Σ_{j<i} |c_j| > 0, and |Σ c_i·d_i| ≤ Σ |c_i| < r: a multiple of r
 * strictly between 0 and r in magnitude. Contradiction. ∎ 2^k for k < 253 qualify; for k < 254 they do not, since
 * 2^254 − 1 > r, and indeed a small number then has two sets of digits.
 */
export function digitsLemma({ system, known, boolean }: Unknowns, row: number): readonly number[] {
  const [a, b, c] = system.matrices;
  // Only rows 0 = C: circom writes linear ones so, and nothing else is needed.
  if (a.rowStart[row] !== a.rowStart[row + 1] && b.rowStart[row] !== b.rowStart[row + 1]) return NONE;
  const digits: number[] = [];
  for (let at = c.rowStart[row]!; at < c.rowStart[row + 1]!; at += 1) {
    const wire = c.wire[at]!;
    if (known[wire] === 1) continue;
    if (boolean[wire] === 0) return NONE;
    digits.push(wire);
  }
  const superincreasing = isSuperincreasing(smallCoefficients(system, row, known));
  return (superincreasing ?? bigDigits(system, row, known)) ? digits : NONE;
}

/** Coefficients in C of unknown wires; undefined where one is not small. */
function smallCoefficients(
  { matrices: [, , c], small }: ConstraintSystem,
  row: number,
  known: Uint8Array,
): number[] | undefined {
  const found: number[] = [];
  for (let at = c.rowStart[row]!; at < c.rowStart[row + 1]!; at += 1) {
    if (known[c.wire[at]!] === 1) continue;
    const value = Math.abs(small[c.coefficient[at]!]!);
    if (Number.isNaN(value)) return undefined;
    found.push(value);
  }
  return found;
}

/** undefined where doubles cannot tell. */
function isSuperincreasing(magnitudes: number[] | undefined): boolean | undefined {
  if (magnitudes === undefined) return undefined;
  magnitudes.sort((x, y) => x - y);
  let total = 0;
  for (const magnitude of magnitudes) {
    if (magnitude <= total) return false;
    total += magnitude;
    if (total > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return magnitudes.length > 0;
}

function bigDigits(system: ConstraintSystem, row: number, known: Uint8Array): boolean {
  const magnitudes = system
    .terms(system.matrices[2], row)
    .filter(({ wire }) => known[wire] === 0)
    .map(({ value }) => (value < 0n ? -value : value))
    .sort((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  let total = 0n;
  for (const magnitude of magnitudes) {
    if (magnitude <= total) return false;
    total += magnitude;
  }
  return magnitudes.length > 0 && total < SCALAR_FIELD;
}

/** The one unknown wire of a row; −1 where there are none or several. */
function loneUnknown({ system, known }: Unknowns, row: number): number {
  let lone = -1;
  for (const { rowStart, wire } of system.matrices) {
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
      const own = wire[at]!;
      if (known[own] === 1 || own === lone) continue;
      if (lone !== -1) return -1;
      lone = own;
    }
  }
  return lone;
}

function coefficientOf(system: ConstraintSystem, matrix: SparseMatrix, row: number, wire: number): bigint {
  for (let at = matrix.rowStart[row]!; at < matrix.rowStart[row + 1]!; at += 1) {
    if (matrix.wire[at] === wire) return system.coefficient(matrix.coefficient[at]!);
  }
  return 0n;
}

function isConstant({ rowStart, wire }: SparseMatrix, row: number): boolean {
  for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) if (wire[at] !== ONE) return false;
  return true;
}

/** The value of a combination of the constant wire alone. */
function constantOf(system: ConstraintSystem, matrix: SparseMatrix, row: number): bigint | undefined {
  return isConstant(matrix, row) ? coefficientOf(system, matrix, row, ONE) : undefined;
}
