import type { SparseMatrix } from '../formats/r1cs.ts';
import type { ConstraintSystem } from './constraint-system.ts';

/** Wires that are 0 or 1 because a wire before them is. */
export interface Chains {
  /** By wire: the wire before it in its chain; 0 if it is in none. */
  readonly before: Uint32Array;
  /** The wires of all chains without their first ones, each after the one before it. */
  readonly wires: readonly number[];
}

/**
 * Lemma "chain". Let x be 0 or 1. A row (α·y)(β·x − β·y) = 0 with α·β ≠ 0, or the same with its factors exchanged, forces
 * y to be 0 or x.
 *
 * Proof. y = 0, or β·x = β·y and so y = x: a field has no zero divisors. ∎
 *
 * So in a chain c_1, c_2, … of such rows from a boolean c_1, every wire is 0 or 1, and none is above the one before it.
 * Unlike a row of lemma "boolean", such a row forbids some values of y that are 0 or 1.
 *
 * @param boolean by wire: not 0 where a row makes it boolean
 */
export function chainWires(system: ConstraintSystem, boolean: Uint32Array): Chains {
  const { nWires, nConstraints } = system.r1cs;
  const [a, b, c] = system.matrices;
  const before = new Uint32Array(nWires);
  const after = new Map<number, number[]>();
  for (let row = 0; row < nConstraints; row += 1) {
    if (c.rowStart[row] !== c.rowStart[row + 1]) continue;
    const link = linkOf(system, a, b, row) ?? linkOf(system, b, a, row);
    if (link === undefined || boolean[link.y] !== 0 || before[link.y] !== 0) continue;
    before[link.y] = link.x;
    const known = after.get(link.x);
    if (known === undefined) after.set(link.x, [link.y]);
    else known.push(link.y);
  }
  const wires = Array.from(after.keys()).filter((wire) => boolean[wire] !== 0);
  const found: number[] = [];
  for (let next = wires.pop(); next !== undefined; next = wires.pop()) {
    for (const wire of after.get(next) ?? []) {
      found.push(wire);
      wires.push(wire);
    }
  }
  const isFound = new Set(found);
  before.forEach((_, wire) => {
    if (!isFound.has(wire)) before[wire] = 0;
  });
  return { before, wires: found };
}

/** The wires of a row (α·y)(β·x − β·y) = 0. */
function linkOf(
  system: ConstraintSystem,
  single: SparseMatrix,
  double: SparseMatrix,
  row: number,
): { readonly x: number; readonly y: number } | undefined {
  if (single.rowStart[row + 1]! - single.rowStart[row]! !== 1) return undefined;
  if (double.rowStart[row + 1]! - double.rowStart[row]! !== 2) return undefined;
  const [own, ...none] = system.terms(single, row);
  const pair = system.terms(double, row);
  if (own === undefined || none.length > 0 || pair.length !== 2) return undefined;
  const [first, second] = pair as [(typeof pair)[0], (typeof pair)[0]];
  const other = first.wire === own.wire ? second : first;
  const isPair = first.wire === own.wire || second.wire === own.wire;
  const isLink = isPair && other.wire !== 0 && own.wire !== 0 && first.value + second.value === 0n;
  return isLink ? { x: other.wire, y: own.wire } : undefined;
}
