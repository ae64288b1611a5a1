import { SCALAR_FIELD } from '../field/bn254.ts';
import type { SparseMatrix } from '../formats/r1cs.ts';
import type { ConstraintSystem } from './constraint-system.ts';

/**
 * An expected linear combination of wires; wire 0 is the constant 1. There are two kinds: coefficients in doubles for
 * layers, big integers for hashing and packing.
 */
export interface LinearForm {
  /** Number of wires with a non-zero coefficient. */
  readonly size: number;
  /** Sum of the hashes of these wires, so that their order does not matter. */
  readonly supportHash: number;
  wires(): number[];
  /** The coefficient, between −r/2 and r/2. */
  coefficient(wire: number): bigint;
  /** λ ≠ 0 with side = λ · form, coefficient for coefficient (mod r); undefined if there is none. */
  ratio(system: ConstraintSystem, matrix: SparseMatrix, row: number): bigint | undefined;
  /** Whether side = λ · form (mod r), coefficient for coefficient. */
  equals(system: ConstraintSystem, matrix: SparseMatrix, row: number, ratio: bigint): boolean;
}

/** A well-mixed 32-bit hash of a wire. Sums of hashes tell sets of wires apart quickly; no proof rests on them. */
export function hashWire(wire: number): number {
  let h = Math.imul(wire + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const EXACT = 2 ** 53;

/** Integer coefficients below 2^53, by wire, in an array that is reused for many forms. */
export class SmallForm implements LinearForm {
  readonly #values: Float64Array;
  readonly #isTouched: Uint8Array;
  #touched: number[] = [];
  /** Whether a coefficient exceeded the integers that are exact in doubles. Then the form equals no row. */
  #isInexact = false;

  constructor(wireCount: number) {
    this.#values = new Float64Array(wireCount);
    this.#isTouched = new Uint8Array(wireCount);
  }

  clear(): this {
    for (const wire of this.#touched) {
      this.#values[wire] = 0;
      this.#isTouched[wire] = 0;
    }
    this.#touched = [];
    this.#isInexact = false;
    return this;
  }

  add(wire: number, coefficient: number): this {
    if (this.#isTouched[wire] === 0) {
      this.#isTouched[wire] = 1;
      this.#touched.push(wire);
    }
    this.#values[wire]! += coefficient;
    // Negated so that NaN counts as inexact.
    if (!(Math.abs(this.#values[wire]!) < EXACT)) this.#isInexact = true;
    return this;
  }

  addForm(other: SmallForm, scale: number): this {
    for (const wire of other.#touched) this.add(wire, scale * other.#values[wire]!);
    this.#isInexact ||= other.#isInexact;
    return this;
  }

  value(wire: number): number {
    return this.#values[wire]!;
  }

  wires(): number[] {
    return this.#touched.filter((wire) => this.#values[wire] !== 0);
  }

  coefficient(wire: number): bigint {
    return BigInt(this.#values[wire]!);
  }

  get size(): number {
    let size = 0;
    for (const wire of this.#touched) if (this.#values[wire] !== 0) size += 1;
    return size;
  }

  get supportHash(): number {
    let hash = 0;
    for (const wire of this.#touched) if (this.#values[wire] !== 0) hash = (hash + hashWire(wire)) | 0;
    return hash >>> 0;
  }

  ratio(system: ConstraintSystem, matrix: SparseMatrix, row: number): bigint | undefined {
    return ratioOf(this, system, matrix, row);
  }

  equals(system: ConstraintSystem, matrix: SparseMatrix, row: number, ratio: bigint): boolean {
    if (this.#isInexact) return false;
    if (ratio !== 1n && ratio !== -1n) return equalsSlowly(this, system, matrix, row, ratio);
    const sign = Number(ratio);
    let terms = 0;
    for (let at = matrix.rowStart[row]!; at < matrix.rowStart[row + 1]!; at += 1) {
      const own = system.small[matrix.coefficient[at]!]!;
      if (own === 0) continue;
      if (own !== sign * this.#values[matrix.wire[at]!]!) return false;
      terms += 1;
    }
    return terms === this.size;
  }
}

/** Coefficients of any size. */
export class BigForm implements LinearForm {
  readonly #terms = new Map<number, bigint>();

  static constant(value: bigint): BigForm {
    return new BigForm().add(0, value);
  }

  static wire(wire: number): BigForm {
    return new BigForm().add(wire, 1n);
  }

  add(wire: number, coefficient: bigint): this {
    let sum = ((this.#terms.get(wire) ?? 0n) + coefficient) % SCALAR_FIELD;
    if (sum < 0n) sum += SCALAR_FIELD;
    if (sum === 0n) this.#terms.delete(wire);
    else this.#terms.set(wire, sum);
    return this;
  }

  addForm(other: BigForm, scale: bigint): this {
    for (const [wire, coefficient] of other.#terms) this.add(wire, coefficient * scale);
    return this;
  }

  /** The value, if no wire but the constant occurs. */
  get constant(): bigint | undefined {
    if (this.#terms.size === 0) return 0n;
    return this.#terms.size === 1 ? this.#terms.get(0) : undefined;
  }

  /** The wire, if the form is a single wire and nothing else; otherwise −1. */
  get soleWire(): number {
    if (this.#terms.size !== 1) return -1;
    const [[wire, coefficient]] = Array.from(this.#terms) as [[number, bigint]];
    return wire !== 0 && coefficient === 1n ? wire : -1;
  }

  get size(): number {
    return this.#terms.size;
  }

  get supportHash(): number {
    let hash = 0;
    for (const wire of this.#terms.keys()) hash = (hash + hashWire(wire)) | 0;
    return hash >>> 0;
  }

  wires(): number[] {
    return Array.from(this.#terms.keys());
  }

  coefficient(wire: number): bigint {
    const value = this.#terms.get(wire) ?? 0n;
    return value > SCALAR_FIELD / 2n ? value - SCALAR_FIELD : value;
  }

  ratio(system: ConstraintSystem, matrix: SparseMatrix, row: number): bigint | undefined {
    return ratioOf(this, system, matrix, row);
  }

  equals(system: ConstraintSystem, matrix: SparseMatrix, row: number, ratio: bigint): boolean {
    return equalsSlowly(this, system, matrix, row, ratio);
  }
}

/** Tries ±1 first, which is what circom writes; otherwise the quotient of one pair of coefficients. */
function ratioOf(
  form: LinearForm,
  system: ConstraintSystem,
  matrix: SparseMatrix,
  row: number,
): bigint | undefined {
  for (let at = matrix.rowStart[row]!; at < matrix.rowStart[row + 1]!; at += 1) {
    const own = system.coefficient(matrix.coefficient[at]!);
    if (own === 0n) continue;
    const expected = form.coefficient(matrix.wire[at]!);
    if (expected === 0n) return undefined;
    const ratio = own === expected ? 1n : own === -expected ? -1n : quotient(own, expected);
    return form.equals(system, matrix, row, ratio) ? ratio : undefined;
  }
  return undefined;
}

function equalsSlowly(
  form: LinearForm,
  system: ConstraintSystem,
  matrix: SparseMatrix,
  row: number,
  ratio: bigint,
): boolean {
  let terms = 0;
  for (let at = matrix.rowStart[row]!; at < matrix.rowStart[row + 1]!; at += 1) {
    const own = system.coefficient(matrix.coefficient[at]!);
    if (own === 0n) continue;
    if ((own - ratio * form.coefficient(matrix.wire[at]!)) % SCALAR_FIELD !== 0n) return false;
    terms += 1;
  }
  return terms === form.size;
}

function quotient(x: bigint, y: bigint): bigint {
  const [numerator, denominator] = [x, y].map((v) => ((v % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD);
  let [a, b, u, v] = [denominator!, SCALAR_FIELD, 1n, 0n];
  while (b !== 0n) {
    const q = a / b;
    [a, b, u, v] = [b, a - q * b, v, u - q * v];
  }
  return (((numerator! * u) % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;
}
