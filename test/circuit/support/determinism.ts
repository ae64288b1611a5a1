import { SCALAR_FIELD } from '../../../src/field/bn254.ts';
import type { Constraint, LinearCombination } from './constraints.ts';

const ONE_WIRE = 0;

/**
 * Wires that three rules do not show to be determined by a set of known wires. The rules are sound: a determined wire
 * has at most one value in all satisfying witnesses with the same known wires.
 *
 * 1. A constraint with a single unknown wire, linear in it and with a constant non-zero factor, determines it.
 * 2. A linear constraint whose unknown wires are all boolean, with factors f·2^k for different k and a sum of the 2^k
 *    below r, determines them all: the binary digits of a number are unique.
 * 3. (1 − 2s)·v = g·(s + Σ 2^k·x_k) with s and all x_k unknown and boolean, v known, for k = 0, 1, … and a sum of the
 *    2^k below r/2 − 1, determines s and all x_k: the digits are those of v/g for s = 0, and of −1 − v/g for s = 1, and two
 *    numbers below r/2 − 1 do not add up to −1 modulo r.
 */
export function undeterminedWires(
  constraints: readonly Constraint[],
  wireCount: number,
  knownWires: readonly number[],
): number[] {
  const known = new Uint8Array(wireCount);
  for (const wire of [ONE_WIRE, ...knownWires]) known[wire] = 1;
  const boolean = booleanWires(constraints, wireCount);
  let open = constraints.slice();
  for (let before = -1; before !== open.length; ) {
    before = open.length;
    open = open.filter((constraint) => {
      const digits = determinedBy(constraint, known, boolean);
      const found = digits.length > 0 ? digits : signAndDigits(constraint, known, boolean);
      for (const wire of found) known[wire] = 1;
      return found.length === 0;
    });
  }
  return Array.from(known.keys()).filter((wire) => known[wire] === 0);
}

/** The wires that a constraint determines, given the known wires. */
function determinedBy({ a, b, c }: Constraint, known: Uint8Array, boolean: Uint8Array): number[] {
  const unknown = linearUnknowns(a, b, c, known);
  if (unknown === undefined) return [];
  if (unknown.length === 1) return [unknown[0]![0]];
  if (unknown.length === 0 || unknown.some(([wire]) => boolean[wire] === 0)) return [];
  return areDigits(unknown.map(([, factor]) => factor)) ? unknown.map(([wire]) => wire) : [];
}

/** Rule 3. */
function signAndDigits({ a, b, c }: Constraint, known: Uint8Array, boolean: Uint8Array): number[] {
  const isKnown = (terms: LinearCombination) => terms.every(([wire]) => known[wire] === 1);
  const [side, other] = isKnown(b) ? [a, b] : [b, a];
  const sign = side.find(([wire]) => wire !== ONE_WIRE);
  const one = side.find(([wire]) => wire === ONE_WIRE);
  if (!isKnown(other) || side.length !== 2 || sign === undefined || one === undefined) return [];
  const scale = c.find(([wire]) => wire === sign[0])?.[1];
  if (scale === undefined || (sign[1] + 2n * one[1]) % SCALAR_FIELD !== 0n) return [];
  if (c.some(([wire]) => known[wire] === 1 || boolean[wire] === 0) || c.length > 252) return [];
  const digits = c.filter(([wire]) => wire !== sign[0]);
  const places = new Set(digits.map(([, factor]) => factor));
  const isBinary = digits.every((_, k) => places.has(scale * 2n ** BigInt(k)));
  return isBinary && places.size === digits.length ? c.map(([wire]) => wire) : [];
}

/** The unknown wires with their factors in a·b − c; undefined if one is multiplied by anything but a constant. */
function linearUnknowns(
  a: LinearCombination,
  b: LinearCombination,
  c: LinearCombination,
  known: Uint8Array,
): [number, bigint][] | undefined {
  const factors = new Map<number, bigint>();
  const add = (terms: LinearCombination, scale: bigint) => {
    for (const [wire, coefficient] of terms) {
      if (known[wire] === 0) factors.set(wire, (factors.get(wire) ?? 0n) + scale * coefficient);
    }
  };
  const isKnown = (terms: LinearCombination) => terms.every(([wire]) => known[wire] === 1);
  if (!isKnown(a) || !isKnown(b)) {
    const [constant, other] = constantOf(a) === undefined ? [constantOf(b), a] : [constantOf(a), b];
    if (constant === undefined) return undefined;
    add(other, constant);
  }
  add(c, -1n);
  return Array.from(factors).filter(([, factor]) => factor % SCALAR_FIELD !== 0n);
}

/** The value of a combination of only the constant wire. */
function constantOf(terms: LinearCombination): bigint | undefined {
  return terms.every(([wire]) => wire === ONE_WIRE) ? (terms[0]?.[1] ?? 0n) : undefined;
}

function areDigits(factors: readonly bigint[]): boolean {
  const magnitude = (x: bigint) => (x < 0n ? -x : x);
  const sorted = factors.toSorted((x, y) => (magnitude(x) < magnitude(y) ? -1 : 1));
  const unit = sorted[0]!;
  let total = 0n;
  for (const factor of sorted) {
    if (factor % unit !== 0n) return false;
    const digit = factor / unit;
    // A power of two that exceeds the sum of all smaller ones, and so differs from each.
    if (digit <= total || (digit & (digit - 1n)) !== 0n) return false;
    total += digit;
  }
  return total < SCALAR_FIELD;
}

/** Wires x with a constraint k·x · m·(x − 1) = 0. */
function booleanWires(constraints: readonly Constraint[], wireCount: number): Uint8Array {
  const boolean = new Uint8Array(wireCount);
  for (const { a, b, c } of constraints) {
    if (c.length > 0) continue;
    const [one, two] = a.length === 1 ? [a, b] : [b, a];
    if (one.length !== 1 || two.length !== 2) continue;
    const wire = one[0]![0];
    const own = two.find(([other]) => other === wire);
    const constant = two.find(([other]) => other === ONE_WIRE);
    if (wire !== ONE_WIRE && own !== undefined && constant !== undefined && own[1] + constant[1] === 0n) {
      boolean[wire] = 1;
    }
  }
  return boolean;
}
