import { SCALAR_FIELD } from '../field/bn254.ts';
import type { ConstraintSystem, Term } from './constraint-system.ts';
import type { Deduction, QuotientDeduction } from './determinism.ts';

/** A partial assignment: by wire, a canonical field element or undefined. */
export type Assignment = (bigint | undefined)[];

/** A row with big integers, for solving: small circuits only. */
export interface BigRow {
  readonly a: readonly Term[];
  readonly b: readonly Term[];
  readonly c: readonly Term[];
}

export function bigRows(system: ConstraintSystem): BigRow[] {
  const [a, b, c] = system.matrices;
  return Array.from({ length: system.r1cs.nConstraints }, (_, row) => ({
    a: system.terms(a, row),
    b: system.terms(b, row),
    c: system.terms(c, row),
  }));
}

export function mod(value: bigint): bigint {
  const rest = value % SCALAR_FIELD;
  return rest < 0n ? rest + SCALAR_FIELD : rest;
}

/** One side of a row as constant + Σ slope·unknown. */
export interface Open {
  readonly constant: bigint;
  readonly slopes: ReadonlyMap<number, bigint>;
}

export function open(terms: readonly Term[], wires: Assignment): Open {
  let constant = 0n;
  const slopes = new Map<number, bigint>();
  for (const { wire, value } of terms) {
    const known = wires[wire];
    if (known === undefined) slopes.set(wire, value);
    else constant += value * known;
  }
  return { constant: mod(constant), slopes };
}

/** Whether a full assignment satisfies a row. */
export function holds({ a, b, c }: BigRow, wires: Assignment): boolean {
  const sum = (terms: readonly Term[]) => terms.reduce((total, t) => total + t.value * wires[t.wire]!, 0n);
  return mod(sum(a) * sum(b) - sum(c)) === 0n;
}

/**
 * Follows the deductions of the determinism check with numbers. As far as the deductions go, this is the only possible
 * witness for these inputs.
 *
 * @param wires the inputs; determined wires are added
 * @returns the first row that cannot be satisfied, or undefined
 */
export function follow(
  rows: readonly BigRow[],
  deductions: readonly Deduction[],
  wires: Assignment,
): number | undefined {
  for (const deduction of deductions) if (!solve(rows, deduction, wires)) return deduction.row;
  return undefined;
}

function solve(rows: readonly BigRow[], deduction: Deduction, wires: Assignment): boolean {
  const row = rows[deduction.row]!;
  switch (deduction.lemma) {
    case 'unit':
      return solveUnit(row, deduction.wires[0]!, wires);
    case 'digits':
      return solveDigits(row, wires);
    case 'magnitude':
      return solveMagnitude(row, deduction.wires[0]!, wires);
    case 'quotient':
      return solveQuotient(row, deduction, wires);
    case 'ones':
      return solveChain([row], deduction.wires, wires);
    case 'thermometer':
      return solveChain([row, rows[deduction.other]!], deduction.wires, wires);
  }
}

/** Solves q·D + r = N by division with remainder. D and N follow from the row's residue at three points. */
function solveQuotient(row: BigRow, { quotient, remainder }: QuotientDeduction, wires: Assignment): boolean {
  const assign = (bits: readonly number[], value: bigint) => {
    bits.forEach((wire, k) => {
      wires[wire] = (value >> BigInt(k)) & 1n;
    });
  };
  /** C − A·B, which all solutions make 0. */
  const residue = (q: bigint, r: bigint) => {
    assign(quotient, q);
    assign(remainder, r);
    const sum = (terms: readonly Term[]) => terms.reduce((total, t) => total + t.value * wires[t.wire]!, 0n);
    return sum(row.c) - sum(row.a) * sum(row.b);
  };
  const rest = residue(0n, 0n);
  const unit = inverse(residue(0n, 1n) - rest);
  const divisor = mod((residue(1n, 0n) - rest) * unit);
  const dividend = mod(-rest * unit);
  if (divisor === 0n) return false;
  const [q, r] = [dividend / divisor, dividend % divisor];
  assign(quotient, q);
  assign(remainder, r);
  return q < 1n << BigInt(quotient.length) && r < 1n << BigInt(remainder.length);
}

/** Leading ones: as many as leave to the other unknown wires of every row, which are 0 or 1, a sum that they can have. */
function solveChain(rows: readonly BigRow[], chain: readonly number[], wires: Assignment): boolean {
  for (let ones = 0; ones <= chain.length; ones += 1) {
    chain.forEach((wire, k) => {
      wires[wire] = k < ones ? 1n : 0n;
    });
    if (rows.every((row) => canHold(row, wires))) return true;
  }
  for (const wire of chain) wires[wire] = undefined;
  return false;
}

/** Whether 0 = C can hold for some 0s and 1s on its unknown wires, judged by the interval of their sum. */
function canHold(row: BigRow, wires: Assignment): boolean {
  const { constant, slopes } = open(row.c, wires);
  let [least, most] = [0n, 0n];
  for (const weight of slopes.values()) {
    if (weight < 0n) least += weight;
    else most += weight;
  }
  return mod(-constant - least) <= most - least;
}

/** Solves (a + a₁x)(b + b₁x) = c + c₁x for a wire x in which the row is linear. */
export function solveUnit(row: BigRow, wire: number, wires: Assignment): boolean {
  const [a, b, c] = [open(row.a, wires), open(row.b, wires), open(row.c, wires)];
  const slope = (side: Open) => side.slopes.get(wire) ?? 0n;
  const factor = mod(slope(a) * b.constant + slope(b) * a.constant - slope(c));
  if (factor === 0n) return false;
  wires[wire] = mod((c.constant - a.constant * b.constant) * inverse(factor));
  return true;
}

/** The digits of a number or of −1 less it, by its sign: the first wire that the lemma determines. */
function solveMagnitude(row: BigRow, sign: number, wires: Assignment): boolean {
  const digits = row.c.map(({ wire }) => wire).filter((wire) => wires[wire] === undefined && wire !== sign);
  return [0n, 1n].some((own) => {
    for (const wire of digits) wires[wire] = undefined;
    wires[sign] = own;
    return solveDigits(row, wires);
  });
}

/** Superincreasing digits, largest first: a digit is 1 if the rest is at least its weight. */
function solveDigits(row: BigRow, wires: Assignment): boolean {
  const product = open(row.a, wires).constant * open(row.b, wires).constant;
  const { slopes, constant } = open(row.c, wires);
  const digits = Array.from(slopes, ([wire, weight]) => ({ wire, weight })).sort((x, y) =>
    abs(x.weight) < abs(y.weight) ? 1 : -1,
  );
  const least = digits.reduce((sum, { weight }) => sum + (weight < 0n ? weight : 0n), 0n);
  // Shifted so that every digit weighs |weight|: a digit of negative weight then counts if it is 0.
  let left = mod(product - constant - least);
  for (const { wire, weight } of digits) {
    const taken = left >= abs(weight);
    if (taken) left -= abs(weight);
    wires[wire] = taken === weight > 0n ? 1n : 0n;
  }
  return left === 0n;
}

function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

export function inverse(x: bigint): bigint {
  let [a, b, u, v] = [mod(x), SCALAR_FIELD, 1n, 0n];
  while (b !== 0n) {
    const q = a / b;
    [a, b, u, v] = [b, a - q * b, v, u - q * v];
  }
  return mod(u);
}
