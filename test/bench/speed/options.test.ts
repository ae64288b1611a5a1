import { describe, expect, it } from 'vitest';
import { CASES, chooseCases } from '../../../bench/speed/cases.ts';
import { parseOptions } from '../../../bench/speed/options.ts';

describe('parseOptions', () => {
  it('has the defaults of a full run', () => {
    expect(parseOptions([])).toMatchObject({ quick: false, runs: 7, makeRuns: 3, batch: 1000, peers: true });
  });

  it('does less when quick, but as many rounds as asked for', () => {
    expect(parseOptions(['--quick'])).toMatchObject({ runs: 3, makeRuns: 1, batch: 200 });
    expect(parseOptions(['--quick', '--runs', '5'])).toMatchObject({ runs: 5, makeRuns: 1 });
  });

  it('refuses what is no number of rounds, and what is no option', () => {
    for (const runs of ['0', '-1', '1.5', 'many']) {
      expect(() => parseOptions([`--runs=${runs}`])).toThrow(RangeError);
    }
    expect(() => parseOptions(['--fast'])).toThrow(TypeError);
    expect(() => parseOptions(['--suite', 'forests'])).toThrow(/one of models, commands, trees, functions/);
  });
});

describe('chooseCases', () => {
  it('takes all, or the small ones when quick', () => {
    expect(chooseCases(parseOptions([]))).toEqual(CASES);
    expect(chooseCases(parseOptions(['--quick'])).map(({ large }) => large)).toEqual([false, false, false]);
  });

  it('takes those that are named, large or not, and no others', () => {
    const options = parseOptions(['--quick', '--only', 'mnist-lenet-relu-avg,mnist-mlp-digest']);
    expect(chooseCases(options).map(({ name, input }) => [name, input])).toEqual([
      ['mnist-lenet-relu-avg', 'public'],
      ['mnist-mlp-digest', 'digest'],
    ]);
    expect(() => chooseCases(parseOptions(['--only', 'lenet']))).toThrow(/--only lenet: one of credit-/);
  });
});
