import { booleanWires } from './boolean-wires.ts';
import { type ChainUnknowns, onesLemma, type Tied, thermometerLemma } from './chain-lemmas.ts';
import { type Chains, chainWires } from './chain-wires.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { requireInputWires } from './input-wires.ts';
import { type Quotient, quotientLemma } from './quotient-lemma.ts';
import { digitsLemma, magnitudeLemma, unitLemma } from './uniqueness-lemmas.ts';

/** One application of a lemma: the row it reads and the wires it determines. Those of a chain are in its order. */
export type Deduction =
  | {
      readonly row: number;
      readonly lemma: 'unit' | 'digits' | 'magnitude' | 'ones';
      readonly wires: readonly number[];
    }
  | ThermometerDeduction
  | QuotientDeduction;

/** Lemma "thermometer" reads two rows. */
interface ThermometerDeduction extends Tied {
  readonly row: number;
  readonly lemma: 'thermometer';
}

/** Lemma "quotient": `wires` are the bits of the quotient, then those of the remainder, lowest first. */
export interface QuotientDeduction extends Quotient {
  readonly row: number;
  readonly lemma: 'quotient';
  readonly wires: readonly number[];
}

export interface Determinism {
  /** By wire: 1 where the inputs determine it. */
  readonly known: Uint8Array;
  /** In order: each deduction reads only wires that are known by then. */
  readonly deductions: readonly Deduction[];
  /** Wires that no lemma reached, ascending. */
  readonly unproved: readonly number[];
  /** By wire: 0, or 1 + the row that makes it boolean. */
  readonly boolean: Uint32Array;
  /** Wires that are 0 or 1 because of other such wires. */
  readonly chains: Chains;
}

/**
 * Uniqueness propagation. Claim, for every wire w with known[w] = 1: any two witnesses that satisfy all rows and agree
 * on the circuit's inputs agree on w.
 *
 * Proof, by induction over the deductions. The constant and the inputs agree by assumption. A deduction reads a row
 * whose other wires agree by induction, and its lemma says that the row (with the rows that make digits boolean) leaves
 * one value for each wire that it determines. ∎
 *
 * No hint and no name is used. A row is examined when it could yield something new: when all its unknown wires are
 * boolean, or when few of its terms are unknown. At the end the remaining rows are examined until nothing changes.
 *
 * @throws QuietproofError QP4504 where the wires that the r1cs header counts as inputs are not the circuit's inputs
 */
export function proveDeterminism(system: ConstraintSystem): Determinism {
  requireInputWires(system);
  const propagation = new Propagation(system);
  propagation.run();
  const unproved: number[] = [];
  propagation.known.forEach((known, wire) => {
    if (known === 0) unproved.push(wire);
  });
  const { known, deductions, chains } = propagation;
  return { known, deductions, unproved, boolean: propagation.ownRow, chains };
}

/** Most unknown terms that a single unknown wire can have in a row: one in each of A, B and C. */
const TERMS_PER_WIRE = 3;

class Propagation implements ChainUnknowns {
  readonly system: ConstraintSystem;
  readonly known: Uint8Array;
  /** By wire: 0, or 1 + the row that makes it boolean. */
  readonly ownRow: Uint32Array;
  readonly chains: Chains;
  /** By wire: not 0 if it is 0 or 1, by its own row or as part of a chain. */
  readonly boolean: Uint32Array;
  readonly deductions: Deduction[] = [];
  /** By row: number of terms whose wire is unknown, and of those whose wire is also not boolean. */
  readonly #open: Uint32Array;
  readonly #openOther: Uint32Array;
  readonly #queue: number[] = [];
  readonly #queued: Uint8Array;

  constructor(system: ConstraintSystem) {
    const { r1cs, matrices, firstInput, inputCount } = system;
    this.system = system;
    this.ownRow = booleanWires(system);
    this.chains = chainWires(system, this.ownRow);
    this.boolean = this.ownRow.slice();
    for (const wire of this.chains.wires) this.boolean[wire] = 1;
    this.known = new Uint8Array(r1cs.nWires);
    this.known[0] = 1;
    this.known.fill(1, firstInput, firstInput + inputCount);
    this.#open = new Uint32Array(r1cs.nConstraints);
    this.#openOther = new Uint32Array(r1cs.nConstraints);
    this.#queued = new Uint8Array(r1cs.nConstraints);
    for (const { rowStart, wire } of matrices) {
      for (let row = 0; row < r1cs.nConstraints; row += 1) {
        for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
          if (this.known[wire[at]!] === 1) continue;
          this.#open[row]! += 1;
          if (this.boolean[wire[at]!] === 0) this.#openOther[row]! += 1;
        }
      }
    }
  }

  run(): void {
    for (let row = 0; row < this.#open.length; row += 1) this.#consider(row);
    for (let before = -1; before !== this.deductions.length; ) {
      before = this.deductions.length;
      this.#drain();
      for (let row = 0; row < this.#open.length; row += 1) if (this.#open[row]! > 0) this.#enqueue(row);
      this.#drain();
    }
  }

  #drain(): void {
    for (let row = this.#queue.pop(); row !== undefined; row = this.#queue.pop()) {
      this.#queued[row] = 0;
      const deduction = this.#deduce(row);
      if (deduction === undefined) continue;
      this.deductions.push(deduction);
      for (const wire of deduction.wires) this.#learn(wire);
      if (deduction.lemma === 'quotient') this.#enqueue(deduction.slackRow);
      if (deduction.lemma === 'thermometer') for (const own of [row, deduction.other]) this.#enqueue(own);
    }
  }

  #deduce(row: number): Deduction | undefined {
    const unit = unitLemma(this, row);
    if (unit.length > 0) return { row, lemma: 'unit', wires: unit };
    if (this.#openOther[row]! > 0) return undefined;
    const digits = digitsLemma(this, row);
    if (digits.length > 0) return { row, lemma: 'digits', wires: digits };
    const magnitude = magnitudeLemma(this, row);
    if (magnitude.length > 0) return { row, lemma: 'magnitude', wires: magnitude };
    const division = quotientLemma(this, row);
    if (division !== undefined) {
      return { ...division, row, lemma: 'quotient', wires: [...division.quotient, ...division.remainder] };
    }
    const ones = onesLemma(this, row);
    if (ones.length > 0) return { row, lemma: 'ones', wires: ones };
    const tied = thermometerLemma(this, row);
    return tied && { row, lemma: 'thermometer', ...tied };
  }

  #learn(wire: number): void {
    const { start, rows } = this.system;
    this.known[wire] = 1;
    const other = this.boolean[wire] === 0 ? 1 : 0;
    for (let at = start[wire]!; at < start[wire + 1]!; at += 1) {
      const row = rows[at]!;
      this.#open[row]! -= 1;
      this.#openOther[row]! -= other;
      this.#consider(row, other === 1);
    }
  }

  #consider(row: number, otherFell = true): void {
    const open = this.#open[row]!;
    if (open === 0) return;
    if (open <= TERMS_PER_WIRE || (otherFell && this.#openOther[row] === 0)) this.#enqueue(row);
  }

  #enqueue(row: number): void {
    if (this.#queued[row] === 1) return;
    this.#queued[row] = 1;
    this.#queue.push(row);
  }
}
