import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { booleanWires } from '../../src/check/boolean-wires.ts';
import { ConstraintSystem } from '../../src/check/constraint-system.ts';
import { proveDeterminism } from '../../src/check/determinism.ts';
import { SCALAR_FIELD } from '../../src/field/bn254.ts';
import { BROKEN_CIRCUITS } from './broken-circuits.ts';
import { compileSource } from './compile-checked.ts';
import { boolean, type Sum, systemOf } from './constraints-of.ts';

/** Unproved wires, where wire 1 is the input, and x (wire 2) and later wires are unknown. */
function unproved(wires: number, ...rows: readonly (readonly [Sum, Sum, Sum])[]): readonly number[] {
  return proveDeterminism(systemOf({ wires }, ...rows)).unproved;
}

describe('lemma "boolean"', () => {
  const isBoolean = (...row: [Sum, Sum, Sum]) => booleanWires(systemOf({ wires: 4 }, row))[2]! > 0;

  it('fires on x(x − 1) = 0, however it is scaled or written', () => {
    expect(isBoolean({ 2: 1 }, { 2: 1, 0: -1 }, {})).toBe(true);
    expect(isBoolean({ 2: -3, 0: 3 }, { 2: 7 }, {})).toBe(true);
    expect(isBoolean({ 2: 1 }, { 2: 1 }, { 2: 1 })).toBe(true);
  });

  it('does not fire where 0 or 1 is no root, where there are others, or where the row is linear', () => {
    expect(isBoolean({ 2: 1 }, { 2: 1, 0: -2 }, {})).toBe(false);
    expect(isBoolean({ 2: 1, 0: 1 }, { 2: 1, 0: -1 }, {})).toBe(false);
    expect(isBoolean({ 2: 1 }, { 0: 1 }, { 2: 1 })).toBe(false);
    expect(isBoolean({ 2: 1 }, { 2: 1, 0: -1 }, { 2: 1 })).toBe(false);
  });

  it('does not fire on a row about two wires', () => {
    expect(isBoolean({ 2: 1 }, { 3: 1, 0: -1 }, {})).toBe(false);
    expect(isBoolean({ 2: 1 }, { 2: 1, 0: -1 }, { 3: 1 })).toBe(false);
  });
});

describe('lemma "unit"', () => {
  it('fires on a product of known wires, and on a linear row', () => {
    expect(unproved(3, [{ 1: 1 }, { 1: 1 }, { 2: 1 }])).toEqual([]);
    expect(unproved(3, [{}, {}, { 1: 5, 2: -7, 0: 1 }])).toEqual([]);
  });

  it('fires where the unknown is multiplied by a constant that leaves a non-zero factor', () => {
    expect(unproved(3, [{ 2: 2 }, { 0: 3 }, { 1: 1 }])).toEqual([]);
    expect(unproved(3, [{ 0: 3 }, { 2: 2 }, { 1: 1, 2: 5 }])).toEqual([]);
  });

  it('does not fire where that factor is zero, including zero modulo r', () => {
    expect(unproved(3, [{ 2: 2 }, { 0: 3 }, { 1: 1, 2: 6 }])).toEqual([2]);
    expect(unproved(3, [{ 2: 1 }, { 0: 1 }, { 1: 1, 2: SCALAR_FIELD + 1n }])).toEqual([2]);
  });

  it('does not fire where the unknown is multiplied by a known wire, which may be zero', () => {
    expect(unproved(3, [{ 2: 1 }, { 1: 1 }, { 0: 1 }])).toEqual([2]);
    expect(unproved(3, [{ 1: 1, 0: 1 }, { 2: 1 }, { 1: 1 }])).toEqual([2]);
  });

  it('does not fire on a square', () => {
    expect(unproved(3, [{ 2: 1 }, { 2: 1 }, { 1: 1 }])).toEqual([2]);
  });

  it('does not fire on two unknowns', () => {
    expect(unproved(4, [{}, {}, { 1: 1, 2: 1, 3: 1 }])).toEqual([2, 3]);
  });

  it('does not treat a wire that is in no constraint as known', () => {
    expect(unproved(3, [{ 1: 1 }, { 1: 1 }, { 1: 1 }])).toEqual([2]);
  });
});

