import { describe, expect, it } from 'vitest';
import { BigForm, SmallForm } from '../../src/check/linear-form.ts';
import { RowMatcher } from '../../src/check/row-matcher.ts';
import { SCALAR_FIELD } from '../../src/field/bn254.ts';
import { systemOf } from './constraints-of.ts';

const form = (terms: Readonly<Record<number, number>>) => {
  const made = new SmallForm(6);
  for (const [wire, value] of Object.entries(terms)) made.add(Number(wire), value);
  return made;
};

describe('finding a linear row', () => {
  const system = systemOf({ wires: 6 }, [{}, {}, { 0: 3, 1: -2, 2: 1 }]);
  const finds = (terms: Readonly<Record<number, number>>) => new RowMatcher(system).linear(form(terms));

  it('takes the row and its multiples, in any order', () => {
    expect(finds({ 2: 1, 0: 3, 1: -2 })).toBe(true);
    expect(finds({ 0: -3, 1: 2, 2: -1 })).toBe(true);
    expect(finds({ 0: 6, 1: -4, 2: 2 })).toBe(true);
  });

  it('refuses a different coefficient, a further wire and a missing wire', () => {
    expect(finds({ 0: 3, 1: -2, 2: 2 })).toBe(false);
    expect(finds({ 0: 3, 1: 2, 2: 1 })).toBe(false);
    expect(finds({ 0: 3, 1: -2, 2: 1, 3: 1 })).toBe(false);
    expect(finds({ 0: 3, 1: -2 })).toBe(false);
  });

  it('takes a row once', () => {
    const matcher = new RowMatcher(system);
    expect([1, 2].map(() => matcher.linear(form({ 0: 3, 1: -2, 2: 1 })))).toEqual([true, false]);
  });

  it('refuses coefficients that doubles had to round', () => {
    const large = systemOf({ wires: 6 }, [{}, {}, { 1: 2n ** 53n, 2: 1 }]);
    const rounded = form({ 1: 2 ** 53 - 1, 2: 1 }).add(1, 2);
    expect(new RowMatcher(large).linear(rounded)).toBe(false);
    expect(new RowMatcher(large).linear(new BigForm().add(1, 2n ** 53n).add(2, 1n))).toBe(true);
    expect(new RowMatcher(large).linear(new BigForm().add(1, 2n ** 53n + 1n).add(2, 1n))).toBe(false);
  });
});

describe('finding a product', () => {
  const system = systemOf({ wires: 6 }, [{ 1: 1, 0: -1 }, { 2: 2 }, { 3: 1, 4: 5 }]);
  const finds = (...sides: [object, object, object]) => {
    const [a, b, c] = sides.map((side) => form(side as Record<number, number>));
    return new RowMatcher(system).product(a!, b!, c!);
  };

  it('takes factors in either order, scaled as long as the product fits', () => {
    expect(finds({ 1: 1, 0: -1 }, { 2: 2 }, { 3: 1, 4: 5 })).toBe(true);
    expect(finds({ 2: 2 }, { 1: 1, 0: -1 }, { 3: 1, 4: 5 })).toBe(true);
    expect(finds({ 1: -1, 0: 1 }, { 2: 2 }, { 3: -1, 4: -5 })).toBe(true);
    expect(finds({ 1: 1, 0: -1 }, { 2: 6 }, { 3: 3, 4: 15 })).toBe(true);
  });

  it('refuses a right side with the wrong scale, and a different factor', () => {
    expect(finds({ 1: -1, 0: 1 }, { 2: 2 }, { 3: 1, 4: 5 })).toBe(false);
    expect(finds({ 1: 1, 0: 1 }, { 2: 2 }, { 3: 1, 4: 5 })).toBe(false);
    expect(finds({ 1: 1, 0: -1 }, { 2: 2 }, { 3: 1, 4: 4 })).toBe(false);
  });
});

describe('rows that no gadget needs', () => {
  it('are harmless where they repeat a matched one or say nothing, else unexplained', () => {
    const row = [{}, {}, { 1: 1, 2: -1 }] as const;
    const zero = [{ 1: 1 }, {}, {}] as const;
    const other = [{}, {}, { 1: 1, 2: SCALAR_FIELD - 2n }] as const;
    const matcher = new RowMatcher(systemOf({ wires: 6 }, row, row, zero, other));
    expect(matcher.linear(form({ 1: 1, 2: -1 }))).toBe(true);
    expect(matcher.leftOver()).toEqual({ harmless: [1, 2], unexplained: [3] });
  });
});
