import type { SparseMatrix } from '../formats/r1cs.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { hashWire, type LinearForm } from './linear-form.ts';

/**
 * Finds the row of the r1cs that states an expected constraint, and records which rows are accounted for. A hash of a
 * row's wires finds candidates; whether a candidate matches is decided by comparing every coefficient, never by the
 * hash.
 */
export class RowMatcher {
  /** By row: 1 if a gadget has matched it, else 0 (open). */
  readonly matched: Uint8Array;
  readonly #system: ConstraintSystem;
  readonly #first = new Map<number, number>();
  readonly #next: Int32Array;
  readonly #keys: Uint32Array;

  constructor(system: ConstraintSystem) {
    const { nConstraints } = system.r1cs;
    this.#system = system;
    this.matched = new Uint8Array(nConstraints);
    this.#next = new Int32Array(nConstraints).fill(-1);
    this.#keys = new Uint32Array(nConstraints);
    const [a, b, c] = system.matrices;
    for (let row = nConstraints - 1; row >= 0; row -= 1) {
      const key = keyOf(
        supportHash(system, a, row),
        supportHash(system, b, row),
        supportHash(system, c, row),
      );
      this.#keys[row] = key;
      this.#next[row] = this.#first.get(key) ?? -1;
      this.#first.set(key, row);
    }
  }

  /** Matches form = 0 with an open row 0 = λ · form. @returns whether there is one */
  linear(form: LinearForm): boolean {
    const { matrices } = this.#system;
    const key = keyOf(0, 0, form.supportHash);
    for (let row = this.#first.get(key) ?? -1; row !== -1; row = this.#next[row]!) {
      if (this.matched[row] === 1 || !this.#isLinear(row)) continue;
      if (form.ratio(this.#system, matrices[2], row) === undefined) continue;
      this.matched[row] = 1;
      return true;
    }
    return false;
  }

  /** Matches a · b = c with an open row (α·a)(β·b) = αβ·c, or with a and b exchanged. @returns whether there is one */
  product(a: LinearForm, b: LinearForm, c: LinearForm): boolean {
    const key = keyOf(a.supportHash, b.supportHash, c.supportHash);
    for (let row = this.#first.get(key) ?? -1; row !== -1; row = this.#next[row]!) {
      if (this.matched[row] === 1) continue;
      if (!this.#isProduct(a, b, c, row) && !this.#isProduct(b, a, c, row)) continue;
      this.matched[row] = 1;
      return true;
    }
    return false;
  }

  /**
   * Matches a row that the caller knows to be what a gadget needs (one that makes a wire boolean).
   *
   * @returns whether it was open
   */
  take(row: number): boolean {
    if (this.matched[row] === 1) return false;
    this.matched[row] = 1;
    return true;
  }

  /**
   * The open rows in two groups. A row that repeats a matched one, or says 0 = 0, forbids nothing and is harmless; any
   * other row is unexplained.
   */
  leftOver(): { readonly harmless: number[]; readonly unexplained: number[] } {
    const harmless: number[] = [];
    const unexplained: number[] = [];
    this.matched.forEach((matched, row) => {
      if (matched === 1) return;
      (this.#isEmpty(row) || this.#repeatsMatched(row) ? harmless : unexplained).push(row);
    });
    return { harmless, unexplained };
  }

  #isProduct(a: LinearForm, b: LinearForm, c: LinearForm, row: number): boolean {
    const [left, right, out] = this.#system.matrices;
    const alpha = a.ratio(this.#system, left, row);
    if (alpha === undefined) return false;
    const beta = b.ratio(this.#system, right, row);
    return beta !== undefined && c.equals(this.#system, out, row, alpha * beta);
  }

  #isLinear(row: number): boolean {
    const { a, b } = this.#system.r1cs;
    return a.rowStart[row] === a.rowStart[row + 1] || b.rowStart[row] === b.rowStart[row + 1];
  }

  #isEmpty(row: number): boolean {
    const { matrices } = this.#system;
    const empty = matrices.map((matrix) => this.#system.terms(matrix, row).length === 0);
    return empty[2]! && (empty[0]! || empty[1]!);
  }

  #repeatsMatched(row: number): boolean {
    for (let other = this.#first.get(this.#keys[row]!) ?? -1; other !== -1; other = this.#next[other]!) {
      if (this.matched[other] === 1 && this.#sameTerms(row, other)) return true;
    }
    return false;
  }

  #sameTerms(row: number, other: number): boolean {
    return this.#system.matrices.every((matrix) => {
      const own = this.#system.terms(matrix, row);
      const theirs = new Map(this.#system.terms(matrix, other).map(({ wire, value }) => [wire, value]));
      return own.length === theirs.size && own.every(({ wire, value }) => theirs.get(wire) === value);
    });
  }
}

/** Symmetric in a and b. Empty sides hash to 0. */
function keyOf(a: number, b: number, c: number): number {
  const both = Math.imul(a ^ 0x5bd1e995, b ^ 0x5bd1e995) ^ (a + b);
  return (Math.imul(both, 0x01000193) + Math.imul(c, 0x27d4eb2f)) >>> 0;
}

function supportHash(system: ConstraintSystem, { rowStart, wire, coefficient }: SparseMatrix, row: number) {
  let hash = 0;
  for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
    if (system.small[coefficient[at]!] !== 0) hash = (hash + hashWire(wire[at]!)) | 0;
  }
  return hash >>> 0;
}
