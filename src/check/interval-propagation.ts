import type { ConstraintSystem } from './constraint-system.ts';
import type { Deduction, Determinism } from './determinism.ts';
import { requireInputWires } from './input-wires.ts';

/** Larger magnitudes count as unbounded. Far below r/2 ≈ 2^252.6, so that rounding in doubles cannot matter. */
const LIMIT = 2 ** 250;

export interface Intervals {
  /** By wire: the range of integers (signed representatives) that it can be; NaN if it may be any field element. */
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  /** Rows that hold over the integers, not only modulo r. */
  readonly integerRows: number;
  /** Rows of field arithmetic: hashing and the context. */
  readonly fieldRows: number;
  /** Rows whose digits were deduced although the row may wrap. */
  readonly wrapping: readonly { readonly row: number; readonly wire: number }[];
}

/** Ranges that verifiers enforce on inputs of the circuit, by wire. */
export type EnforcedRanges = ReadonlyMap<number, { readonly lo: number; readonly hi: number }>;

/**
 * Interval propagation over the r1cs alone. Claim: in every satisfying witness whose public inputs are in the ranges
 * that verifiers enforce, wire w stands for an integer in [lo[w], hi[w]].
 *
 * Lemmas "boolean" and "chain": see the determinism check.
 * Lemma "sum": a row 0 = ±w + Σ c·x over bounded x gives w as the residue of an integer in the sum's interval; with
 * magnitudes below 2^250 there is only one such integer.
 * Lemma "product": the same for w = A·B ± …, with A·B between the least and the greatest product of interval ends.
 * The claim follows by induction over the deductions of the determinism check, which read only known wires. ∎
 *
 * Lemma "no wrap": a row whose every wire is bounded and whose two sides differ by less than 2^251 < r in all cases
 * holds over the integers: the difference is a multiple of r of magnitude below r, hence 0. ∎
 *
 * Every row from which digits are deduced must be such a row.
 *
 * @throws QuietproofError QP4504 where the wires that the r1cs header counts as inputs are not the circuit's inputs
 */
export function propagateIntervals(
  system: ConstraintSystem,
  determinism: Determinism,
  enforced: EnforcedRanges,
): Intervals {
  requireInputWires(system);
  const propagation = new IntervalPropagation(system);
  determinism.boolean.forEach((row, wire) => {
    if (row > 0) propagation.set(wire, 0, 1);
  });
  for (const wire of determinism.chains.wires) propagation.set(wire, 0, 1);
  for (const [wire, { lo, hi }] of enforced) propagation.set(wire, lo, hi);
  propagation.boundInputs();
  for (const { lemma, row, wires } of determinism.deductions) {
    if (lemma === 'unit') propagation.deduce(row, wires[0]!);
  }
  return propagation.result(new Set(determinism.deductions.flatMap(digitRows)));
}

/** The rows from which a deduction reads digits. */
function digitRows(deduction: Deduction): readonly number[] {
  switch (deduction.lemma) {
    case 'unit':
      return [];
    case 'digits':
    case 'magnitude':
    case 'ones':
    case 'quotient':
      return [deduction.row];
    case 'thermometer':
      return [deduction.row, deduction.other];
  }
}

interface Range {
  readonly lo: number;
  readonly hi: number;
}

const UNBOUNDED: Range = { lo: Number.NaN, hi: Number.NaN };

class IntervalPropagation {
  readonly #system: ConstraintSystem;
  readonly #lo: Float64Array;
  readonly #hi: Float64Array;

  constructor(system: ConstraintSystem) {
    this.#system = system;
    this.#lo = new Float64Array(system.r1cs.nWires).fill(Number.NaN);
    this.#hi = new Float64Array(system.r1cs.nWires).fill(Number.NaN);
    this.set(0, 1, 1);
  }

  set(wire: number, lo: number, hi: number): void {
    this.#lo[wire] = lo;
    this.#hi[wire] = hi;
  }

