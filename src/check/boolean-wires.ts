import { SCALAR_FIELD } from '../field/bn254.ts';
import type { ConstraintSystem, Term } from './constraint-system.ts';

/** The wire of the constant 1. */
const ONE_WIRE = 0;

/**
 * Lemma "boolean". Let (a₀ + a₁x)(b₀ + b₁x) = c₀ + c₁x be a row in which x is the only wire, with a₁b₁ ≠ 0. If 0 and 1
 * both satisfy it, it forces x ∈ {0, 1}.
 *
 * Proof. p(x) = (a₀ + a₁x)(b₀ + b₁x) − c₀ − c₁x has degree exactly 2, since a₁b₁ ≠ 0, so over a field it has at
 * most two roots. p(0) = p(1) = 0, so these are 0 and 1. ∎
 *
 * @returns by wire: 0, or 1 + the row that makes it boolean
 */
export function booleanWires(system: ConstraintSystem): Uint32Array {
  const { r1cs } = system;
  const rows = new Uint32Array(r1cs.nWires);
  for (let row = 0; row < r1cs.nConstraints; row += 1) {
    const wire = onlyWire(system, row);
    if (wire > 0 && rows[wire] === 0 && forcesBoolean(system, row)) rows[wire] = row + 1;
  }
  return rows;
}

/** The only wire of a row, apart from the constant; 0 if it has none or several. */
function onlyWire({ matrices }: ConstraintSystem, row: number): number {
  let only = 0;
  for (const { rowStart, wire } of matrices) {
    if (rowStart[row + 1]! - rowStart[row]! > 2) return 0;
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
      const own = wire[at]!;
      if (own === ONE_WIRE || own === only) continue;
      if (only !== 0) return 0;
      only = own;
    }
  }
  return only;
}

function forcesBoolean(system: ConstraintSystem, row: number): boolean {
  const [a, b, c] = system.matrices.map((matrix) => affine(system.terms(matrix, row)));
  const zero = (value: bigint) => value % SCALAR_FIELD === 0n;
  return (
    !zero(a!.slope) &&
    !zero(b!.slope) &&
    zero(a!.constant * b!.constant - c!.constant) &&
    zero((a!.constant + a!.slope) * (b!.constant + b!.slope) - c!.constant - c!.slope)
  );
}

function affine(terms: readonly Term[]): { constant: bigint; slope: bigint } {
  let constant = 0n;
  let slope = 0n;
  for (const { wire, value } of terms) {
    if (wire === ONE_WIRE) constant = value;
    else slope = value;
  }
  return { constant, slope };
}
