import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TimingReport, Timings } from '../../src/cli/timings.ts';
import { runCli } from './support/run-cli.ts';
import { runHere } from './support/run-here.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'timings-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const namesOf = ({ phases }: TimingReport) => phases.map(({ phase }) => phase);

/** Each figure is rounded to microseconds. */
function expectWhole({ wallMs, cpuMs, phases, workMs }: TimingReport): void {
  const sum = (key: 'wallMs' | 'cpuMs') => phases.reduce((total, one) => total + one[key], 0);
  expect(sum('wallMs')).toBeCloseTo(wallMs, 1);
  expect(sum('cpuMs')).toBeCloseTo(cpuMs, 1);
  const figures = [...phases.flatMap((one) => [one.wallMs, one.cpuMs]), ...Object.values(workMs)];
  expect(Math.min(...figures)).toBeGreaterThanOrEqual(0);
}

describe('a stopwatch', () => {
  it('gives every moment to one phase, and continues a phase that is entered again', () => {
    const timings = new Timings();
    for (const phase of ['read', 'check', 'read']) timings.enter(phase);
    timings.add({ proof: 2 });
    timings.add({ proof: 3, witness: 1 });
    const report = timings.report();
    expect(namesOf(report)).toEqual(['start', 'read', 'check']);
    expect(report.workMs).toEqual({ proof: 5, witness: 1 });
    expectWhole(report);
  });
});

describe('--timings', () => {
  it('names the phases of each command', async () => {
    const [artifact, proofs] = [path.join(root, 'iris'), path.join(root, 'proofs')];
    const rows = 'models/iris-mlp/test.json';
    const timed = async (...words: string[]) => {
      const { code, stdout, stderr } = await runCli([...words, '--timings', '--json']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { timings } = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as {
        timings: TimingReport;
      };
      expectWhole(timings);
      return timings;
    };
    const begin = ['start', 'paths', 'imports'];
    expect(namesOf(await timed('inspect', 'models/iris-mlp/model.onnx'))).toEqual([...begin, 'inspect']);
    const compiled = await timed('compile', 'models/iris-mlp', '--calibration', rows, '--out', artifact);
    expect(namesOf(compiled).slice(3)).toContain('compiling the circuit with circom');
    const setup = await timed('setup', artifact, '--dev');
    expect(namesOf(setup)).toEqual([...begin, 'read', 'key', 'points', 'trial', 'write']);
    const prove = await timed('prove', artifact, '--inputs', rows, '--rows', '0-1', '--out', proofs);
    const batch = ['artifact', 'encode', 'folder', 'key', 'proofs', 'end'];
    expect(namesOf(prove)).toEqual([...begin, 'rows', ...batch]);
    expect(Object.keys(prove.workMs)).toEqual(['witness', 'prove', 'record']);
    const verify = await timed('verify', proofs, '--model', artifact);
    expect(namesOf(verify)).toEqual([...begin, 'expected', 'read', 'check', 'result']);
  });

  it('prints a table after the result', async () => {
    const { stdout, stderr } = await runHere(['inspect', 'models/iris-mlp/model.onnx', '--timings']);
    expect(stdout).not.toContain('wall ms');
    expect(stderr).toMatch(/phase +wall ms +CPU ms\n {2}start +[\d.]+ +[\d.]+\n(.+\n)* {2}total/);
  });
});
