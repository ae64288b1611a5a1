import { describe, expect, it } from 'vitest';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { exactly, toDouble } from '../../src/graph/functions/double-double.ts';
import { erf, sigmoid, tanh } from '../../src/graph/functions/error-function.ts';
import { exp, log, softplusOf } from '../../src/graph/functions/exponential.ts';
import { cos, sin } from '../../src/graph/functions/trigonometric.ts';
import * as reference from './functions-reference.ts';

const { fixed, isNearest, ONE_FIXED: ONE, over } = reference;
const random = pseudoRandom(5);

/** Numbers of many magnitudes and both signs, and all multiples of 1/16 up to a limit. */
function samples(limit: number): number[] {
  const grid = Array.from({ length: 32 * limit + 1 }, (_, i) => (i - 16 * limit) / 16);
  const drawn = Array.from(
    { length: 300 },
    () => (2 * random() - 1) * limit * 2 ** -Math.floor(20 * random()),
  );
  return [...grid, ...drawn];
}

const wrong = (own: (x: number) => number, exact: (x: number) => reference.Fixed, xs: readonly number[]) =>
  xs.filter((x) => !isNearest(own(x), exact(x)));

const softplus = (x: number) => toDouble(softplusOf(exactly(x)));
const exactSigmoid = (x: number) => over(ONE, ONE + reference.exp(fixed(-x)));
const exactTanh = (x: number) => {
  const e = reference.exp(fixed(2 * x));
  return over(e - ONE, e + ONE);
};

describe('our own functions give the double nearest to', () => {
  it('e^x', () => {
    expect(wrong(exp, (x) => reference.exp(fixed(x)), samples(16))).toEqual([]);
  });

  it('log x', () => {
    const xs = samples(16).filter((x) => x > 0);
    expect(wrong(log, (x) => reference.log(fixed(x), Math.log(x)), xs)).toEqual([]);
  });

  it('tanh x and 1 / (1 + e^−x)', () => {
    expect(wrong(tanh, exactTanh, samples(16))).toEqual([]);
    expect(wrong(sigmoid, exactSigmoid, samples(16))).toEqual([]);
  });

  it('sin x and cos x', () => {
    const xs = [...samples(16), 2 ** 20, -1e6, 103993 / 33102, 710];
    expect(wrong(sin, (x) => reference.sin(fixed(x)), xs)).toEqual([]);
    expect(wrong(cos, (x) => reference.cos(fixed(x)), xs)).toEqual([]);
  });

  it('erf x', () => {
    expect(wrong(erf, (x) => reference.erf(fixed(x)), samples(5))).toEqual([]);
  });

  it('nothing else: the neighbours of a result are not the nearest', () => {
    const next = (x: number) => exp(x) * (1 + 2 ** -52);
    expect(wrong(next, (x) => reference.exp(fixed(x)), [-3, 0.5, 7])).toEqual([-3, 0.5, 7]);
  });

  it('log(1 + e^x)', () => {
    const exact = (x: number) => {
      const e = reference.exp(fixed(x));
      return reference.log(ONE + e, Math.log1p(Math.exp(x)));
    };
    expect(wrong(softplus, exact, samples(8))).toEqual([]);
  });
});

describe('at their ends', () => {
  it('the functions have their limits', () => {
    expect([exp(710), exp(-746), exp(0), exp(-Infinity)]).toEqual([Infinity, 0, 1, 0]);
    expect([log(0), log(1), log(-1), log(Infinity)]).toEqual([-Infinity, 0, Number.NaN, Infinity]);
    expect([tanh(20), tanh(-400), tanh(0)]).toEqual([1, -1, 0]);
    expect([sigmoid(800), sigmoid(-800), sigmoid(0)]).toEqual([1, 0, 0.5]);
    expect([erf(6), erf(-30), erf(0)]).toEqual([1, -1, 0]);
    expect([softplus(800), softplus(-800)]).toEqual([800, 0]);
    // Subnormal numbers.
    expect(log(5e-324)).toBe(-744.4400719213812);
    expect(exp(-745)).toBe(5e-324);
  });
});
