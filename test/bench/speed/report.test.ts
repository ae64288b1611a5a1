import { describe, expect, it } from 'vitest';
import { relevantFlags } from '../../../bench/speed/machine.ts';
import type { CaseResult } from '../../../bench/speed/measure-case.ts';
import { type BenchResult, reportText } from '../../../bench/speed/report.ts';
import { megabytes, significant, spread, table } from '../../../bench/speed/table.ts';

const prover = (name: string, ...proveMs: number[]) => ({
  name,
  ready: {},
  samples: proveMs.map((ms) => ({ proveMs: ms, witnessMs: 1, rowMs: ms + 1 })),
  life: { peakRssBytes: 50e6 },
});
const pool = (workers: number, peakMB: number, ...rates: number[]) => ({
  name: `native × ${workers}`,
  backend: 'native',
  workers,
  ready: {},
  samples: rates.map((proofsPerSecond) => ({ proofsPerSecond })),
  life: { peakRssBytes: peakMB * 1e6 },
});
const CASE: CaseResult = {
  name: 'mnist-mlp',
  input: 'public',
  circuit: { constraints: 3189, publicSignals: 786, domainPower: 12, wires: 3838, bits: '8/8/8' },
  sizes: { zkeyBytes: 1973896, r1csBytes: 4e6, verificationKeyBytes: 155812, bundleBytes: 4000 },
  keys: [],
  provers: [
    { ...prover('EZKL, all cores', 7500), ready: { version: '23.0.5' } },
    prover('snarkjs, all cores', 95, 99, 103),
    prover('native, one thread', 15, 9, 12),
  ],
  pools: [pool(1, 100, 80, 90, 100), pool(2, 130, 160, 175, 180)],
  verifiers: [{ name: 'quietproof', ready: {}, samples: [{ verifyMs: 20, batchSeconds: 7 }], life: {} }],
  batch: 1000,
  leftOut: [{ name: 'rapidsnark, whole process', why: 'prover ended with 1' }],
};
const RESULT: BenchResult = {
  machine: { processor: 'Some CPU', cores: 2, flags: ['adx'], memoryGB: 16, system: 'Linux', load: 0.25 },
  versions: { node: '20.1.0' },
  command: 'npm run bench -- --quick',
  seconds: 170.4,
  runs: 3,
  backends: ['native', 'snarkjs'],
  cases: [CASE],
  leftOut: [{ name: 'EZKL', why: 'absent' }],
};

describe('reportText', () => {
  const text = reportText(RESULT);
  const line = (start: string) => text.split('\n').find((one) => one.startsWith(start));

  it('starts with the ratios to our first backend', () => {
    expect(text.indexOf('How many times longer')).toBeLessThan(text.indexOf('### One proof'));
    expect(line('| EZKL, all cores')).toBe('| EZKL, all cores | 625 |');
    // 99 / 12; within one round 95 / 15 at least and 99 / 9 at most.
    expect(line('| snarkjs, all cores |')).toBe('| snarkjs, all cores | 8.25 (6.33–11.0) |');
    expect(line('| snarkjs, all cores; both with the witness')).toContain('| 7.69 (6.00–10.0) |');
    expect(text).not.toMatch(/^\| native, one thread/m);
  });

  it('shows how pools scale, and the memory of each further worker', () => {
    expect(line('| native × 2')).toBe('| native × 2 | 0.972 (0.900–1.00) |');
    expect(line('| mnist-mlp | native × 2')).toBe('| mnist-mlp | native × 2 | 175 (160–180) | 130 | 30.0 |');
    expect(line('| mnist-mlp | native × 1')).toMatch(/\| 100 \| – \|$/);
  });

  it('gives machine, versions, command, and what was left out', () => {
    expect(text).toContain('Some CPU, 2 cores with adx, 16 GB');
    expect(text).toContain('node 20.1.0, EZKL 23.0.5. `npm run bench -- --quick` took 170 s.');
    expect(text).toContain('- left out: EZKL (absent)');
    expect(text).toContain('- left out: mnist-mlp: rapidsnark, whole process (prover ended with 1)');
  });

  it('shows a dash if nothing was measured', () => {
    expect(line('| mnist-mlp | – |')).toBeDefined(); // no compile times of an earlier run's artifact
  });
});

describe('table', () => {
  it('aligns numbers to the right', () => {
    expect(table(['a', 'b', 'c'], [['x', 'y', '1']], 2)).toBe(
      '| a | b | c |\n| --- | --- | ---: |\n| x | y | 1 |',
    );
  });

  it('shows three digits at any size', () => {
    const shown = [12345.6, 123.4, 12.345, 1.2345, 0.12345, 0.000123, 0].map(significant);
    expect(shown).toEqual(['12,346', '123', '12.3', '1.23', '0.123', '0.0001', '0']);
    expect(megabytes(1_973_896)).toBe('1.97');
  });

  it('shows no range for a single run', () => {
    expect(spread({ median: 1500, min: 1500, max: 1500, runs: 1 }, 1000)).toBe('1.50');
    expect(spread({ median: 1500, min: 1000, max: 2000, runs: 2 }, 1000)).toBe('1.50 (1.00–2.00)');
    expect(spread(undefined)).toBe('–');
  });
});

describe('relevantFlags', () => {
  it('finds the flags that determine the arithmetic, as whole words only', () => {
    expect(
      relevantFlags('model name\t: x\nflags\t\t: fpu adx avx512ifma52 bmi2 avx2\nbugs\t: adx\n'),
    ).toEqual(['bmi2', 'adx', 'avx2']);
    expect(relevantFlags('')).toEqual([]);
  });
});
