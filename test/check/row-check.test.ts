import { describe, expect, it } from 'vitest';
import { firstViolation } from '../../src/check/row-check.ts';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { elementBytes, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { type Sum, systemOf } from './constraints-of.ts';
import { violatedConstraints } from './violations.ts';

const witnessOf = (values: readonly bigint[]) =>
  Uint8Array.from(values.flatMap((value) => Array.from(elementBytes(value))));

/** Values at the borders of what doubles hold, and of the field. */
const VALUES = [0n, 1n, 3n, 2n ** 26n, 2n ** 31n, 2n ** 52n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n]
  .flatMap((value) => [value, SCALAR_FIELD - value])
  .map((value) => value % SCALAR_FIELD);

describe('firstViolation', () => {
  it('finds what integers find, in rows of small and of large numbers', () => {
    const next = pseudoRandom();
    const pick = () => VALUES[Math.floor(next() * VALUES.length)]!;
    const sum = (): Record<number, bigint> =>
      Object.fromEntries(Array.from({ length: 1 + Math.floor(next() * 3) }, (_, k) => [k + 1, pick()]));
    const evaluate = (own: Sum, wires: readonly bigint[]) =>
      Object.entries(own).reduce((total, [wire, value]) => total + BigInt(value) * wires[Number(wire)]!, 0n);
    let violated = 0;
    for (let k = 0; k < 2000; k += 1) {
      const wires = [1n, pick(), pick(), pick()];
      const [a, b, c] = [sum(), sum(), sum()];
      // Half of the rows hold: a term of the constant makes up the difference.
      const rest = evaluate(a, wires) * evaluate(b, wires) - evaluate(c, wires);
      const held = next() < 0.5 ? { ...c, 0: rest } : { ...c, 0: rest + pick() };
      const system = systemOf({ wires: 4 }, [{ 1: 1 }, { 0: 1 }, { 1: 1 }], [a, b, held]);
      const [expected = -1] = violatedConstraints(system.r1cs, witnessOf(wires));
      expect(firstViolation(system, witnessOf(wires)), `case ${k}`).toBe(expected);
      if (expected >= 0) violated += 1;
    }
    expect(violated).toBeGreaterThan(500);
    expect(violated).toBeLessThan(1500);
  });
});
