import { SCALAR_FIELD } from '../field/bn254.ts';
import type { SparseMatrix } from '../formats/r1cs.ts';
import type { ConstraintSystem } from './constraint-system.ts';

/** What is known when a lemma reads a row. */
export interface Unknowns {
  readonly system: ConstraintSystem;
  readonly known: Uint8Array;
  readonly boolean: Uint32Array;
}

const NONE: readonly number[] = [];
/** The wire of the constant 1. */
const ONE_WIRE = 0;

/**
 * Lemma "unit". Let (A)(B) = (C) be a row in which one wire x is unknown, and in which the factor of x is the same
 * non-zero constant whatever the values of the known wires. The row leaves one value for x. Three cases:
 *   1. x is in neither A nor B and has coefficient c ≠ 0 in C: x = (A·B − C′)/c, an expression of known wires;
 *   2. x is in A (coefficient a ≠ 0) and not in B, and B is a constant b: the factor is a·b − c, required ≠ 0;
 *   3. as 2, with A and B exchanged.
 *
 * Proof. In each case the row reads (factor)·x = (expression of known wires), where factor ≠ 0 is a fixed element of a
 * field, so x = expression/factor. ∎
 *
 * The lemma does not fire if x is in both A and B, where the row is quadratic in x, nor if the other factor holds a
 * known wire, where the factor may vanish (x·0 = 0 holds for all x).
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
 * Lemma "digits". Let a linear row have unknown wires x₁ … xₙ that are all boolean, with integer coefficients (taken
 * between −r/2 and r/2) whose sorted magnitudes are superincreasing, |c_i| > |c_1| + … + |c_{i−1}| ≥ 0, and sum to less
 * than r. The row leaves one value for each of them.
 *
 * Proof. Two solutions differ by d_i ∈ {−1, 0, 1} with Σ c_i·d_i ≡ 0 (mod r). If some d is not zero, take the
 * largest i with d_i ≠ 0: |Σ c_i·d_i| ≥ |c_i| − Σ_{j<i} |c_j| > 0, and |Σ c_i·d_i| ≤ Σ |c_i| < r: a multiple of r
 * strictly between 0 and r in magnitude. Contradiction. ∎
 *
 * The 253 coefficients 2^k, k < 253, qualify. Those for k < 254 do not, since 2^254 − 1 > r, and indeed a small number
 * then has two sets of digits.
 */
export function digitsLemma({ system, known, boolean }: Unknowns, row: number): readonly number[] {
  const [a, b, c] = system.matrices;
  // Only rows 0 = C: circom writes linear constraints like this.
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

/**
 * Lemma "magnitude". Let (a₀ + a₁σ)·B = c₀ + c₁σ + Σ c_i·x_i be a row (or with A and B exchanged) in which B holds known
 * wires only, a₁ = −2a₀, σ and the x_i are unknown and boolean, no other wire is in C, the c_i (i ≥ 2) are
 * superincreasing and of one sign, and −(2c₀ + c₁) is not a sum of 0 … 2·Σ c_i. The row leaves one value for each of σ
 * and x_i.
 *
 * Proof. Let b be the value of a₀·B. σ = 0 gives Σ c_i·x_i = b − c₀ and σ = 1 gives Σ c_i·x_i = −b − c₀ − c₁. For
 * either σ the digits are unique (lemma "digits"). If both had solutions x and x′, then Σ c_i·(x_i + x′_i) ≡ −(2c₀ + c₁)
 * (mod r). The left side is, up to its sign, an integer in 0 … 2·Σ |c_i| < r, which the premise excludes. ∎
 *
 * With c₀ = 0, c₁ = 1 and c_i = 2^i the excluded number is −1 ≡ r − 1: a number is a magnitude or −1 less one.
 */
export function magnitudeLemma(unknowns: Unknowns, row: number): readonly number[] {
  const { system, known, boolean } = unknowns;
  const [a, b, c] = system.matrices;
  const signIn = (side: SparseMatrix) => unknownTerms(unknowns, side, row);
  const [inA, inB] = [signIn(a), signIn(b)];
  const [side, sign] = inA.length === 1 && inB.length === 0 ? [a, inA[0]!] : [b, inB[0]!];
  if (inA.length + inB.length !== 1 || boolean[sign] === 0) return NONE;
  const terms = system.terms(side, row);
  const start = terms.find(({ wire }) => wire === ONE_WIRE)?.value ?? 0n;
  const slope = terms.find(({ wire }) => wire === sign)!.value;
  if (terms.length !== 2 || (slope + 2n * start) % SCALAR_FIELD !== 0n) return NONE;
  let constant = 0n;
  let total = 0n;
  const digits: { readonly wire: number; readonly value: bigint }[] = [];
  for (const { wire, value } of system.terms(c, row)) {
    if (wire === ONE_WIRE) constant += 2n * value;
    else if (wire === sign) constant += value;
    else if (known[wire] === 1 || boolean[wire] === 0) return NONE;
    else digits.push({ wire, value });
  }
  const direction = (digits[0]?.value ?? 1n) < 0n ? -1n : 1n;
  for (const { value } of digits.toSorted((x, y) => (x.value * direction < y.value * direction ? -1 : 1))) {
    if (value * direction <= total) return NONE;
    total += value * direction;
  }
  const excluded = (((-constant * direction) % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;
  if (2n * total >= SCALAR_FIELD || excluded <= 2n * total) return NONE;
  return [sign, ...digits.map(({ wire }) => wire)];
}

/** The unknown wires of one side of a row. */
function unknownTerms({ known }: Unknowns, { rowStart, wire }: SparseMatrix, row: number): number[] {
  const found: number[] = [];
  for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
    if (known[wire[at]!] === 0) found.push(wire[at]!);
  }
  return found;
}

/** Magnitudes of the coefficients in C of unknown wires; undefined if one is not exact in doubles. */
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

/** undefined if doubles are not exact enough to decide. */
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

/** The only unknown wire of a row; −1 if there are none or several. */
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
  for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) if (wire[at] !== ONE_WIRE) return false;
  return true;
}

/** The value of one side of a row, if it holds only the constant wire. */
function constantOf(system: ConstraintSystem, matrix: SparseMatrix, row: number): bigint | undefined {
  return isConstant(matrix, row) ? coefficientOf(system, matrix, row, ONE_WIRE) : undefined;
}
