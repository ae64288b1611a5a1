import { describe, expect, it } from 'vitest';
import type { Tabulated } from '../../src/graph/functions/tabulated.ts';
import { tabulatedFacts } from '../../src/graph/functions/tabulated-facts.ts';
import type { Table } from '../../src/integer/integer-graph.ts';
import { piecewiseCost } from '../../src/integer/piecewise.ts';
import { table } from '../../src/integer/table.ts';
import { tableForm } from '../../src/integer/table-form.ts';
import { cheapestTable } from '../../src/quantize/lower/table.ts';
import { argumentOf, tableWindow } from '../../src/quantize/table-window.ts';
import { SAMPLES } from '../graph/activation-samples.ts';
import { Dice } from '../graph/random-graph.ts';

const base = { op: 'table', name: 't', origin: [], first: 1, count: 1, scale: 1 } as const;

/** The table of a function of integers at a scale, which were between two reals on the calibration rows. */
function tabled(
  fn: Tabulated,
  seen: { min: number; max: number },
  scale: number,
  bits: number,
  finerCost = 1,
) {
  const facts = tabulatedFacts(fn);
  const window = tableWindow('t', facts, seen, scale, bits);
  const own = cheapestTable(fn, window, scale, bits, finerCost);
  const node: Table = { ...base, source: Int32Array.of(0), ...window, entries: own.entries };
  return { facts, window, node, outScale: own.scale };
}

/** The result for a real argument. */
function lookUp({ node, outScale }: ReturnType<typeof tabled>, x: number, scale: number): number {
  const values = Float64Array.of(Math.round(x / scale), 0);
  table.execute(node, values);
  return values[1]! * outScale;
}

/** Functions of some reals only, with a range that they are seen in. */
const PARTIAL: [Tabulated, number, number][] = [
  [{ name: 'exp' }, -4, 1],
  [{ name: 'log' }, 0.25, 4],
  [{ name: 'sqrt' }, 0.2, 5],
  [{ name: 'reciprocal' }, 0.5, 3],
  [{ name: 'power', exponent: -2 }, 0.5, 2],
  [{ name: 'power', exponent: 1.5 }, 0.1, 2],
];

/** The largest slope of a function where it is looked up. */
function slopeOf(apply: (x: number) => number, min: number, max: number): number {
  const step = (max - min) / 400;
  let steepest = 0;
  for (let x = min; x < max; x += step)
    steepest = Math.max(steepest, Math.abs(apply(x + step) - apply(x)) / step);
  return steepest;
}

const JUMPS = new Set(['floor', 'ceil', 'round', 'sign', 'thresholded-relu', 'shrink']);

function expectClose(fn: Tabulated, min: number, max: number, bits: number): void {
  const scale = 2 ** -14 * 1.37;
  const own = tabled(fn, { min, max }, scale, bits);
  const { facts, window } = own;
  const { outScale } = tabled(fn, { min, max }, scale, bits, Infinity);
  const step = scale * 2 ** window.shift;
  const slope = slopeOf(facts.apply, min, max);
  const allowed = 1.1 * slope * (step / 2 + scale) + outScale / 2 + 2 ** -(bits + 1) + 1e-9;
  for (let k = 0; k <= 200; k += 1) {
    const x = min + ((max - min) * k) / 200;
    const off = Math.abs(lookUp(own, x, scale) - facts.apply(x));
    if (!(off <= allowed)) expect({ fn, bits, x, off, allowed }).toBeUndefined();
  }
}

