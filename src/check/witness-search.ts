import { SCALAR_FIELD } from '../field/bn254.ts';
import type { ConstraintSystem, Term } from './constraint-system.ts';
import { type Assignment, type BigRow, holds, inverse, mod, type Open, open } from './solve-witness.ts';

/** Partial assignments that one search visits at most. */
const SEARCH_BUDGET = 20_000;

/** What is left for all searches of one check, in terms of the rows that they examine. */
export interface SearchBudget {
  terms: number;
}
/** Complete assignments collected, in order to find a pair that also differs in an output. */
const MAX_FOUND = 12;
/** Values tried for a wire about which nothing is known. */
const GUESSES = [0n, 1n, 2n, 3n, SCALAR_FIELD - 1n, 12_345n];

/**
 * Completes an assignment in two ways, by backtracking. A row with one unknown wire gives its possible values; a row of
 * digits gives the digits of the number that they must add up to, or of that number plus r. If neither applies, a value
 * is guessed.
 *
 * @param start determined wires; the others undefined
 * @param budget the search ends when it is used up
 * @returns two complete assignments, preferably with different outputs; undefined if the budget did not suffice
 */
export function findWitnesses(
  system: ConstraintSystem,
  rows: readonly BigRow[],
  boolean: Uint32Array,
  start: Assignment,
  budget: SearchBudget,
): [Assignment, Assignment] | undefined {
  const search = new WitnessSearch({ system, rows, boolean, start, budget });
  search.run();
  const [first, ...others] = search.found;
  if (first === undefined || others.length === 0) return undefined;
  const outputs = system.r1cs.nOutputs;
  const differs = (other: Assignment) =>
    other.slice(1, 1 + outputs).some((value, j) => value !== first[1 + j]);
  return [first, others.find(differs) ?? others[0]!];
}

interface SearchParts {
  readonly system: ConstraintSystem;
  readonly rows: readonly BigRow[];
  readonly boolean: Uint32Array;
  readonly start: Assignment;
  readonly budget: SearchBudget;
}

type Choice = readonly (readonly [wire: number, value: bigint])[];

class WitnessSearch {
  readonly found: Assignment[] = [];
  readonly #system: ConstraintSystem;
  readonly #rows: readonly BigRow[];
  readonly #boolean: Uint32Array;
  readonly #wires: Assignment;
  readonly #budget: SearchBudget;
  /** Choices of rows with a single wire, such as x · (x − 1) = 0: they never change, and inverses are dear. */
  readonly #ofOneWire = new Map<number, readonly Choice[] | undefined>();
  #visits = SEARCH_BUDGET;

  constructor({ system, rows, boolean, start, budget }: SearchParts) {
    this.#system = system;
    this.#rows = rows;
    this.#boolean = boolean;
    this.#wires = start.slice();
    this.#budget = budget;
  }