describe('lemma "quotient"', () => {
  // Wire 1 is the dividend, 2 the divisor; then 3 bits of q, 4 of r and 4 of s.
  const [q, r, s] = [
    [3, 4, 5],
    [6, 7, 8, 9],
    [10, 11, 12, 13],
  ] as const;
  const digits = (wires: readonly number[], unit: number): Sum =>
    Object.fromEntries(wires.map((wire, k) => [wire, unit * 2 ** k]));
  const booleans = [...q, ...r, ...s].map((wire) => boolean(wire));
  const product = (unit = 1): [Sum, Sum, Sum] => [
    digits(q, unit),
    { 2: 2 },
    { 1: unit, ...digits(r, -unit) },
  ];
  const slack = (divisor: Sum): [Sum, Sum, Sum] => [
    {},
    {},
    { ...digits(r, -1), ...digits(s, -1), ...divisor },
  ];
  const open = (...rows: (readonly [Sum, Sum, Sum])[]) =>
    proveDeterminism(systemOf({ wires: 14, inputs: 2 }, ...rows)).unproved.length;
  const below: Sum = { 2: 2, 0: -1 };

  it('fires where the remainder is held below the divisor, however the rows are scaled', () => {
    for (const unit of [1, -1, 3]) expect(open(...booleans, product(unit), slack(below))).toBe(0);
  });

  it('fires on a constant divisor, whose product is merged into a sum', () => {
    const sum: [Sum, Sum, Sum] = [{}, {}, { ...digits(q, 11), ...digits(r, 1), 1: -1 }];
    expect(open(...booleans, sum, slack({ 0: 10 }))).toBe(0);
    expect(open(...booleans, sum, slack({ 0: 11 }))).toBe(11);
  });

  it('does not fire where the remainder may be the divisor, or beyond, or less than another number', () => {
    expect(open(...booleans, product(), slack({ 2: 2 }))).toBe(11);
    expect(open(...booleans, product(), slack({ 2: 4, 0: -1 }))).toBe(11);
    expect(open(...booleans, product(), slack({ 1: 2, 0: -1 }))).toBe(11);
    expect(open(...booleans, product())).toBe(11);
  });

  it('does not fire where a bit of the quotient, the remainder or the slack is not boolean', () => {
    for (const at of [0, 3, 7]) {
      expect(open(...booleans.toSpliced(at, 1), product(), slack(below))).toBeGreaterThan(0);
    }
  });

  it('does not fire where the divisor is not known', () => {
    const rows = [...booleans, product(), slack(below)];
    expect(proveDeterminism(systemOf({ wires: 14, inputs: 1 }, ...rows)).unproved).toHaveLength(12);
  });
});

describe('lemma "digits"', () => {
  const bits = (count: number, weight: (k: number) => bigint, first = 2) => {
    const sum = Object.fromEntries(Array.from({ length: count }, (_, k) => [first + k, -weight(k)]));
    const booleans = Array.from({ length: count }, (_, k) => boolean(first + k));
    return { booleans, row: [{}, {}, { 1: 1n, ...sum }] as [Sum, Sum, Sum] };
  };
  const power = (k: number) => 2n ** BigInt(k);

  it('fires on powers of two and on any superincreasing weights, of either sign', () => {
    for (const weight of [power, (k: number) => -power(k), (k: number) => 3n ** BigInt(k) * 7n]) {
      const { booleans, row } = bits(5, weight);
      expect(unproved(7, ...booleans, row)).toEqual([]);
    }
  });

  it('fires on 253 bits, and not on 254: their sum passes r', () => {
    const [fits, wraps] = [bits(253, power), bits(254, power)];
    expect(unproved(255, ...fits.booleans, fits.row)).toEqual([]);
    expect(unproved(256, ...wraps.booleans, wraps.row)).toHaveLength(254);
  });

  it('does not fire where one digit is not boolean', () => {
    const { booleans, row } = bits(5, power);
    expect(unproved(7, ...booleans.slice(1), row)).toHaveLength(5);
  });

  it('does not fire where weights repeat, where one is zero, or where smaller ones add up to a larger', () => {
    for (const weights of [
      [1n, 1n, 2n],
      [1n, 2n, 3n],
      [1n, 0n, 2n],
      [2n, 2n, 2n],
    ]) {
      const { booleans, row } = bits(3, (k) => weights[k]!);
      expect(unproved(5, ...booleans, row)).not.toEqual([]);
    }
  });

  it('does not fire on digits in a product', () => {
    const { booleans } = bits(2, power);
    expect(unproved(4, ...booleans, [{ 2: 1, 3: 2 }, { 1: 1 }, { 1: 1 }])).toEqual([2, 3]);
  });

  it('does not fire on digits that the row holds on a side which is multiplied by nothing', () => {
    const { booleans } = bits(2, power);
    expect(unproved(4, ...booleans, [{ 2: 1, 3: 2 }, {}, { 1: 1 }])).toEqual([2, 3]);
  });
});