  /** Bounds private inputs by rows in which everything else is bounded: their range checks. */
  boundInputs(): void {
    const { firstInput, inputCount, start, rows } = this.#system;
    for (let wire = firstInput; wire < firstInput + inputCount; wire += 1) {
      for (let at = start[wire]!; at < start[wire + 1]! && Number.isNaN(this.#lo[wire]!); at += 1) {
        this.deduce(rows[at]!, wire);
      }
    }
  }

  /**
   * Deduces the wire's interval from a row in which it occurs only in C, with coefficient ±1, and all else is bounded.
   */
  deduce(row: number, wire: number): void {
    if (!Number.isNaN(this.#lo[wire]!)) return;
    const [a, b] = [this.#side(0, row), this.#side(1, row)];
    const rest = this.#side(2, row, wire);
    const own = this.#coefficientInC(row, wire);
    if (Math.abs(own) !== 1) return;
    const product = multiply(a, b);
    // own · w = A·B − rest
    const range = { lo: product.lo - rest.hi, hi: product.hi - rest.lo };
    if (!isBounded(range)) return;
    if (own === 1) this.set(wire, range.lo, range.hi);
    else this.set(wire, -range.hi, -range.lo);
  }

  result(digitRows: ReadonlySet<number>): Intervals {
    let [integerRows, fieldRows] = [0, 0];
    const wrapping: { row: number; wire: number }[] = [];
    for (let row = 0; row < this.#system.r1cs.nConstraints; row += 1) {
      const product = multiply(this.#side(0, row), this.#side(1, row));
      const out = this.#side(2, row);
      if (isBounded(product) && isBounded(out)) integerRows += 1;
      else {
        fieldRows += 1;
        if (digitRows.has(row)) wrapping.push({ row, wire: this.#unboundedWire(row) });
      }
    }
    return { lo: this.#lo, hi: this.#hi, integerRows, fieldRows, wrapping };
  }

  /** Interval of one side of a row, without one wire; NaN if another wire or a coefficient is not bounded. */
  #side(matrix: 0 | 1 | 2, row: number, without = -1): Range {
    const { rowStart, wire, coefficient } = this.#system.matrices[matrix];
    const { small } = this.#system;
    let [lo, hi] = [0, 0];
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
      const own = wire[at]!;
      if (own === without) continue;
      const value = small[coefficient[at]!]!;
      const [x, y] = [value * this.#lo[own]!, value * this.#hi[own]!];
      lo += Math.min(x, y);
      hi += Math.max(x, y);
    }
    return Number.isNaN(lo) || Number.isNaN(hi) ? UNBOUNDED : { lo, hi };
  }

  #coefficientInC(row: number, wire: number): number {
    const { matrices, small } = this.#system;
    const find = ({ rowStart, wire: wires, coefficient }: (typeof matrices)[number]) => {
      for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
        if (wires[at] === wire) return small[coefficient[at]!]!;
      }
      return 0;
    };
    return find(matrices[0]) === 0 && find(matrices[1]) === 0 ? find(matrices[2]) : 0;
  }

  #unboundedWire(row: number): number {
    for (const { rowStart, wire } of this.#system.matrices) {
      for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
        if (Number.isNaN(this.#lo[wire[at]!]!)) return wire[at]!;
      }
    }
    return 0;
  }
}

function isBounded({ lo, hi }: Range): boolean {
  return lo > -LIMIT && hi < LIMIT;
}

/** Empty sides are 0, and 0 times anything is 0, even if unbounded. */
function multiply(a: Range, b: Range): Range {
  const isZero = ({ lo, hi }: Range) => lo === 0 && hi === 0;
  if (isZero(a) || isZero(b)) return { lo: 0, hi: 0 };
  const products = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
  if (products.some(Number.isNaN)) return UNBOUNDED;
  return { lo: Math.min(...products), hi: Math.max(...products) };
}