  run(): void {
    const unknown = Array.from(this.#wires.keys()).filter((wire) => this.#wires[wire] === undefined);
    this.#complete(new Set(unknown), this.#rowsAround(unknown));
  }

  /** @param openRows rows that still have an unknown wire */
  #complete(unknown: ReadonlySet<number>, openRows: readonly number[]): void {
    if (this.#visits <= 0 || this.#budget.terms <= 0 || this.found.length >= MAX_FOUND) return;
    this.#visits -= 1;
    if (unknown.size === 0) {
      this.found.push(this.#wires.slice());
      return;
    }
    for (const choice of this.#choices(unknown, openRows)) {
      for (const [wire, value] of choice) this.#wires[wire] = value;
      const rest = new Set(unknown);
      for (const [wire] of choice) rest.delete(wire);
      const closed = this.#rowsAround(choice.map(([wire]) => wire));
      if (this.#satisfied(closed)) {
        const still = openRows.filter((row) => !this.#isClosed(row));
        this.#complete(rest, still);
      }
      for (const [wire] of choice) this.#wires[wire] = undefined;
    }
  }

  /** Alternatives that cover all solutions, if some row gives them; otherwise guesses. */
  #choices(unknown: ReadonlySet<number>, openRows: readonly number[]): readonly Choice[] {
    let best: readonly Choice[] | undefined;
    for (const row of openRows) {
      const own = this.#choicesOf(row);
      if (own === undefined) continue;
      if (own.length <= 1) return own;
      // Prefer rows that determine many wires at once.
      if (best === undefined || own[0]!.length > best[0]!.length) best = own;
    }
    if (best !== undefined) return best;
    const [wire] = Array.from(unknown).sort((x, y) => this.#rank(x) - this.#rank(y));
    const values = this.#boolean[wire!]! > 0 ? [0n, 1n] : GUESSES;
    return values.map((value) => [[wire!, value]]);
  }

  #choicesOf(row: number): readonly Choice[] | undefined {
    if (this.#ofOneWire.has(row)) return this.#ofOneWire.get(row);
    const { a, b, c } = this.#rows[row]!;
    this.#budget.terms -= a.length + b.length + c.length;
    const own = this.#unitChoices(row) ?? this.#digitChoices(row);
    // Of a product of two terms at most, e.g. (x − 1) · x: the only rows whose choices are worth keeping.
    if (a.length <= 2 && b.length <= 2 && c.length === 0 && hasOneWire([...a, ...b])) {
      this.#ofOneWire.set(row, own);
    }
    return own;
  }

  /** Guess wires that may be anything before booleans. */
  #rank(wire: number): number {
    return this.#boolean[wire]! > 0 ? 1 : 0;
  }

  /** Values of the only unknown wire of a row, as far as they are found without square roots. */
  #unitChoices(row: number): readonly Choice[] | undefined {
    const { a, b, c } = this.#open(row);
    const wires = new Set([...a.slopes.keys(), ...b.slopes.keys(), ...c.slopes.keys()]);
    if (wires.size !== 1) return undefined;
    const [wire] = wires as unknown as [number];
    const slope = (side: Open) => mod(side.slopes.get(wire) ?? 0n);
    if (slope(a) === 0n || slope(b) === 0n) {
      const factor = mod(slope(a) * b.constant + slope(b) * a.constant - slope(c));
      const rest = mod(c.constant - a.constant * b.constant);
      // 0 · x = 0 allows every x, so x is guessed.
      if (factor === 0n) return rest === 0n ? undefined : [];
      return [[[wire, mod(rest * inverse(factor))]]];
    }
    const roots = [a, b].map((side) => mod(-side.constant * inverse(slope(side))));
    const candidates = new Set([...roots, ...GUESSES]);
    return Array.from(candidates)
      .filter((x) => {
        const at = (side: Open) => side.constant + slope(side) * x;
        return mod(at(a) * at(b) - at(c)) === 0n;
      })
      .map((value) => [[wire, value]]);
  }

  /** Digits of a sum of booleans: those of the required number, and of that number plus multiples of r that fit. */
  #digitChoices(row: number): readonly Choice[] | undefined {
    const { a, b, c } = this.#open(row);
    const isLinear = this.#rows[row]!.a.length === 0 || this.#rows[row]!.b.length === 0;
    if (!isLinear || a.slopes.size > 0 || b.slopes.size > 0 || c.slopes.size < 2) return undefined;
    // Weights as non-negative integers: in a sum of 254 bits some exceed r/2.
    const [sample] = Array.from(c.slopes.values());
    const turn = sample! < 0n ? -1n : 1n;
    const digits = Array.from(c.slopes, ([wire, weight]) => ({ wire, weight: mod(turn * weight) }));
    if (digits.some(({ wire }) => this.#boolean[wire] === 0)) return undefined;
    digits.sort((x, y) => (x.weight < y.weight ? 1 : -1));
    const total = digits.reduce((sum, { weight }) => sum + weight, 0n);
    // Digits are unique only if each weight exceeds the sum of all smaller ones.
    let left = total;
    const isSuperincreasing = digits.every(({ weight }) => {
      left -= weight;
      return weight > left;
    });
    if (!isSuperincreasing) return undefined;
    const choices: Choice[] = [];
    for (let target = mod(-turn * c.constant); target <= total; target += SCALAR_FIELD) {
      let left = target;
      const choice = digits.map(({ wire, weight }): [number, bigint] => {
        const taken = left >= weight;
        if (taken) left -= weight;
        return [wire, taken ? 1n : 0n];
      });
      if (left === 0n) choices.push(choice);
    }
    return choices;
  }

  #open(row: number): { a: Open; b: Open; c: Open } {
    const { a, b, c } = this.#rows[row]!;
    return { a: open(a, this.#wires), b: open(b, this.#wires), c: open(c, this.#wires) };
  }

  #rowsAround(wires: readonly number[]): number[] {
    const { start, rows } = this.#system;
    const around = new Set<number>();
    for (const wire of wires) {
      for (let at = start[wire]!; at < start[wire + 1]!; at += 1) around.add(rows[at]!);
    }
    return Array.from(around);
  }

  #isClosed(row: number): boolean {
    const { a, b, c } = this.#rows[row]!;
    return [a, b, c].every((terms) => terms.every(({ wire }) => this.#wires[wire] !== undefined));
  }

  #satisfied(rows: readonly number[]): boolean {
    return rows.every((row) => !this.#isClosed(row) || holds(this.#rows[row]!, this.#wires));
  }
}

/** Beside the constant wire. */
function hasOneWire(terms: readonly Term[]): boolean {
  return new Set(terms.flatMap(({ wire }) => (wire === 0 ? [] : [wire]))).size === 1;
}