describe('lemma "magnitude"', () => {
  /** (1 − 2·σ)·in = σ + Σ 2^k·x_k, with σ on wire 2. */
  const magnitude = (count: number, change: { a?: Sum; b?: Sum; c?: Sum } = {}) => {
    const digits = Object.fromEntries(Array.from({ length: count }, (_, k) => [3 + k, 2n ** BigInt(k)]));
    const booleans = Array.from({ length: count + 1 }, (_, k) => boolean(2 + k));
    const row: [Sum, Sum, Sum] = [
      change.a ?? { 0: 1, 2: -2 },
      change.b ?? { 1: 1 },
      { 2: 1, ...digits, ...change.c },
    ];
    return { booleans, row };
  };
  const open = (count: number, change: { a?: Sum; b?: Sum; c?: Sum } = {}) => {
    const { booleans, row } = magnitude(count, change);
    return unproved(count + 3, ...booleans, row).length;
  };

  it('fires on a sign and digits, however the row is scaled, and on up to 252 of them', () => {
    expect(open(5)).toBe(0);
    expect(open(5, { a: { 1: 1 }, b: { 0: 1, 2: -2 } })).toBe(0);
    expect(open(5, { a: { 0: -3, 2: 6 }, b: { 1: 7, 0: 5 } })).toBe(0);
    expect(open(252)).toBe(0);
    expect(open(253)).toBe(254);
  });

  it('does not fire where 0 has both signs, or −1 could be a magnitude', () => {
    expect(open(5, { c: { 2: 0 } })).toBe(6);
    expect(open(5, { c: { 2: -1 } })).toBe(6);
    expect(open(5, { c: { 0: -1 } })).toBe(6);
  });

  it('does not fire where the sign does more than change the sign, or a known wire stands with the digits', () => {
    expect(open(5, { a: { 0: 1, 2: -1 } })).toBe(6);
    expect(open(5, { a: { 0: 1, 1: 1, 2: -2 } })).toBe(6);
    expect(open(5, { c: { 1: 1 } })).toBe(6);
    expect(open(5, { b: { 1: 1, 3: 1 } })).toBe(6);
  });

  it('does not fire where a digit or the sign is not boolean, or where weights are of two signs or repeat', () => {
    const { booleans, row } = magnitude(5);
    for (const without of [0, 3]) {
      expect(unproved(8, ...booleans.toSpliced(without, 1), row)).toHaveLength(6);
    }
    expect(open(5, { c: { 5: -4 } })).toBe(6);
    expect(open(5, { c: { 5: 2 } })).toBe(6);
  });
});

describe('a circuit whose header counts inputs that have no wire', () => {
  /** y <== x², and t unknown: circom wrote the signals y, dropped, x, t, and dropped has no wire. */
  const shape = { wires: 4, outputs: 1, inputs: 0, privateInputs: 2 };
  const rowsOn = (x: number) => [[{ [x]: 1 }, { [x]: 1 }, { 1: 1 }]] as const;
  const rows = rowsOn(2);
  const refused = expect.objectContaining({ code: 'QP4504' });

  it('is refused where a wire after the inputs would be taken for one: nothing determines t', () => {
    const dropped = systemOf({ ...shape, labels: [0, 1, 3, 4] }, ...rows);
    expect(() => proveDeterminism(dropped)).toThrow(refused);
    expect(() => proveDeterminism(dropped)).toThrow(/counts 2 inputs, but wire 2 carries signal 3/);
  });

  it('is refused where a private input stands in no constraint', () => {
    expect(() => proveDeterminism(systemOf(shape, ...rows))).toThrow(
      /private input 1 stands in no constraint/,
    );
  });

  it('is judged where all private inputs are held, and public ones that nothing holds', () => {
    expect(proveDeterminism(systemOf({ ...shape, privateInputs: 1 }, ...rows)).unproved).toEqual([3]);
    expect(
      proveDeterminism(systemOf({ ...shape, inputs: 1, privateInputs: 1 }, ...rowsOn(3))).unproved,
    ).toEqual([]);
  });

  it('is refused as circom compiles it', async () => {
    const source = await readFile(new URL('broken/salt-without-wire.circom', import.meta.url), 'utf8');
    const { graph } = BROKEN_CIRCUITS['salt-without-wire']!;
    const { r1cs } = await compileSource(source, graph, new Map());
    expect(() => proveDeterminism(new ConstraintSystem(r1cs))).toThrow(refused);
  });
});