describe('a table', () => {
  it('is as close to its function as its steps and those of its values allow', () => {
    const dice = new Dice(3);
    for (let k = 0; k < 60; k += 1) {
      const { of } = SAMPLES.tabulated(dice);
      const bits = dice.int(4, 11);
      if (!JUMPS.has(of.name)) expectClose(of, dice.real(-6, -0.5), dice.real(0.5, 6), bits);
    }
    for (const [fn, min, max] of PARTIAL) for (const bits of [5, 8, 11]) expectClose(fn, min, max, bits);
  });

  it('of a step has the value of one of its sides near the step, and the value elsewhere', () => {
    for (const name of ['floor', 'ceil', 'round', 'sign'] as const) {
      const scale = 1 / 1000;
      const own = tabled({ name }, { min: -3, max: 3 }, scale, 8);
      for (const x of [-2.2, -1.8, -0.3, 0, 0.3, 0.7, 1.2, 2.8]) {
        expect([name, x, lookUp(own, x, scale) + 0]).toEqual([name, x, own.facts.apply(x) + 0]);
      }
    }
  });

  it.each<[Tabulated, string]>([
    [{ name: 'tanh' }, 'mirrored'],
    [{ name: 'sigmoid' }, 'mirrored'],
    [{ name: 'erf' }, 'mirrored'],
    [{ name: 'softsign' }, 'mirrored'],
    [{ name: 'gelu' }, 'mirrored'],
    [{ name: 'gelu-tanh' }, 'mirrored'],
    [{ name: 'swish', alpha: 1 }, 'mirrored'],
    [{ name: 'softplus' }, 'mirrored'],
    [{ name: 'hard-swish' }, 'mirrored'],
    [{ name: 'abs' }, 'mirrored'],
    [{ name: 'mish' }, 'direct'],
    [{ name: 'elu', alpha: 1 }, 'direct'],
    [{ name: 'exp' }, 'direct'],
  ])('of %o is looked up in the cheapest form: %s', (fn, kind) => {
    const { node } = tabled(fn, { min: -3.7, max: 3.1 }, 2 ** -12 * 1.1, 8);
    expect(tableForm(node, -(2 ** 17), 2 ** 17).kind).toBe(kind);
  });

  it('has its end values beyond its window, which the flat part of the function does not widen', () => {
    const near = tabled({ name: 'tanh' }, { min: -4, max: 4 }, 2 ** -10, 8);
    const far = tabled({ name: 'tanh' }, { min: -900, max: 900 }, 2 ** -10, 8);
    expect(far.window).toEqual(near.window);
    expect(Math.abs(lookUp(far, 900, 2 ** -10) - 1)).toBeLessThanOrEqual(2 ** -8);
    expect(lookUp(far, -900, 2 ** -10)).toBe(-lookUp(far, 900, 2 ** -10));
    expect(argumentOf(near.window, 128) * 2 ** -10).toBeLessThan(1 / 16);
  });

  it.each<[Tabulated, number, number]>([
    [{ name: 'log' }, -1, 3],
    [{ name: 'log' }, 0, 3],
    [{ name: 'sqrt' }, -0.1, 3],
    [{ name: 'power', exponent: 0.3 }, -2, 1],
    [{ name: 'reciprocal' }, 0, 1],
  ])('is refused where a calibration row has no value: %o from %d to %d', (fn, min, max) => {
    expect(() => tabled(fn, { min, max }, 2 ** -10, 8)).toThrow(
      expect.objectContaining({ code: 'QP3025', message: expect.stringContaining('layer "t"') }),
    );
  });
});

describe('a table of many bits', () => {
  it.each<[Tabulated, { min: number; max: number }, readonly number[]]>([
    [{ name: 'tanh' }, { min: -6, max: 6 }, [9, 25, 104]],
    [{ name: 'gelu' }, { min: -5, max: 5 }, [9, 21]],
    [{ name: 'exp' }, { min: -20, max: 0 }, [14, 30]],
    [{ name: 'mish' }, { min: -4, max: 4 }, [13, 27]],
  ])('has segments that are within half a step of %o', (fn, seen, costs) => {
    const scale = 2 ** -26 * 1.37;
    const found = [8, 12, 16].slice(0, costs.length).map((bits) => {
      const rounded = tabled(fn, seen, scale, bits, Infinity);
      const own = tabled(fn, seen, scale, bits);
      own.node.entries.forEach((entry, index) => {
        const real = own.facts.apply(argumentOf(own.window, index) * scale);
        const off = Math.abs(entry * own.outScale - real);
        // The last digits of doubles aside.
        if (!(off <= rounded.outScale * 0.5000001)) expect({ fn, bits, index, off }).toBeUndefined();
      });
      const form = tableForm(own.node, -(2 ** 30), 2 ** 30);
      if (form.kind === 'constant') throw new Error('the table varies');
      return piecewiseCost(form.values) + Math.log2(rounded.outScale / own.outScale);
    });
    expect(found).toEqual(costs);
  });

  it('is whole where the function jumps within segments', () => {
    const { node } = tabled({ name: 'floor' }, { min: -3.3, max: 3.3 }, 2 ** -14 * 1.37, 13);
    const form = tableForm(node, -(2 ** 17), 2 ** 17);
    expect(node.entries.length).toBe(2 ** 13);
    expect(form.kind === 'constant' || piecewiseCost(form.values)).toBe(195);
  });
});
